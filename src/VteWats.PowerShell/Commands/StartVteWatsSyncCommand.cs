using System.Management.Automation;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Sync.State;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Errors;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Syncs sites again and again until it is stopped.</summary>
[Cmdlet(VerbsLifecycle.Start, "VteWatsSync", SupportsShouldProcess = true)]
[OutputType(typeof(SyncSummary))]
public sealed class StartVteWatsSyncCommand : SyncCommand
{
    private SyncContext? _context;
    private bool _outdated;

    /// <summary>Minutes between two syncs, 1 to 1440; the configured interval without it.</summary>
    [Parameter]
    [ValidateRange(1, 1440)]
    public int? IntervalMinutes { get; set; }

    /// <summary>Sites that are synced at once, 1 to 16.</summary>
    [Parameter]
    [ValidateRange(1, 16)]
    public int SitesAtOnce { get; set; } = 1;

    private protected override async Task WorkAsync(IPipelineWriter output, CancellationToken ct)
    {
        _context = await ResolveContextAsync(output, ct).ConfigureAwait(false);
        var context = _context;
        var names = string.Join(", ", context.Sites.Select(site => site.Site.Name));
        var interval = IntervalMinutes ?? context.Sync.IntervalMinutes;
        var may = await output.OnPipelineThreadAsync(
            () => ShouldProcess($"{names} to {context.Client.BaseUrl}",
            FormattableString.Invariant($"Upload test runs every {interval} minutes until stopped"))).ConfigureAwait(false);
        if (!may) return;

        using var stop = new StopSignal(ct);
        var sites = context.Sites.Select(site => new SiteFiles(context.StateFolder, site.Site.Name)).ToList();
        var loop = new SyncLoop(token => SyncAsync(output, token), TimeSpan.FromMinutes(interval), sites);
        await loop.RunAsync(stop.Token).ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _context?.Dispose();
        base.Dispose(disposing);
    }

    private async Task<IReadOnlyList<SyncSummary>> SyncAsync(IPipelineWriter output, CancellationToken ct)
    {
        if (_outdated) await RenewAsync(output, ct).ConfigureAwait(false);
        var summaries = await SyncRunner.RunAsync(_context!, static _ => new SyncRequest(), SitesAtOnce, output, onExitCode: null, ct)
            .ConfigureAwait(false);
        _outdated = summaries.Any(summary => summary.ExitCode is SyncSummary.LoginRefused or SyncSummary.Misconfigured);
        return summaries;
    }

    // Tokens and passwords run out in the life of a service, and configurations are corrected: what is new is taken up without a restart.
    private async Task RenewAsync(IPipelineWriter output, CancellationToken ct)
    {
        try
        {
            var renewed = await ResolveContextAsync(output, ct).ConfigureAwait(false);
            _context!.Dispose();
            _context = renewed;
        }
        catch (VteWatsException e)
        {
            await output.WriteErrorAsync(Failures.From(e)).ConfigureAwait(false);
        }
    }
}
