using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte.Reading;

namespace VteWats.Core.Sync;

/// <summary>
/// Runs that are stamped ahead of the database's clock: a station's clock is wrong. They are counted and held; one that has been seen for a
/// day becomes a
/// letter, because nobody knows when it really was.
/// </summary>
/// <param name="services">The parts of the site's sync.</param>
/// <param name="source">The site's database.</param>
/// <param name="lease">The right to write.</param>
internal sealed class FutureRuns(SyncServices services, IVteSource source, SyncLease lease)
{
    private const string Reason = "Stamped ahead of the database's clock.";
    private const int MostLetters = 200;
    private static readonly TimeSpan LetterAfter = TimeSpan.FromDays(1);

    private readonly Ledger _ledger = new(new StateDatabase(services.StateFolder), services.Site.Name);

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>Runs that became letters now.</summary>
    public long Letters { get; private set; }

    public async Task RunAsync(CancellationToken ct)
    {
        var ahead = await source.CountAheadAsync(MostLetters, ct).ConfigureAwait(false);
        Count = ahead.Count;
        if (ahead.First.Count == 0) return;
        var now = services.Time.GetUtcNow();
        var known = _ledger.Find([.. ahead.First.Select(run => run.Id)]);
        _ledger.Write(lease, [.. ahead.First.Where(run => !known.ContainsKey(run.Id)).Select(run => new LedgerEntry
        {
            RunId = run.Id, Timestamp = run.Timestamp, State = LedgerState.Held, FirstAt = now, At = now, Reason = Reason,
        })]);
        var old = known.Values.Where(entry => entry is { State: LedgerState.Held, Reason: Reason } && now - entry.FirstAt >= LetterAfter)
            .Select(entry => entry.RunId).ToList();
        if (old.Count == 0) return;
        // Read although the clock has not reached them.
        var query = new TestRunQuery
        {
            Ids = old, SettleTime = TimeSpan.FromDays(-36500), OnUnreadable = run => PutAwayAsync(DeadLetter.From(run), now),
        };
        await foreach (var run in source.ReadAsync(query, ct).ConfigureAwait(false))
        {
            await PutAwayAsync(DeadLetter.From(run with { Mark = null }, DeadLetterStage.FromFuture,
            [
                FormattableString.Invariant(
                    $"Its timestamp {run.Timestamp:yyyy-MM-dd HH:mm:ss} has been ahead of the database's clock for a day. Set the ")
                + $"clock of the station '{run.StationName ?? run.Station.Hostname}' right, and correct the timestamp in VTE if it must "
                + "be in WATS: "
                + "it is sent by itself then.",
            ]) with
            { Source = source.Identity }, now).ConfigureAwait(false);
        }
    }

    private async Task PutAwayAsync(DeadLetter letter, DateTimeOffset now)
    {
        await services.DeadLetters.WriteAsync(letter).ConfigureAwait(false);
        _ledger.Move(lease, [letter.RunId], LedgerState.Held, LedgerState.Letter, now);
        Letters++;
    }
}
