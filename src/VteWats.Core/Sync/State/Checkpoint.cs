using System.Collections.Concurrent;
using VteWats.Core.Diagnostics;
using VteWats.Core.Time;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;

namespace VteWats.Core.Sync.State;

/// <summary>
/// What is known of a site when it is read: the position, the guard band behind it, and the ledger. It tells of every run whether it is
/// new, known,
/// changed, or to be held.
/// </summary>
public sealed class Checkpoint : IReadCheckpoint
{
    private readonly CheckpointOptions _options;
    private readonly Ledger _ledger;
    private readonly Holds _holds;
    private readonly List<ReadSession> _sessions = [];
    private IReadOnlyDictionary<Guid, LedgerEntry> _known = new Dictionary<Guid, LedgerEntry>();
    private IReadOnlyDictionary<Guid, string> _held = new Dictionary<Guid, string>();
    private IReadOnlyDictionary<Guid, (byte[] Hash, int Place)> _putAside = new Dictionary<Guid, (byte[], int)>();
    // What the ledger had of a run when it was read, until the run is acknowledged.
    private readonly ConcurrentDictionary<Guid, byte[]> _read = new();
    private static readonly byte[] Disputed = [0];
    internal const string PutAside = "A person put it aside as a dead letter.";
    private DateTimeOffset _sourceNow = DateTimeOffset.MaxValue;
    private bool _isBackfill;
    private bool _isInDoubt;

    // Shared by all parts of one reading. A run counts as done in each of them when the part that brought it has it acknowledged.
    private Dictionary<Guid, ReadMark?> _inHand = [];

    // Shared as well: what is done once everything that this reading brought is kept.
    private WhenWhole _whenWhole = new();

    /// <param name="stateFolder">The state folder.</param>
    /// <param name="site">Name of the site.</param>
    /// <param name="watermark">The watermark as it is; null before the first sync.</param>
    /// <param name="options">What else it is made from.</param>
    /// <exception cref="VteWatsException"><c>WatermarkMissing</c>: neither a position nor a start. <c>StateForeign</c>: it counts for
    /// another site or WATS server.</exception>
    public Checkpoint(string stateFolder, string site, Watermark? watermark, CheckpointOptions options)
    {
        Site = site;
        StateFolder = stateFolder;
        Watermark = watermark;
        _options = options;
        var database = new StateDatabase(stateFolder);
        _ledger = new Ledger(database, site);
        _holds = new Holds(database, site);
        Target = options.Target is null ? null : Watermark.TargetOf(options.Target);
        if (watermark is not null && !string.Equals(watermark.Site, site, StringComparison.OrdinalIgnoreCase))
            throw Foreign($"belongs to the site '{watermark.Site}'", $"the site '{site}'");
        if (watermark?.Position is not null && Target is not null && !watermark.CountsForTarget(Target))
            throw Foreign($"counts for the WATS server {watermark.Target}", Target);
        ReadFrom = watermark?.Position is { } position
            ? options.Clock.AtSite(BandStart(position))
            : options.InitialSince ?? throw new VteWatsException(
                ErrorKind.WatermarkMissing, $"The site '{site}' has no watermark yet, and nothing says where its first sync begins.",
                "Give -InitialSince, or set initialSince of the site in the configuration. The whole history is never sent by accident: "
                + "name "
                + "its first day if you want it.", site);
        DoubtFrom = watermark?.DoubtFrom;
        DoubtBy = watermark?.DoubtBy;
    }

    public string Site { get; }

    /// <summary>State folder of the watermark, where the dead letters of its runs belong, too.</summary>
    public string StateFolder { get; }

    public Watermark? Watermark { get; }

    /// <summary>Base URL of the WATS server in the form that is compared.</summary>
    public string? Target { get; }

    /// <inheritdoc/>
    public DateTimeOffset ReadFrom { get; private set; }

    /// <inheritdoc/>
    public bool Moves { get; private init; } = true;

