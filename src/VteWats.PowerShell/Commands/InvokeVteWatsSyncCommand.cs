using System.Management.Automation;
using VteWats.Core.Sync;
using VteWats.Core.Sync.State;
using VteWats.Core.Time;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

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
        using var context = await ResolveContextAsync(output, ct).ConfigureAwait(false);
        if (Now)
        {
            foreach (var site in context.Sites)
            {
                var files = new SiteFiles(context.StateFolder, site.Site.Name);
                if (await MayAsync(output, files.Signal, "Ask the running sync to begin at once").ConfigureAwait(false))
                    SyncLoop.Signal(files);
            }
            return;
        }
        var names = string.Join(", ", context.Sites.Select(site => site.Site.Name));
        var dry = !await MayAsync(output, $"{names} to {context.Client.BaseUrl}", "Upload test runs").ConfigureAwait(false);
        using var stop = new StopSignal(ct);
        await SyncRunner.RunAsync(context, site => Options(site, dry), SitesAtOnce, output, stop.Token).ConfigureAwait(false);
    }

    private SyncRequest Options(ResolvedSite site, bool dry)
    {
        var clock = site.Clock;
        var (since, until) = SiteTime.Stretch(SiteStateCommand.Plain(Since), SiteStateCommand.Plain(Until), clock);
        return new SyncRequest
        {
            InitialSince = InitialSince is null ? null : SiteTime.ToInstant(SiteStateCommand.Plain(InitialSince), clock),
            Force = Force,
            DryRun = dry,
            Backfill = since is { } begin ? new BackfillRange(begin, until, NewestFirst) : null,
        };
    }

    private Task<bool> MayAsync(IPipelineWriter output, string target, string action) =>
        output.OnPipelineThreadAsync(() => ShouldProcess(target, action));
}
