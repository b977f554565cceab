using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;

namespace VteWats.Core.Sync;

/// <summary>
/// Sent is not yet arrived: WATS takes a report, and processes it afterwards. Runs that were sent a while ago are asked for; what does not
/// appear for a
/// day becomes a letter.
/// </summary>
/// <param name="services">The parts of the site's sync.</param>
/// <param name="lease">The right to write.</param>
internal sealed class Confirmation(SyncServices services, SyncLease lease)
{
    /// <summary>WATS needs some seconds; minutes where it is busy.</summary>
    public static readonly TimeSpan AskAfter = TimeSpan.FromMinutes(10);

    /// <summary>WATS tries a report that it cannot process up to 24 times before it gives it up.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromHours(1);

    // Ids of a request, and requests a sync: the rest is asked for by the next one.
    private const int AtOnce = 40;
    private const int MostRequests = 250;

    private readonly Ledger _ledger = new(new StateDatabase(services.StateFolder), services.Site.Name);

    /// <summary>Runs that became letters now.</summary>
    public long Letters { get; private set; }

    /// <summary>Asks for what was sent and not seen yet.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        if (services.FindExisting is null) return;
        var now = services.Time.GetUtcNow();
        // Asked longest ago first, so that none is forgotten.
        var waiting = _ledger.InState(LedgerState.Sent, now - AskAfter, AtOnce * MostRequests);
        foreach (var chunk in waiting.Chunk(AtOnce))
        {
            var there = await services.FindExisting([.. chunk.Select(entry => entry.RunId)], ct).ConfigureAwait(false);
            _ledger.Move(lease, [.. chunk.Select(entry => entry.RunId).Where(there.Contains)], LedgerState.Sent, LedgerState.Confirmed,
                now);
            var absent = chunk.Where(entry => !there.Contains(entry.RunId)).ToLookup(entry => now - entry.FirstAt >= GiveUpAfter);
            _ledger.Touch(lease, [.. absent[false].Select(entry => entry.RunId)], LedgerState.Sent, now);
            foreach (var entry in absent[true]) await GiveUpAsync(entry, now).ConfigureAwait(false);
        }
    }

    /// <summary>Asks for what became a letter because WATS did not show it, once an hour, the youngest letters first: somebody may have
    /// let the report out of the quarantine. Its letter is withdrawn.</summary>
    public async Task WithdrawAsync(CancellationToken ct)
    {
        if (services.FindExisting is null) return;
        var now = services.Time.GetUtcNow();
        var timers = new Timers(new StateDatabase(services.StateFolder), services.Site.Name);
        if (!timers.IsDue("letters.visible", AskAgainAfter, now)) return;
        foreach (var chunk in services.DeadLetters.NotVisible(AtOnce * MostRequests).Chunk(AtOnce))
            services.DeadLetters.Withdraw([.. await services.FindExisting(chunk, ct).ConfigureAwait(false)]);
        timers.Set(lease, "letters.visible", now);
    }

    /// <summary>Runs that WATS has taken and does not show yet.</summary>
    public long Unconfirmed => _ledger.Count(LedgerState.Sent);

    private async Task GiveUpAsync(LedgerEntry entry, DateTimeOffset now)
    {
        await services.DeadLetters.WriteAsync(new DeadLetter
        {
            RunId = entry.RunId, Site = services.Site.Name, Timestamp = entry.Timestamp, Stage = DeadLetterStage.NotVisible,
            Findings =
            [
                FormattableString.Invariant(
                    $"WATS took the report at {entry.FirstAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC and does not show it after a day: ")
                + "it is in quarantine or was given up. Look at the quarantine in WATS; Send-VteDeadLetter -FromSource sends the run "
                + "again.",
            ],
        }).ConfigureAwait(false);
        _ledger.Move(lease, [entry.RunId], LedgerState.Sent, LedgerState.Letter, now);
        Letters++;
    }
}
