using System.Collections.Concurrent;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Sending;

namespace VteWats.Core.Sync;

/// <summary>
/// Writes into the ledger which runs are about to be posted: what a crash leaves in doubt is known exactly, and is sent again. Runs that
/// were not read
/// from a site's state on have no row there.
/// </summary>
internal sealed class PostJournal : IPostJournal
{
    private const int SettledAtOnce = 200;

    private readonly ConcurrentQueue<(Checkpoint Checkpoint, LedgerEntry Entry)> _answered = [];

    /// <summary>Given by whoever holds the site.</summary>
    internal SyncLease? Lease { get; set; }

    /// <summary>The lease in the source database, where there is one: who has lost it posts nothing more.</summary>
    internal IDatabaseLease? DatabaseLease { get; set; }

    internal TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Writes the answers down, too: nobody else may do so. A line of cmdlets need not end with Set-VteWatermark; a sync keeps
    /// them with its watermark.</summary>
    internal bool Settles { get; init; }

    public async Task PostingAsync(IReadOnlyList<WatsReport> batch)
    {
        if (DatabaseLease is { } held) await held.EnsureHeldAsync(CancellationToken.None).ConfigureAwait(false);
        if (_answered.Count >= SettledAtOnce) Settle();
        var now = Time.GetUtcNow();
        foreach (var site in batch.Select(report => report.Source).OfType<VteTestRun>()
            .GroupBy(run => run.Mark?.Session.Checkpoint as Checkpoint))
        {
            if (site.Key is not { } checkpoint) continue;
            checkpoint.Ledger.Post(Lease, [.. site], checkpoint, now);
        }
    }

    public void Answered(WatsReport report, RunOutcome outcome)
    {
        if (!Settles || report.Source is not { Mark.Session.Checkpoint: Checkpoint checkpoint } run) return;
        var state = outcome == RunOutcome.Letter ? LedgerState.Letter : LedgerState.Sent;
        _answered.Enqueue((checkpoint, Ledger.EntryOf(run, state, checkpoint.Mapping, Time.GetUtcNow())));
    }

    public Task EndAsync()
    {
        Settle();
        return Task.CompletedTask;
    }

    private void Settle()
    {
        var answered = new List<(Checkpoint Checkpoint, LedgerEntry Entry)>();
        while (_answered.TryDequeue(out var one)) answered.Add(one);
        foreach (var read in answered.GroupBy(one => one.Checkpoint, one => one.Entry))
            read.Key.Ledger.Settle(Lease, [.. read], read.Key);
    }
}
