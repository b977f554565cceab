using VteWats.Core.Sync.State;
using VteWats.Core.Vte;

namespace VteWats.Core.Sync.DeadLetters;

/// <summary>What a person decides about one run: it is put aside, and every path takes it for done.</summary>
/// <param name="stateFolder">The state folder.</param>
/// <param name="site">Name of the site.</param>
/// <param name="limits">Caps of its letters.</param>
/// <param name="lease">The right to write.</param>
/// <param name="time">The clock.</param>
public sealed class LettersByHand(string stateFolder, string site, DeadLetterLimits limits, SyncLease lease, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Writes the letter, the row of the ledger and the entry of the history.</summary>
    public async Task<DeadLetter> AddAsync(VteTestRun run, string reason)
    {
        var letters = new DeadLetterStore(stateFolder, site, limits, _time) { Lease = lease };
        await letters.WriteAsync(DeadLetter.From(run with { Mark = null },
            DeadLetterStage.Manual, [$"Put aside by {WatermarkStore.Who}: {reason}"]))
            .ConfigureAwait(false);
        var row = Ledger.EntryOf(run, LedgerState.Letter, 0, _time.GetUtcNow(), reason: reason);
        new Ledger(new StateDatabase(stateFolder), site).Write(lease, [row]);
        new WatermarkStore(stateFolder, site, _time).Note($"Test run {run.Id} is put aside as a dead letter: {reason}");
        return (await letters.FindAsync(run.Id).ConfigureAwait(false))!;
    }
}
