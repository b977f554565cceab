using System.Runtime.CompilerServices;
using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats;

namespace VteWats.Core.Sync;

/// <summary>
/// The runs that were sent under another mapping and come out different now. Its progress is in the ledger itself: what is sent, and what
/// comes out the same, has the fingerprint of today's mapping there, and is not looked at again.
/// </summary>
internal sealed class RemappedPosition : SyncPosition
{
    private const int LookedAtOnce = 400;

    private readonly SyncServices _services;
    private readonly SyncLease? _lease;
    private readonly Ledger _ledger;
    private readonly Mappings _mappings;
    private readonly WatermarkStore _watermark;
    private readonly Checkpoint _checkpoint;
    private readonly ReportMapper _now;
    private readonly Dictionary<long, ReportMapper?> _then = [];
    private long _different, _alike;
    private DateTime? _to;

    public RemappedPosition(SyncServices services, SyncLease? lease)
    {
        _services = services;
        _lease = lease;
        var database = new StateDatabase(services.StateFolder);
        _ledger = new Ledger(database, services.Site.Name);
        _mappings = new Mappings(database, services.Site.Name);
        _watermark = new WatermarkStore(services.StateFolder, services.Site.Name, services.Time, lease);
        _checkpoint = services.Checkpoint(_watermark.Load(), DateTimeOffset.UnixEpoch).ForBackfill();
        _now = new ReportMapper(services.Site.Mapping, services.Site.Name, services.Clock);
    }

    public override DateTime? To => _to;
    public override IReadOnlyList<ReadSession> Sessions => _checkpoint.Sessions;

    /// <summary>None: what is read follows from the ledger.</summary>
    public override TestRunQuery? Query => null;

    /// <summary>Runs that come out different now.</summary>
    public long Different => Interlocked.Read(ref _different);

    /// <summary>Runs that come out the same.</summary>
    public long Alike => Interlocked.Read(ref _alike);

    public override async IAsyncEnumerable<VteTestRun> ReadAsync(IVteSource source, [EnumeratorCancellation] CancellationToken ct)
    {
        DateTime? place = null;
        while (_ledger.SentUnderOther(_checkpoint.Mapping, place, LookedAtOnce) is { Count: > 0 } entries)
        {
            place = entries.Values.Max(entry => entry.Timestamp);
            var alike = new List<LedgerEntry>();
            var moved = new HashSet<(DateTime, string?)>();
            var query = new TestRunQuery
            {
                Ids = [.. entries.Keys], Checkpoint = _checkpoint, Resend = true, OnUnreadable = OnUnreadable,
            };
            await foreach (var run in source.ReadAsync(query, ct).ConfigureAwait(false))
            {
                _to = run.Timestamp;
                var unit = (run.Timestamp, run.Unit.SerialNumber?.Trim().ToUpperInvariant());
                // Twins go together: a later one follows an earlier one that is sent.
                var follows = run.DuplicateIndex > 0 && moved.Contains(unit);
                if (!follows && ComesOutTheSame(run, entries[run.Id]))
                {
                    Interlocked.Increment(ref _alike);
                    run.Mark?.Acknowledge(RunOutcome.Known);
                    alike.Add(entries[run.Id]);
                    continue;
                }
                Interlocked.Increment(ref _different);
                moved.Add(unit);
                yield return run;
            }
            await NoteAsync(alike, ct).ConfigureAwait(false);
        }
    }

    protected override void Keep()
    {
        foreach (var session in Sessions) _watermark.Advance(session, _services.Target);
    }

    // A run whose content has changed since, and one that nobody knows the old mapping of, are sent.
    private bool ComesOutTheSame(VteTestRun run, LedgerEntry entry) =>
        entry.ContentHash.AsSpan().SequenceEqual(Ids.Hash(run.ContentHash))
        && Then(entry.Mapping) is { } then && Map(then, run) is { } before && Map(_now, run) is { } after
        && ReportSameness.AreSame(before, after);

    private ReportMapper? Then(long fingerprint)
    {
        if (_then.TryGetValue(fingerprint, out var mapper)) return mapper;
        try
        {
            mapper = _mappings.Find(fingerprint) is { } options ? new ReportMapper(options, _services.Site.Name, _services.Clock) : null;
        }
        catch (VteWatsException)
        {
            // An older release allowed what this one does not.
            mapper = null;
        }
        return _then[fingerprint] = mapper;
    }

    private static WatsReport? Map(ReportMapper mapper, VteTestRun run)
    {
        try { return mapper.Map(run); }
        // Whoever sends it finds out why, and tells.
        catch (Exception e) when (e is not OperationCanceledException) { return null; }
    }

    // In a dry run nothing is written.
    private async Task NoteAsync(List<LedgerEntry> alike, CancellationToken ct)
    {
        if (_lease is null || alike.Count == 0) return;
        if (DatabaseLease is { } held) await held.EnsureHeldAsync(ct).ConfigureAwait(false);
        _ledger.NoteMapping(_lease, alike, _checkpoint.Mapping);
    }
}
