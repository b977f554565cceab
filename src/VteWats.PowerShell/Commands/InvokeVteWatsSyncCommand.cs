using System.Management.Automation;
using VteWats.Core.Diagnostics;
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
    private SyncExitCode? _exitCode;

    /// <summary>Start of the first sync of a site that has no watermark: site-local time, or an instant with offset.</summary>
    [Parameter(ParameterSetName = "Sync")]
    public object? InitialSince { get; set; }

    /// <summary>Begin of a backfill: only runs from this time on are sent, and the watermark is left alone.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Backfill")]
    public object? Since { get; set; }

    /// <summary>End of a backfill; what is settled when it begins, without it.</summary>
    [Parameter(ParameterSetName = "Backfill")]
    public object? Until { get; set; }

    /// <summary>Send the newest runs of a backfill first.</summary>
    [Parameter(ParameterSetName = "Backfill")]
    public SwitchParameter NewestFirst { get; set; }

    /// <summary>Send what was sent before, too. WATS overwrites it.</summary>
    [Parameter(ParameterSetName = "Sync")]
    [Parameter(ParameterSetName = "Backfill")]
    public SwitchParameter Force { get; set; }

    /// <summary>Send again what was sent under another mapping and comes out different now, and nothing else.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Remapped")]
    public SwitchParameter Remapped { get; set; }

    /// <summary>Sites that are synced at once, 1 to 16.</summary>
    [Parameter(ParameterSetName = "Remapped")]
    [Parameter(ParameterSetName = "Sync")]
    [Parameter(ParameterSetName = "Backfill")]
    [ValidateRange(1, 16)]
    public int SitesAtOnce { get; set; } = 1;

    /// <summary>Ask the Start-VteWatsSync that runs for these sites to sync at once, and sync nothing here.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Now")]
    public SwitchParameter Now { get; set; }

    private protected override async Task WorkAsync(IPipelineWriter output, CancellationToken ct)
    {
        await ExitCode.TellAsync(0, output).ConfigureAwait(false);
        using var context = await ResolveContextAsync(output, ct).ConfigureAwait(false);
        if (Now)
        {
            await EachAsync(context.Sites, output, site => SignalAsync(new SiteFiles(context.StateFolder, site.Site.Name), output))
                .ConfigureAwait(false);
            return;
        }
        // Asked for each site before any is begun.
        var wanted = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var site in context.Sites)
        {
            if (await MayAsync(output, $"{site.Site.Name} to {context.Client.BaseUrl}", "Upload test runs").ConfigureAwait(false))
                wanted.Add(site.Site.Name);
        }
        using var stop = new StopSignal(ct);
        if (wanted.Count > 0) SyncAlerts.Begin(context);
        var summaries = await SyncRunner.RunAsync(
            context, site => Request(site, dry: !wanted.Contains(site.Site.Name)), SitesAtOnce, output,
            code => ExitCode.TellAsync(code, output), stop.Token).ConfigureAwait(false);
        if (wanted.Count > 0) await SyncAlerts.AfterAsync(context, summaries, output).ConfigureAwait(false);
    }

    private protected override void OnFailure(Exception failure) =>
        ExitCode.Tell((failure as VteWatsException)?.Error.ExitCode ?? ErrorKind.Internal.ExitCode);

    private SyncExitCode ExitCode => _exitCode ??= new SyncExitCode(this);

    private SyncRequest Request(ResolvedSite site, bool dry)
    {
        // A site whose clock cannot be had fails when its sync begins, where that is written down.
        var (since, until) = (Since ?? Until) is null ? (null, null)
            : SiteTime.Stretch(GivenTime.Plain(Since), GivenTime.Plain(Until), site.Clock);
        return new SyncRequest
        {
            InitialSince = InitialSince is null ? null : SiteTime.ToInstant(GivenTime.Plain(InitialSince), site.Clock),
            Force = Force,
            Remapped = Remapped,
            DryRun = dry,
            Backfill = since is { } begin ? new BackfillRange(begin, until, NewestFirst) : null,
        };
    }

    private async Task SignalAsync(SiteFiles files, IPipelineWriter output)
    {
        if (!SyncLoop.IsRunning(files))
        {
            await ExitCode.TellAsync(ErrorKind.SyncNotRunning.ExitCode, output).ConfigureAwait(false);
            throw new VteWatsException(
                ErrorKind.SyncNotRunning, $"No Start-VteWatsSync runs for '{files.Site}' with the state folder {files.Folder}.",
                $"Sync here with Invoke-VteWatsSync -Site '{files.Site}', or start one with Start-VteWatsSync. One with another state "
                + "folder is told with -StateFolder.", files.Site);
        }
        if (await MayAsync(output, files.Signal, "Ask the running sync to begin at once").ConfigureAwait(false)) SyncLoop.Signal(files);
    }

    private Task<bool> MayAsync(IPipelineWriter output, string target, string action) =>
        output.OnPipelineThreadAsync(() => ShouldProcess(target, action));
}
