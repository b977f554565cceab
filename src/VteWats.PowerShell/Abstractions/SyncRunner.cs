using VteWats.Core.Diagnostics;
using VteWats.Core.Operating;
using VteWats.Core.Sync;
using VteWats.PowerShell.Errors;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Abstractions;

/// <summary>Syncs of several sites; the failure of one does not hold up the others.</summary>
internal static class SyncRunner
{
    /// <param name="context">The sites, and what they share.</param>
    /// <param name="request">What is asked for at a site.</param>
    /// <param name="atOnce">Sites that are synced at once.</param>
    /// <param name="output">Takes errors, progress, and a summary a site.</param>
    /// <param name="onExitCode">Is told the exit code of each failure and of each site, before that is written.</param>
    /// <param name="ct">Stops it after the batch at hand.</param>
    public static async Task<IReadOnlyList<SyncSummary>> RunAsync(
        SyncContext context, Func<ResolvedSite, SyncRequest> request, int atOnce, IPipelineWriter output, Func<int, Task>? onExitCode,
        CancellationToken ct)
    {
        var summaries = new SyncSummary[context.Sites.Count];
        await Parallel.ForEachAsync(
            context.Sites.Select((site, index) => (site, index)),
            new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = CancellationToken.None },
            async (item, _) => summaries[item.index] = await OneAsync(context, item.site, item.index, request, output,
                onExitCode ?? (static _ => Task.CompletedTask), ct).ConfigureAwait(false)).ConfigureAwait(false);
        return summaries;
    }

    private static async Task<SyncSummary> OneAsync(
        SyncContext context, ResolvedSite site, int index, Func<ResolvedSite, SyncRequest> request, IPipelineWriter output,
        Func<int, Task> onExitCode, CancellationToken ct)
    {
        var progress = new SyncProgress(site.Site.Name, index, context.Client) { OnMovement = context.OnMovement };
        using var end = new CancellationTokenSource();
        var moving = progress.KeepMovingAsync(output, end.Token);
        context.Log.Tell($"Syncs '{site.Site.Name}' of {context.ConfigurationPath ?? "no configuration file"} to {context.Client.BaseUrl}, "
            + $"with the state in {context.StateFolder}.");
        SyncSummary summary;
        SyncRequest? asked = null;
        VteWatsException? notWritten = null;
        try
        {
            asked = request(site);
            using var scope = VteWatsLog.Scope(asked.SyncId, site.Site.Name);
            var sync = new SyncRecorder(context.Services(site, asked), asked, progress.Tally)
            {
                OnReceipt = _ => progress.ShowAsync(output), IntervalMinutes = context.IntervalMinutes,
                OnWritten = context.WriteMetrics,
            };
            summary = await sync.RunAsync(ct).ConfigureAwait(false);
            notWritten = sync.Problem;
        }
        catch (VteWatsException e)
        {
            if (asked is { DryRun: false })
                await SyncRecorder.FailedAsync(context.StateFolder, site.Site.Name, e, context.IntervalMinutes).ConfigureAwait(false);
            summary = new SyncSummary { Site = site.Site.Name, Error = e, Started = DateTimeOffset.UtcNow };
            context.Log.For<SyncRecorder>().Error(null, "{Site}: {Id} before it began: {Problem}", summary.Site, e.Error.Id, e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            // A defect stops the site that met it, and no other.
            var defect = new VteWatsException(ErrorKind.Internal, $"Unexpected failure: {e.GetType().Name}: {e.Message}",
                "This is a defect in VteWats. Keep the log file and report it with this text.", site.Site.Name, e);
            summary = new SyncSummary { Site = site.Site.Name, Error = defect, Started = DateTimeOffset.UtcNow };
            context.Log.For<SyncRecorder>().Error(e, "{Site}: {Problem}", summary.Site, defect.Message);
        }
        await end.CancelAsync().ConfigureAwait(false);
        await moving.ConfigureAwait(false);
        try
        {
            await progress.CompleteAsync(output).ConfigureAwait(false);
            await onExitCode(summary.ExitCode).ConfigureAwait(false);
            await context.TellOnceAsync(notWritten, output).ConfigureAwait(false);
            await context.TellOnceAsync(context.Log.Problem, output).ConfigureAwait(false);
            // No error for a single run: with errors that stop a script, the first bad run would end the sync of all others.
            foreach (var finding in summary.Findings) await output.WriteWarningAsync(Text(summary.Site, finding)).ConfigureAwait(false);
            foreach (var warning in summary.Warnings)
                await output.WriteWarningAsync($"{summary.Site}: {warning}").ConfigureAwait(false);
            await LocalTimes.WarnAsync(summary.Site, summary.MissingTimes, output).ConfigureAwait(false);
            if (summary.Error is { } error) await output.WriteErrorAsync(Failures.From(error)).ConfigureAwait(false);
            await output.WriteObjectAsync(summary).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Ctrl+C has closed the pipeline; after SIGTERM it takes the last summary still.
        }
        return summary;
    }

    private static string Text(string site, SyncFinding finding) =>
        FormattableString.Invariant(
        $"{site}: {finding.Count} run(s) went to the dead letters ({finding.Stage}): {finding.Finding} For example ")
        + $"{string.Join(", ", finding.Examples)}. Get-VteDeadLetter -Site '{site}' -RunId {finding.Examples[0]} shows all about it.";
}
