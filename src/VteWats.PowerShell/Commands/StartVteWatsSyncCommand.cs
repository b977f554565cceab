using System.Management.Automation;
using VteWats.Core.Sync;
using VteWats.PowerShell.Abstractions;

namespace VteWats.PowerShell.Commands;

/// <summary>Syncs sites again and again until it is stopped.</summary>
[Cmdlet(VerbsLifecycle.Start, "VteWatsSync", SupportsShouldProcess = true)]
[OutputType(typeof(SyncSummary))]
public sealed class StartVteWatsSyncCommand : SyncCommand
{
    /// <summary>Minutes between two syncs, 1 to 1440; the configured interval without it.</summary>
    [Parameter]
    [ValidateRange(1, 1440)]
    public int? IntervalMinutes { get; set; }

    /// <summary>Sites that are synced at once, 1 to 16.</summary>
    [Parameter]
    [ValidateRange(1, 16)]
    public int SitesAtOnce { get; set; } = 1;

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        using var scene = await ResolveSceneAsync(output, ct).ConfigureAwait(false);
        var names = string.Join(", ", scene.Sites.Select(site => site.Site.Name));
        var interval = IntervalMinutes ?? scene.Sync.IntervalMinutes;
        var may = await output.OnPipelineThreadAsync(
            () => ShouldProcess($"{names} to {scene.Client.BaseUrl}", FormattableString.Invariant($"Upload test runs every {interval} minutes until stopped"))).ConfigureAwait(false);
        if (!may) return;

        using var stop = new Termination(ct);
        var sites = scene.Sites.Select(site => new SiteFiles(scene.StateFolder, site.Site.Name)).ToList();
        var loop = new SyncLoop(
            token => Syncs.RunAsync(scene, static _ => new SyncOptions(), SitesAtOnce, output, token), TimeSpan.FromMinutes(interval), sites);
        await loop.RunAsync(stop.Token).ConfigureAwait(false);
    }
}