    /// <summary>The fingerprint of the mapping.</summary>
    public long Mapping => _options.Mapping;

    /// <summary>Where the site begins: the census never looks before it.</summary>
    public DateTimeOffset BeginsAt => Watermark?.BeginsAt is { } begin && begin < ReadFrom ? begin : ReadFrom;

    /// <summary>The mapping itself as text; null when it is not known.</summary>
    internal string? MappingText => _options.MappingText;

    /// <summary>Set while the database's clock is behind the watermark: from where everything is read again.</summary>
    public DateTimeOffset? DoubtFrom { get; private set; }

    /// <summary>How far the clock was ahead when that was seen first.</summary>
    public TimeSpan? DoubtBy { get; private set; }

    /// <summary>Number of runs of the guard band that are known.</summary>
    public int KnownRuns => Watermark?.Position is { } position
        ? _ledger.Between(OldestLocal(position), position.Timestamp.AddTicks(1)).Values.Count(entry => !MustAsk(entry))
        : 0;

    /// <summary>The read sessions that began at it.</summary>
    internal IReadOnlyList<ReadSession> Sessions
    {
        get { lock (_sessions) return [.. _sessions]; }
    }

    internal Ledger Ledger => _ledger;

    internal SiteClock Clock => _options.Clock;

    /// <summary>The same knowledge for reading single runs, which moves no watermark.</summary>
    internal Checkpoint ForRuns() => new(StateFolder, Site, Watermark, _options with { InitialSince = ReadFrom })
    {
        Moves = false, ReadFrom = ReadFrom, _inHand = _inHand, _whenWhole = _whenWhole,
    };

    /// <summary>The same knowledge for a backfill: what was sent before is asked about again, and nothing is late.</summary>
    internal Checkpoint ForBackfill() => new(StateFolder, Site, Watermark, _options with { InitialSince = ReadFrom })
    {
        Moves = false, ReadFrom = ReadFrom, _isBackfill = true,
    };

    /// <summary>The run was brought by another part of the same reading, and is on its way.</summary>
    internal void TakeInHand(VteTestRun run) => _inHand[run.Id] = run.Mark;

    internal bool IsInHand(Guid id) => _inHand.ContainsKey(id);

    /// <inheritdoc/>
    public void EnsureFits(string site, string sourceIdentity, DateTimeOffset sourceNow)
    {
        // Two sites may share a database, and each has its own place in it.
        if (!string.Equals(Site, site, StringComparison.OrdinalIgnoreCase))
            throw Foreign($"belongs to the site '{Site}'", $"the site '{site}'");
        _sourceNow = sourceNow;
        if (Watermark?.Position is not { } position) return;
        if (!Watermark.CountsFor(sourceIdentity)) throw Foreign($"counts for the database {Watermark.Source}", sourceIdentity);
        // In the hours of a clock change one of the two is ahead by right.
        if (position.Instant > sourceNow && position.Timestamp > _options.Clock.ToLocal(sourceNow))
        {
            // The clock was ahead when those runs were written, and is right now: what comes from here on lies behind the watermark,
            // however far.
            DoubtFrom = DoubtFrom < sourceNow ? DoubtFrom : sourceNow;
            DoubtBy ??= position.Instant - sourceNow;
        }
        if (DoubtFrom is not { } doubt) return;
        _isInDoubt = true;
        var from = _options.Clock.AtSite(BandStart(new WatermarkPosition(_options.Clock.ToLocal(doubt), Guid.Empty, doubt)));
        if (from < ReadFrom) ReadFrom = from;
        // The clock has passed the watermark: this reading is the last that begins so far back.
        if (position.Instant <= sourceNow) (DoubtFrom, DoubtBy) = (null, null);
    }

    /// <inheritdoc/>
    public void Began(ReadSession session)
    {
        lock (_sessions) _sessions.Add(session);
        _whenWhole.Add(session);
    }

