using System.Management.Automation;
using System.Runtime.InteropServices;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Time;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Errors;

namespace VteWats.PowerShell.Commands;

/// <summary>Syncs sites once: everything new or changed in VTE is sent to WATS.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "VteWatsSync", SupportsShouldProcess = true, DefaultParameterSetName = "Sync")]
[OutputType(typeof(SyncSummary))]
public sealed class InvokeVteWatsSyncCommand : SyncCommand
{
    /// <summary>Start of the first sync of a site that has no watermark: site-local time, or an instant with offset.</summary>
    [Parameter(ParameterSetName = "Sync")]
    [ValidateNotNull]
    public object? InitialSince { get; set; }

    /// <summary>Begin of a backfill: only runs from this time on are sent, and the watermark is left alone.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Backfill")]
    [ValidateNotNull]
    public object? Since { get; set; }

    /// <summary>End of a backfill; what is settled when it begins, without it.</summary>
    [Parameter(ParameterSetName = "Backfill")]
    [ValidateNotNull]
    public object? Until { get; set; }

    /// <summary>Send the newest runs of a backfill first.</summary>
    [Parameter(ParameterSetName = "Backfill")]
    public SwitchParameter NewestFirst { get; set; }

    /// <summary>Send what was sent before, too. WATS overwrites it.</summary>
    [Parameter(ParameterSetName = "Sync")]
    [Parameter(ParameterSetName = "Backfill")]
    public SwitchParameter Force { get; set; }

    /// <summary>Sites that are synced at once, 1 to 16.</summary>
    [Parameter(ParameterSetName = "Sync")]
    [Parameter(ParameterSetName = "Backfill")]
    [ValidateRange(1, 16)]
    public int SitesAtOnce { get; set; } = 1;

    /// <summary>Ask the Start-VteWatsSync that runs for these sites to sync at once, and sync nothing here.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Now")]
    public SwitchParameter Now { get; set; }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        using var scene = await ResolveSceneAsync(output, ct).ConfigureAwait(false);
        if (Now)
        {
            foreach (var site in scene.Sites)
            {
                var files = new SiteFiles(scene.StateFolder, site.Site.Name);
                if (await MayAsync(output, files.Signal, "Ask the running sync to begin at once").ConfigureAwait(false)) SyncLoop.Signal(files);
            }
            return;
        }
        var names = string.Join(", ", scene.Sites.Select(site => site.Site.Name));
        var dry = !await MayAsync(output, $"{names} to {scene.Client.BaseUrl}", "Upload test runs").ConfigureAwait(false);
        using var stop = new StopSignal(ct);
        await SyncRunner.RunAsync(scene, site => Options(site, dry), SitesAtOnce, output, stop.Token).ConfigureAwait(false);
    }

    private SyncRequest Options(ResolvedSite site, bool dry)
    {
        var clock = SiteClock.For(site.Site.TimeZone);
        var (since, until) = SiteTime.Stretch(SiteStateCommand.Plain(Since), SiteStateCommand.Plain(Until), clock);
        return new SyncRequest
        {
            InitialSince = InitialSince is null ? null : SiteTime.ToInstant(SiteStateCommand.Plain(InitialSince), clock),
            Force = Force,
            DryRun = dry,
            Backfill = since is { } begin ? new BackfillRange(begin, until, NewestFirst) : null,
        };
    }

    private Task<bool> MayAsync(IPipelineWriter output, string target, string action) => output.OnPipelineThreadAsync(() => ShouldProcess(target, action));
}

/// <summary>Ctrl+C, or the service manager's wish to end: the batch at hand is finished, and the cmdlet ends as if its work were done.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly PosixSignalRegistration _signal;

    public StopSignal(CancellationToken ctrlC)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ctrlC);
        _signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            _stop.Cancel();
        });
    }

    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        _signal.Dispose();
        _stop.Dispose();
    }
}

/// <summary>Syncs of several sites; the failure of one does not hold up the others.</summary>
internal static class SyncRunner
{
    public static async Task<IReadOnlyList<SyncSummary>> RunAsync(
        SyncContext scene, Func<ResolvedSite, SyncRequest> options, int atOnce, IPipelineWriter output, CancellationToken ct)
    {
        var summaries = new SyncSummary[scene.Sites.Count];
        await Parallel.ForEachAsync(
            scene.Sites.Select((site, index) => (site, index)), new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = CancellationToken.None },
            async (item, _) => summaries[item.index] = await OneAsync(scene, item.site, item.index, options, output, ct).ConfigureAwait(false)).ConfigureAwait(false);
        return summaries;
    }

    private static async Task<SyncSummary> OneAsync(
        SyncContext scene, ResolvedSite site, int index, Func<ResolvedSite, SyncRequest> options, IPipelineWriter output, CancellationToken ct)
    {
        var progress = new SyncProgress(site.Site.Name, index);
        SyncSummary summary;
        try
        {
            var asked = options(site);
            var sync = new SiteSync(scene.Parts(site, asked), asked, progress.Tally)
            {
                OnUnmappable = error => output.WriteErrorAsync(Failures.From(error)),
                OnReceipt = async receipt =>
                {
                    if (receipt.State == Core.Wats.WatsReceiptState.Failed)
                        await output.WriteErrorAsync(Failures.From(Core.Wats.Sending.WatsRejection.From(receipt))).ConfigureAwait(false);
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
