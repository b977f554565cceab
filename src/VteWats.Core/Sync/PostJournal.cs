using VteWats.Core.Sync.State;
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
    /// <summary>Given by whoever holds the site.</summary>
    internal SyncLease? Lease { get; set; }

    /// <summary>The lease in the source database, where there is one: who has lost it posts nothing more.</summary>
    internal IDatabaseLease? DatabaseLease { get; set; }

    internal TimeProvider Time { get; set; } = TimeProvider.System;

    public async Task PostingAsync(IReadOnlyList<WatsReport> batch)
    {
        if (DatabaseLease is { } held) await held.EnsureHeldAsync(CancellationToken.None).ConfigureAwait(false);
        var now = Time.GetUtcNow();
        foreach (var site in batch.Select(report => report.Source).OfType<Vte.VteTestRun>()
            .GroupBy(run => run.Mark?.Session.Checkpoint as Checkpoint))
        {
            if (site.Key is not { } checkpoint) continue;
            checkpoint.Ledger.Post(
                Lease, [.. site.Select(run => Ledger.EntryOf(run, LedgerState.Posting, checkpoint.Mapping, now))], checkpoint);
        }
    }
}
