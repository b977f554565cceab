using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Sending;
using VteWats.PowerShell.Errors;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Abstractions;

/// <summary>Syncs of several sites; the failure of one does not hold up the others.</summary>
internal static class SyncRunner
{
    public static async Task<IReadOnlyList<SyncSummary>> RunAsync(
        SyncContext context, Func<ResolvedSite, SyncRequest> options, int atOnce, IPipelineWriter output, CancellationToken ct)
    {
        var summaries = new SyncSummary[context.Sites.Count];
        await Parallel.ForEachAsync(
            context.Sites.Select((site, index) => (site, index)),
            new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = CancellationToken.None },
            async (item, _) => summaries[item.index] = await OneAsync(context, item.site, item.index, options, output, ct)
            .ConfigureAwait(false)).ConfigureAwait(false);
        return summaries;
    }

    private static async Task<SyncSummary> OneAsync(
        SyncContext context, ResolvedSite site, int index, Func<ResolvedSite, SyncRequest> options, IPipelineWriter output,
        CancellationToken ct)
    {
        var progress = new SyncProgress(site.Site.Name, index);
        SyncSummary summary;
        try
        {
            var asked = options(site);
            var sync = new SiteSync(context.Services(site, asked), asked, progress.Tally)
            {
                OnUnmappable = error => output.WriteErrorAsync(Failures.From(error)),
                OnReceipt = async receipt =>
                {
                    if (receipt.State == WatsReceiptState.Failed)
                        await output.WriteErrorAsync(Failures.From(WatsRejection.ErrorFrom(receipt))).ConfigureAwait(false);
                    await progress.ShowAsync(output).ConfigureAwait(false);
                },
            };
            summary = await sync.RunAsync(ct).ConfigureAwait(false);
        }
        catch (VteWatsException e)
        {
            summary = new SyncSummary { Site = site.Site.Name, Error = e, Started = DateTimeOffset.UtcNow };
        }
        try
        {
            await progress.CompleteAsync(output).ConfigureAwait(false);
            if (summary.Error is { } error) await output.WriteErrorAsync(Failures.From(error)).ConfigureAwait(false);
            await output.WriteObjectAsync(summary).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Ctrl+C has closed the pipeline; after SIGTERM it takes the last summary still.
        }
        return summary;
    }
}
