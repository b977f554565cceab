using VteWats.Core.Diagnostics;
using VteWats.Core.Operating.Alerts;
using VteWats.Core.Sync;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Abstractions;

/// <summary>Tells people beside syncs. Nothing of it holds one up: what takes too long is left to the next process.</summary>
internal static class SyncAlerts
{
    /// <summary>More than one attempt of each channel takes, and no more than anybody who waits for a prompt bears.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <summary>Tells a watcher that syncs begin.</summary>
    public static void Begin(SyncContext context) => context.Alerts?.Heartbeat?.Start();

    /// <summary>Tells a watcher how syncs ended.</summary>
    public static Task<VteWatsException?> End(SyncContext context, IEnumerable<SyncSummary> summaries) =>
        context.Alerts?.Heartbeat?.End([.. summaries.Where(summary => summary is { Error: not null, Result: SyncResult.Failed })
            .Select(summary => $"{summary.Site}: {summary.Error!.Error.Id}")]) ?? Task.FromResult<VteWatsException?>(null);

    /// <summary>Judges all sites and tells what is to be told, once syncs have ended.</summary>
    public static async Task AfterAsync(SyncContext context, IReadOnlyList<SyncSummary> summaries, IPipelineWriter output)
    {
        if (context.Alerts is not { } desk) return;
        using var enough = new CancellationTokenSource(Patience);
        var heartbeat = End(context, summaries);
        var told = Task.Run(async () => await desk.RunAsync(context.AllHealth(), enough.Token).ConfigureAwait(false)
            ?? await heartbeat.ConfigureAwait(false), CancellationToken.None);
        try
        {
            await context.TellOnceAsync(await told.WaitAsync(enough.Token).ConfigureAwait(false), output).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            context.Log.For<AlertDesk>().Warning("Alerts were not sent within {Seconds} s, and are left to the next process",
                Patience.TotalSeconds);
        }
    }

    /// <summary>Judges all sites every minute, whatever the syncs do, until it is stopped.</summary>
    public static async Task WatchAsync(Func<SyncContext> context, IPipelineWriter output, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(Every, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested || context() is not { Alerts: { } desk } now) continue;
            try
            {
                await now.TellOnceAsync(await desk.RunAsync(now.AllHealth(), stop).ConfigureAwait(false), output).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;   // the pipeline is gone
            }
        }
    }
}
