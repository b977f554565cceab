using VteWats.Core.Diagnostics;
using VteWats.Core.Time;
using VteWats.Core.Vte;

namespace VteWats.Core.Sync.State;

/// <summary>
/// The stretch behind a watermark that every reading reads again, and what is known of it: runs that come late are found there, and
/// runs that changed after they were sent.
/// </summary>
public sealed class GuardBand : IReadCheckpoint
{
    // A clock may be set wrong by minutes without harm; a state that is ahead by more belongs to another time or another database.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(10);

    private readonly SiteClock _clock;
    private readonly TimeSpan _length;
    private readonly Dictionary<Guid, KnownRun> _known;
    private long _fresh;

    /// <param name="site">Name of the site.</param>
    /// <param name="watermark">The watermark as it is; null before the first sync.</param>
    /// <param name="initialSince">Where to begin without a position.</param>
    /// <param name="clock">The site's clock.</param>
    /// <param name="length">How far behind the watermark to read again.</param>
    /// <param name="target">Base URL of the WATS server that the runs go to; null when it is not known yet.</param>
    /// <param name="inDoubt">Runs that may have been sent since the watermark was saved last; 0 where no run is in doubt.</param>
    /// <exception cref="VteWatsException"><c>WatermarkMissing</c>: neither a position nor a start. <c>StateForeign</c>: it counts for
    /// another site or WATS server.</exception>
    public GuardBand(string site, Watermark? watermark, DateTimeOffset? initialSince, SiteClock clock, TimeSpan length,
        string? target = null, int inDoubt = 0)
    {
        Site = site;
        Watermark = watermark;
        _clock = clock;
        _length = length;
        Target = target is null ? null : Watermark.TargetOf(target);
        // Whoever sets a watermark by hand vouches for it: what WATS has stays as it is.
        InDoubt = watermark is { History: [.., { Session: null }] } ? 0 : inDoubt;
        if (watermark is not null && !string.Equals(watermark.Site, site, StringComparison.OrdinalIgnoreCase))
            throw Foreign($"belongs to the site '{watermark.Site}'", $"the site '{site}'");
        if (watermark?.Position is not null && Target is not null && !watermark.CountsForTarget(Target))
            throw Foreign($"counts for the WATS server {watermark.Target}", Target);
        ReadFrom = watermark?.Position is { } position ? clock.AtSite(BandStart(position)) : initialSince ?? throw new VteWatsException(
            ErrorKind.WatermarkMissing, $"The site '{site}' has no watermark yet, and nothing says where its first sync begins.",
            "Give -InitialSince, or set initialSince of the site in the configuration. The whole history is never sent by accident: "
            + "name its first day if you want it.", site);
        _known = watermark?.Known.ToDictionary(run => run.Id) ?? [];
    }

    public string Site { get; }
    public Watermark? Watermark { get; }

    /// <summary>Base URL of the WATS server in the form that is compared.</summary>
    public string? Target { get; }

    /// <summary>State folder of the watermark, where the dead letters of its runs belong, too; null when nobody said.</summary>
    public string? StateFolder { get; init; }

    /// <summary>
    /// How many of the first runs that are not known a sync may have sent that was cut off before it could keep that. They may have changed
    /// since, so that
    /// "already in WATS" is no reason to skip them.
    /// </summary>
    public int InDoubt { get; }

    /// <summary>From where to read: the guard band behind the watermark, or the start of the first sync.</summary>
    public DateTimeOffset ReadFrom { get; }

    /// <summary>Number of runs whose content is known.</summary>
    public int KnownRuns => _known.Values.Count(run => !run.Ask);

    /// <summary>The reading that began with it, also when all of its runs were known.</summary>
    internal ReadSession? Session { get; private set; }

    /// <summary>To be called by whoever begins a reading at the watermark, with the source's own clock.</summary>
    /// <exception cref="VteWatsException"><c>StateForeign</c>: another server or database. <c>WatermarkFromFuture</c>: ahead of the
    /// source's clock.</exception>
    public void EnsureFits(string site, string sourceIdentity, DateTimeOffset sourceNow)
    {
        // Two sites may share a database, and each has its own place in it.
        if (!string.Equals(Site, site, StringComparison.OrdinalIgnoreCase))
            throw Foreign($"belongs to the site '{Site}'", $"the site '{site}'");
        if (Watermark?.Position is not { } position) return;
        if (!Watermark.CountsFor(sourceIdentity)) throw Foreign($"counts for the database {Watermark.Source}", sourceIdentity);
        // In the hours of a clock change one of the two is ahead by right.
        if (position.Instant > sourceNow + ClockTolerance && position.Timestamp > _clock.ToLocal(sourceNow) + ClockTolerance)
        {
            throw new VteWatsException(
                ErrorKind.WatermarkFromFuture,
                FormattableString.Invariant(
                $"The watermark of '{Site}' is at {position.Timestamp:yyyy-MM-dd HH:mm:ss.fff} (site time), but the database's clock shows {_clock.ToLocal(sourceNow):yyyy-MM-dd HH:mm:ss.fff}. Nothing would be read until then."),
                $"Check the clock of the database server, and whether the database was restored from a backup. Get-VteWatermark -Site "
                + $"{Site} shows the history; Undo-VteWatermark or Set-VteWatermark -Timestamp goes back. Runs that are read again are "
                + "found in WATS and not sent twice.",
                Site);
        }
    }

    public void Began(ReadSession session) => Session = session;

    public RunClassification Classify(VteTestRun run)
    {
        var lateness = Watermark?.Position is { } position && run.Timestamp < position.Timestamp ? position.Timestamp - run.Timestamp
            : TimeSpan.Zero;
        if (_known.TryGetValue(run.Id, out var known))
        {
            if (known.Hash != run.ContentHash) return new RunClassification(RunChange.Changed, Resend: true);
            if (!known.Ask) return new RunClassification(RunChange.Known);
        }
        var inDoubt = _fresh++ < InDoubt;
        return new RunClassification(lateness > TimeSpan.Zero ? RunChange.Late : RunChange.New, inDoubt, lateness);
    }

    /// <summary>True when the reading that began with it left out runs behind <paramref name="position"/>, which would be passed for
    /// good.</summary>
    internal bool LeavesOut(WatermarkPosition? position) =>
        position is null ? Watermark?.Position is not null : position.Timestamp < _clock.SmallestLocalFrom(ReadFrom);

    /// <summary>Rows below this local time are never read again from <paramref name="position"/> on: their content need not be
    /// known.</summary>
    internal DateTime OldestLocal(WatermarkPosition position) => _clock.SmallestLocalFrom(BandStart(position));

    // A run may carry a local time that never occurs: its instant is then ahead of its neighbours', and the band must reach back over them
    // all the same.
    private DateTimeOffset BandStart(WatermarkPosition position)
    {
        var start = position.Instant - _length;
        var oldest = position.Timestamp - _length;
        while (_clock.SmallestLocalFrom(start) > oldest) start -= TimeSpan.FromMinutes(15);
        return start;
    }

    private VteWatsException Foreign(string belongs, string asked) => new(
        ErrorKind.StateForeign, $"The watermark of '{Site}' {belongs}, not for {asked}.",
        $"Use the state folder that belongs to it. If the database or the server was moved and holds the same data, say so with "
        + $"Set-VteWatermark -Site {Site} -Timestamp ... -Reason ...; "
        + $"Reset-VteWatermark -Site {Site} starts over. The copy before the last change is beside the file as .previous.", Site);
}
