using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using VteWats.Core.Diagnostics;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Sending;

namespace VteWats.Core.Sync;

/// <summary>Sends the runs that a comparison found missing in WATS, or with another verdict there.</summary>
/// <param name="services">The parts of the site's sync.</param>
/// <param name="source">The site's database.</param>
public sealed class Repair(SyncServices services, IVteSource source)
{
    private const int RepairedAtOnce = 500;

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
            // A run with a letter was refused as it is: what is to be done about it, and then Send-VteDeadLetter, is up to people.
            if (difference.Kind == SyncDifferenceKind.NotInVte || services.DeadLetters.Has(difference.RunId))
            {
                yield return WithLetter(difference);
                continue;
            }
            waiting.Add(difference);
            if (waiting.Count < RepairedAtOnce) continue;
            foreach (var done in await SendAsync(waiting, ct).ConfigureAwait(false)) yield return done.Throwing();
            waiting.Clear();
        }
        foreach (var done in await SendAsync(waiting, ct).ConfigureAwait(false)) yield return done.Throwing();
    }

    /// <summary>A difference, told whether its run has a dead letter by now.</summary>
    public SyncDifference WithLetter(SyncDifference difference) =>
        difference with { InDeadLetters = services.DeadLetters.Has(difference.RunId) };

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
        var outcomes = differences.ConvertAll(d => new Outcome(WithLetter(d with { Repaired = sent.Contains(d.RunId) }), null));
        if (failure is not null) outcomes.Add(new Outcome(null, failure));
        return outcomes;
    }

    private async IAsyncEnumerable<WatsReport> ReportsAsync(List<SyncDifference> differences, [EnumeratorCancellation] CancellationToken ct)
    {
        var mapping = services.Mapping(dry: false);
        var resend = differences.Where(d => d.Kind == SyncDifferenceKind.OtherVerdict).Select(d => d.RunId).ToHashSet();
        await foreach (var run in source.ReadAsync(new TestRunQuery { Ids = [.. differences.Select(d => d.RunId)] }, ct)
            .ConfigureAwait(false))
        {
            var (report, error) = await mapping.MapAsync(resend.Contains(run.Id) ? run with { Resend = true } : run).ConfigureAwait(false);
            if (report is not null) yield return report;
            else await OnProblem(error!).ConfigureAwait(false);
        }
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