    /// <summary>The census was made at this instant; that counts once everything that was read is acknowledged and kept.</summary>
    internal void CensusMade(string timer, DateTimeOffset at) => _whenWhole.Add(timer, at);

    /// <summary>
    /// To be called when a pipeline of cmdlets has ended and kept what it acknowledged: where nothing is left over, the census that it made
    /// need not be made again for a while.
    /// </summary>
    public void Ended(SyncLease? lease) => _whenWhole.Keep(new Timers(new StateDatabase(StateFolder), Site), lease);

    /// <inheritdoc/>
    public void LookUp(IReadOnlyCollection<VteTestRun> page)
    {
        var ids = page.Select(run => run.Id).ToList();
        _known = _ledger.Find(ids);
        _held = _holds.Find(ids);
        _putAside = _holds.FindPutAside(ids);
    }

    /// <inheritdoc/>
    public RunClassification Classify(VteTestRun run)
    {
        var known = Compare(run);
        if (known.Change != RunChange.Known) _read[run.Id] = _known.GetValueOrDefault(run.Id)?.ContentHash ?? [];
        // What is held is read by more than one part of a reading, and is looked at once.
        if (known.Change == RunChange.Held) TakeInHand(run);
        return known;
    }

    private RunClassification Compare(VteTestRun run)
    {
        if (Moves && _inHand.TryGetValue(run.Id, out var mark)) return new RunClassification(RunChange.Known, Follows: mark);
        if (_held.TryGetValue(run.Id, out var reason)) return new RunClassification(RunChange.Held, Reason: reason);
        // In every path: a backfill, -Force, a watermark that was reset. A content that changes since was not decided about.
        if (_putAside.TryGetValue(run.Id, out var aside) && aside.Hash.AsSpan().SequenceEqual(Ids.Hash(HashAt(aside.Place, run))))
            return new RunClassification(RunChange.Held, Reason: PutAside);
        if (_options.Unfinished(run) is not { } why) return Known(run);
        return _sourceNow - run.Start < _options.UnfinishedFor ? new RunClassification(RunChange.Held, Reason: why)
            : Known(run) with { Reason = why };
    }

    // A twin that comes or goes changes a run's place among its twins, which is in the hash, and nothing of what was decided about.
    private static string? HashAt(int place, VteTestRun run) => run.Steps is null || run.DuplicateIndex == place ? run.ContentHash
        : ContentHash.From(run with { DuplicateIndex = place });

    private RunClassification Known(VteTestRun run)
    {
        var lateness = !_isBackfill && !_isInDoubt && Watermark?.Position is { } position && run.Timestamp < position.Timestamp
            ? position.Timestamp - run.Timestamp
            : TimeSpan.Zero;
        var asNew = new RunClassification(lateness > TimeSpan.Zero ? RunChange.Late : RunChange.New, Lateness: lateness);
        if (!_known.TryGetValue(run.Id, out var known)) return asNew with { Resend = run.DuplicateIndex > 0 };
        switch (known.State)
        {
            // A sync may have sent it that was cut off before it could keep that, or it may have changed while it was held or out of VTE:
            // "already in
            // WATS" is no reason to skip it.
            case LedgerState.Posting or LedgerState.Held or LedgerState.Gone: return asNew with { Resend = true };
            // Nobody has read it in full: it was ahead of the clock, or could not be read. Now it can.
            case LedgerState.Letter when known.ContentHash.Length == 0: return asNew with { Resend = true };
        }
        if (known.ContentHash.Length > 0 && !known.ContentHash.AsSpan().SequenceEqual(Ids.Hash(run.ContentHash)))
            return new RunClassification(RunChange.Changed, Resend: true);
        // A person put it aside: asking WATS about it again would send it.
        if (known is { State: LedgerState.Letter, Reason: not null }) return new RunClassification(RunChange.Known);
        return MustAsk(known) || _isBackfill ? asNew : new RunClassification(RunChange.Known);
    }

