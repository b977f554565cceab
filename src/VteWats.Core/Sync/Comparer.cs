using System.Diagnostics;
using System.Reflection;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats.Client;

namespace VteWats.Core.Sync;

/// <summary>Compares a site's VTE with WATS, repairs if it may, and sums up. By hand, and by the running service every week.</summary>
/// <param name="services">The parts of the site's sync.</param>
/// <param name="wats">The client.</param>
public sealed class Comparer(SyncServices services, WatsClient wats)
{
    private static readonly string Release =
        typeof(Comparer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <summary>Send what is missing or different.</summary>
    public bool Repair { get; init; }

    /// <summary>Count steps, too.</summary>
    public bool Deep { get; init; }

    /// <summary>Leave out the differences of runs that are still on their way: the next sync reads them, or WATS does not show them yet.
    /// Whoever compares again a week later misses none by it.</summary>
    public bool OnlyArrived { get; init; }

    /// <summary>Asked before runs are sent, with their number.</summary>
    public Func<int, Task<bool>> MayAsync { get; init; } = static _ => Task.FromResult(true);

    /// <summary>Told of each run that did not get through.</summary>
    public Func<Diagnostics.VteWatsException, Task> OnProblem { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Told of each difference.</summary>
    public Func<SyncDifference, Task> OnDifference { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Runs the comparison. A repair takes the lease of the site: it must not send beside a sync.</summary>
    public async Task<SyncComparison> RunAsync(DateTimeOffset since, DateTimeOffset? until, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        using var lease = Repair ? SyncLease.Acquire(services.StateFolder, services.Site.Name, time: services.Time) : null;
        services.DeadLetters.Lease = lease;
        var inDatabase = Repair && services.DatabaseLease is { } acquire ? await acquire(ct).ConfigureAwait(false) : null;
        await using var held = (inDatabase ?? (IAsyncDisposable)Stream.Null).ConfigureAwait(false);
        if (services.Journal is { } journal) (journal.Lease, journal.Time, journal.DatabaseLease) = (lease, services.Time, inDatabase);
        var source = await services.OpenSource(ct).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            var ledger = new Ledger(new StateDatabase(services.StateFolder), services.Site.Name);
            var reconciliation = new Reconciliation(source, wats, services.Site, services.Clock) { Deep = Deep ? ledger : null };
            var repair = new Repair(services, source) { Lease = lease, MayAsync = MayAsync, OnProblem = OnProblem };
            var result = new SyncComparison
            {
                Site = services.Site.Name, Since = since, Until = until ?? await source.UtcNowAsync(ct).ConfigureAwait(false),
                Source = source.Identity,
                Target = services.Target, Version = Release, Started = services.Time.GetUtcNow(),
            };
            var differences = reconciliation.CompareAsync(since, until, ct);
            if (OnlyArrived) differences = ArrivedAsync(differences, ledger);
            await foreach (var difference in (Repair ? repair.RunAsync(differences, ct) : differences).ConfigureAwait(false))
            {
                var told = Repair ? difference : repair.AsKnown(difference);
                result = result.And(told);
                await OnDifference(told).ConfigureAwait(false);
            }
            services.DeadLetters.Lease = null;
            return result with { Runs = reconciliation.Runs, Duration = watch.Elapsed };
        }
    }

    private async IAsyncEnumerable<SyncDifference> ArrivedAsync(IAsyncEnumerable<SyncDifference> differences, Ledger ledger)
    {
        await foreach (var difference in differences.ConfigureAwait(false))
        {
            var isRun = difference.Kind != SyncDifferenceKind.NotInVte;
            if (!isRun || !IsOnItsWay(difference, ledger.Find([difference.RunId]).GetValueOrDefault(difference.RunId)))
                yield return difference;
        }
    }

    // One that no sync has met is late; one that is asked for a day becomes a letter.
    private bool IsOnItsWay(SyncDifference difference, LedgerEntry? row)
    {
        var since = row is null ? difference.Start : row.State is LedgerState.Posting or LedgerState.Sent ? row.FirstAt : null;
        return services.Time.GetUtcNow() - since < Confirmation.GiveUpAfter;
    }
}
