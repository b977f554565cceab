using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Sending;

namespace VteWats.Core.Sync;

/// <summary>Sends the runs that a comparison found missing in WATS, or with another verdict there.</summary>
/// <param name="services">The parts of the site's sync.</param>
/// <param name="source">The site's database.</param>
internal sealed class Repair(SyncServices services, IVteSource source)
{
    private const int RepairedAtOnce = 500;

    // As a sync does: what a person holds is not sent, what is posted is in the ledger before, and is asked for until WATS shows it.
    private Checkpoint? _checkpoint;

    /// <summary>Given by whoever holds the site.</summary>
    internal SyncLease? Lease { get; init; }

    private readonly Holds _holds = new(new StateDatabase(services.StateFolder), services.Site.Name);

    private readonly Ledger _ledger = new(new StateDatabase(services.StateFolder), services.Site.Name);

    /// <summary>Asked before runs are sent, with their number; nothing is sent where it says no.</summary>
    public Func<int, Task<bool>> MayAsync { get; init; } = static _ => Task.FromResult(true);

    /// <summary>Told of each run that did not get through.</summary>
    public Func<VteWatsException, Task> OnProblem { get; init; } = static _ => Task.CompletedTask;

    /// <summary>The same differences, each with what became of it. What was found is told also when it cannot be sent.</summary>
    /// <exception cref="VteWatsException">WATS or the database failed: after the differences that were found by then.</exception>
    public async IAsyncEnumerable<SyncDifference> RunAsync(IAsyncEnumerable<SyncDifference> differences,
        [EnumeratorCancellation] CancellationToken ct)
    {
        var waiting = new List<SyncDifference>();
        await foreach (var difference in differences.WithCancellation(ct).ConfigureAwait(false))
        {
            var told = AsKnown(difference);
            if (told.Kind is SyncDifferenceKind.NotInVte or SyncDifferenceKind.Held || told.InDeadLetters)
            {
                yield return told;
                continue;
            }
            waiting.Add(difference);
            if (waiting.Count < RepairedAtOnce) continue;
            foreach (var done in await SendAsync(waiting, ct).ConfigureAwait(false)) yield return done.Throwing();
            waiting.Clear();
        }
        foreach (var done in await SendAsync(waiting, ct).ConfigureAwait(false)) yield return done.Throwing();
    }

    /// <summary>A difference, told whether its run is held back or has a dead letter by now.</summary>
    public SyncDifference AsKnown(SyncDifference difference)
    {
        var known = difference with { InDeadLetters = services.DeadLetters.Has(difference.RunId) };
        return difference.Kind != SyncDifferenceKind.NotInVte && HeldBecause(difference) is { } reason
            ? known with { Kind = SyncDifferenceKind.Held, HeldBecause = reason } : known;
    }

    // By a person, in either way, or by the last sync. That one holds no run for longer than this: an older row tells that no sync has
    // looked since.
    private string? HeldBecause(SyncDifference difference) => _holds.ReasonOf(difference.RunId) is { } reason ? reason
        : services.DeadLetters.HasPutAside(difference.RunId) ? Checkpoint.PutAside
        : services.Time.GetUtcNow() - difference.Start < TimeSpan.FromHours(services.Sync.UnfinishedHours)
            && _ledger.Find([difference.RunId]).GetValueOrDefault(difference.RunId) is { State: LedgerState.Held } row
            ? row.Reason ?? "It is not finished." : null;

    private async Task<List<Outcome>> SendAsync(List<SyncDifference> differences, CancellationToken ct)
    {
        if (differences.Count == 0) return [];
        var sent = new HashSet<Guid>();
        ExceptionDispatchInfo? failure = null;
        try
        {
            if (await MayAsync(differences.Count).ConfigureAwait(false))
            {
                await foreach (var receipt in services.Send(ReportsAsync(differences, ct), ct).ConfigureAwait(false))
                {
                    if (receipt.State == WatsReceiptState.Failed) await OnProblem(WatsRejection.ErrorFrom(receipt)).ConfigureAwait(false);
                    else sent.Add(receipt.RunId);
                }
            }
        }
        catch (VteWatsException e)
        {
            failure = ExceptionDispatchInfo.Capture(e);
        }
        try { await KeepAsync().ConfigureAwait(false); }
        catch (VteWatsException e) { failure ??= ExceptionDispatchInfo.Capture(e); }
        var outcomes = differences.ConvertAll(d => new Outcome(AsKnown(d with { Repaired = sent.Contains(d.RunId) }), null));
        if (failure is not null) outcomes.Add(new Outcome(null, failure));
        return outcomes;
    }