    /// <summary>
    /// These rows are about to become posts of this reading. Where somebody else has sent another content since the run was read, a
    /// backfill beside the
    /// live sync, say, the row that tells so is written over now: it is remembered here.
    /// </summary>
    internal void Posting(IEnumerable<LedgerEntry> there)
    {
        foreach (var entry in there)
        {
            if (entry.State != LedgerState.Posting && _read.TryGetValue(entry.RunId, out var hash)
                && !entry.ContentHash.AsSpan().SequenceEqual(hash))
                _read[entry.RunId] = Disputed;
        }
    }

    /// <summary>
    /// True when the run may be in WATS with another content than the one that was acknowledged. In doubt it is read and sent again.
    /// </summary>
    internal bool IsDisputed(LedgerEntry there, LedgerEntry mine)
    {
        if (!_read.TryGetValue(mine.RunId, out var hash)) return false;
        if (ReferenceEquals(hash, Disputed)) return true;
        return there.State != LedgerState.Posting && !there.ContentHash.AsSpan().SequenceEqual(mine.ContentHash)
            && !there.ContentHash.AsSpan().SequenceEqual(hash);
    }

    /// <summary>What became of these runs is in the ledger: how it stood when they were read is of no use any more.</summary>
    internal void Kept(IEnumerable<SeenRun> runs)
    {
        foreach (var seen in runs) _read.TryRemove(seen.Run!.Id, out _);
    }

    /// <summary>The row of a run that was acknowledged.</summary>
    internal LedgerEntry EntryOf(SeenRun seen, DateTimeOffset now) => Ledger.EntryOf(
        seen.Run!,
        seen.Outcome switch
        {
            RunOutcome.Sent => LedgerState.Sent,
            RunOutcome.Letter => LedgerState.Letter,
            RunOutcome.Held when seen.Reason == PutAside => LedgerState.Letter,
            RunOutcome.Held => LedgerState.Held,
            _ => LedgerState.Confirmed,
        },
        // What was found in WATS was made by nobody knows which mapping.
        seen.Outcome is RunOutcome.InWats ? 0 : _options.Mapping, now, attempts: seen.Outcome == RunOutcome.Sent ? 1 : 0, seen.Reason) with
    { StepCount = seen.StepCount };

    /// <summary>True when the reading that began with it left out runs behind <paramref name="position"/>, which would be passed for
    /// good.</summary>
    internal bool LeavesOut(WatermarkPosition? position) =>
        position is null ? Watermark?.Position is not null : position.Timestamp < _options.Clock.SmallestLocalFrom(ReadFrom);

    /// <summary>Rows below this local time are not read again from <paramref name="position"/> on.</summary>
    private DateTime OldestLocal(WatermarkPosition position) => _options.Clock.SmallestLocalFrom(BandStart(position));

    // Acknowledged before somebody changed the watermark by hand, and behind the place it was set to.
    private bool MustAsk(LedgerEntry entry) =>
        entry.At <= Watermark?.AskedAt && (Watermark.AskAfter is not { } after || entry.Timestamp > after);

    // A run may carry a local time that never occurs: its instant is then ahead of its neighbours', and the band must reach back over them
    // all the same.
    private DateTimeOffset BandStart(WatermarkPosition position)
    {
        var start = position.Instant - _options.GuardBand;
        var oldest = position.Timestamp - _options.GuardBand;
        while (_options.Clock.SmallestLocalFrom(start) > oldest) start -= TimeSpan.FromMinutes(15);
        return start;
    }

    private VteWatsException Foreign(string belongs, string asked) => new(
        ErrorKind.StateForeign, $"The watermark of '{Site}' {belongs}, not for {asked}.",
        $"Use the state folder that belongs to it. If the database or the server was moved and holds the same data, say so with "
        + $"Set-VteWatermark -Site {Site} -Timestamp ... -Reason ...; Reset-VteWatermark -Site {Site} starts over.", Site);
}
