using System.Runtime.CompilerServices;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;

namespace VteWats.Core.Sync;

/// <summary>
/// The runs that a site has to send: what a crash left in doubt, everything from the watermark on, and what the census finds behind it. The
/// sync and the
/// pipeline of cmdlets read through the same one.
/// </summary>
public sealed class SiteReading
{
    private const int IdsAtOnce = 500;

    private readonly IVteSource _source;
    private readonly Checkpoint _checkpoint;
    private readonly SyncOptions _options;
    private readonly TimeProvider _time;
    private readonly List<Checkpoint> _others = [];

    /// <param name="source">The site's database.</param>
    /// <param name="checkpoint">Where it begins, and what is known.</param>
    /// <param name="options">How far back the census looks.</param>
    /// <param name="time">The clock.</param>
    public SiteReading(IVteSource source, Checkpoint checkpoint, SyncOptions options, TimeProvider? time = null)
    {
        _source = source;
        _checkpoint = checkpoint;
        _options = options;
        _time = time ?? TimeProvider.System;
        Census = new Census(source, checkpoint, options, _time);
        Due = new DeadLetterStore(checkpoint.StateFolder, checkpoint.Site, time: _time) { Mapping = checkpoint.Mapping }.Due();
    }

    /// <summary>What was counted and compared behind the guard band.</summary>
    internal Census Census { get; }

    /// <summary>Further conditions on the part from the watermark on, which leave no run out.</summary>
    public TestRunQuery Query { get; init; } = new();

    /// <summary>Every run is sent again, whatever is known of it.</summary>
    public bool Resend { get; init; }

    /// <summary>Runs whose letters are due, to be read anew and sent.</summary>
    private IReadOnlyList<Guid> Due { get; }

    /// <summary>Given by whoever holds the site.</summary>
    internal SyncLease? Lease { get; init; }

    /// <summary>The read session that moves the watermark, once it has begun.</summary>
    public ReadSession? Live => _checkpoint.Sessions.Count > 0 ? _checkpoint.Sessions[^1] : null;

    /// <summary>All read sessions so far.</summary>
    public IReadOnlyList<ReadSession> Sessions
    {
        get { lock (_others) return [.. _others.SelectMany(other => other.Sessions), .. _checkpoint.Sessions]; }
    }

    /// <summary>What became of the runs that were read.</summary>
    public ReadCounts Counts => Sessions.Aggregate(new ReadCounts(), (sum, session) => sum.And(session.Counts));

    /// <summary>The runs that have to be sent, each with its mark.</summary>
    public async IAsyncEnumerable<VteTestRun> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        // Before anything else: a newer run of the same unit must not come first.
        var doubtful = _checkpoint.Ledger.InState(LedgerState.Posting, DateTimeOffset.MaxValue, int.MaxValue);
        // What a backfill has under way is in no doubt: should it end badly, the next sync finds it.
        if (doubtful.Count > 0 && SyncLease.BackfillSince(_checkpoint.StateFolder, _checkpoint.Site) is { } since)
            doubtful = [.. doubtful.Where(entry => entry.At < since)];
        IReadOnlyList<Guid> again = [.. doubtful.Select(entry => entry.RunId), .. Due];
        await foreach (var run in RunsAsync(again, resend: true, ct).ConfigureAwait(false)) yield return run;
        // A twin that came late takes the place of another one in WATS: that one has another index now, and follows.
        await foreach (var run in RunsAsync(_checkpoint.Ledger.SameMoment(again), Resend, ct).ConfigureAwait(false)) yield return run;
        ForgetGone(doubtful);

        var live = Query with { Checkpoint = _checkpoint, Resend = Resend };
        var held = _checkpoint.Ledger.InState(LedgerState.Held, DateTimeOffset.MaxValue, int.MaxValue).Select(entry => entry.RunId)
            .ToHashSet();
        await foreach (var run in _source.ReadAsync(live, ct).ConfigureAwait(false))
        {
            if (held.Contains(run.Id)) _checkpoint.TakeInHand(run);
            yield return run;
        }

        await foreach (var run in RunsAsync(held, Resend, ct).ConfigureAwait(false)) yield return run;
        await foreach (var ids in Census.FindAsync(Lease, ct).ConfigureAwait(false))
            await foreach (var run in RunsAsync(ids, Resend, ct).ConfigureAwait(false)) yield return run;
    }

    private async IAsyncEnumerable<VteTestRun> RunsAsync(IEnumerable<Guid> ids, bool resend, [EnumeratorCancellation] CancellationToken ct)
    {
        // Two parts may find the same run: what is on its way is not sent twice.
        foreach (var chunk in ids.Where(id => !_checkpoint.IsInHand(id)).Distinct().Chunk(IdsAtOnce))
        {
            var checkpoint = _checkpoint.ForRuns();
            lock (_others) _others.Add(checkpoint);
            var query = new TestRunQuery { Ids = chunk, Checkpoint = checkpoint, Resend = resend, OnUnreadable = Query.OnUnreadable };
            await foreach (var run in _source.ReadAsync(query, ct).ConfigureAwait(false))
            {
                _checkpoint.TakeInHand(run);
                yield return run;
            }
        }
    }

    // In doubt for a day, and not read again: no longer in VTE, or another site's by now. There is nothing to send again.
    private void ForgetGone(IReadOnlyList<LedgerEntry> doubtful)
    {
        var now = _time.GetUtcNow();
        var gone = doubtful.Where(entry => now - entry.FirstAt > TimeSpan.FromDays(1) && !_checkpoint.IsInHand(entry.RunId))
            .Select(entry => entry.RunId).ToList();
        if (gone.Count > 0 && Lease is not null) _checkpoint.Ledger.Move(Lease, gone, LedgerState.Posting, LedgerState.Gone, now);
    }
}