    private async IAsyncEnumerable<WatsReport> ReportsAsync(List<SyncDifference> differences, [EnumeratorCancellation] CancellationToken ct)
    {
        var mapping = services.Mapping(dry: false);
        var resend = differences.Where(d => d.Kind is SyncDifferenceKind.OtherVerdict or SyncDifferenceKind.OtherSteps).Select(d => d.RunId)
            .ToHashSet();
        var all = await WithTwinsAsync(differences, ct).ConfigureAwait(false);
        // A run with a letter was refused as it is: what is to be done about it, and then Send-VteDeadLetter, is up to people.
        // So is one that is held back, until it is let go.
        var held = _holds.Find(all);
        var ids = all.FindAll(id => !held.ContainsKey(id) && !services.DeadLetters.Has(id));
        // To ask for no ids is to ask for all runs.
        if (ids.Count == 0) yield break;
        var query = new TestRunQuery { Ids = ids, Checkpoint = _checkpoint ??= Begin() };
        await foreach (var run in source.ReadAsync(query, ct).ConfigureAwait(false))
        {
            var again = run.DuplicateIndex > 0 || resend.Contains(run.Id);
            var (report, error) = await mapping.MapAsync(again ? run with { Resend = true } : run).ConfigureAwait(false);
            if (report is not null) yield return report;
            else await OnProblem(error!).ConfigureAwait(false);
        }
    }

    private Checkpoint Begin() =>
        services.Checkpoint(new WatermarkStore(services.StateFolder, services.Site.Name).Load(), DateTimeOffset.UnixEpoch).ForBackfill();

    private async Task KeepAsync()
    {
        if (_checkpoint is null) return;
        if (services.Journal?.DatabaseLease is { } held) await held.EnsureHeldAsync(CancellationToken.None).ConfigureAwait(false);
        var store = new WatermarkStore(services.StateFolder, services.Site.Name, services.Time, Lease);
        foreach (var session in _checkpoint.Sessions) store.Advance(session, services.Target);
    }

    // A run takes the place of its twin in WATS, which has another index then: both are sent, in order. Runs of other units at the same
    // moment are
    // found in WATS, and not sent.
    private async Task<List<Guid>> WithTwinsAsync(List<SyncDifference> differences, CancellationToken ct)
    {
        var ids = differences.Select(d => d.RunId).ToHashSet();
        var moments = differences.Select(d => d.Start?.DateTime).OfType<DateTime>().ToHashSet();
        foreach (var (from, to) in Stretches(moments.Order()))
        {
            await foreach (var key in source.ReadKeysAsync(from, to, ct).ConfigureAwait(false))
                if (moments.Contains(key.Timestamp)) ids.Add(key.Id);
        }
        return [.. ids];
    }

    private static IEnumerable<(DateTime From, DateTime To)> Stretches(IEnumerable<DateTime> moments)
    {
        var stretch = default((DateTime From, DateTime To)?);
        foreach (var moment in moments)
        {
            if (stretch is { } open && moment - open.To > TimeSpan.FromMinutes(10))
            {
                yield return open;
                stretch = null;
            }
            // The edge is whole seconds: a database may round what is finer.
            var from = new DateTime(moment.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond);
            stretch = (stretch?.From ?? from, from.AddSeconds(2));
        }
        if (stretch is { } last) yield return last;
    }

    // A difference, or the failure that ends them.
    private readonly record struct Outcome(SyncDifference? Difference, ExceptionDispatchInfo? Failure)
    {
        public SyncDifference Throwing()
        {
            Failure?.Throw();
            return Difference!;
        }
    }
}
