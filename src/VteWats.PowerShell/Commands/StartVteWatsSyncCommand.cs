using System.Management.Automation;
using System.Security;
using VteWats.Core.Diagnostics;
using VteWats.Core.Operating;
using VteWats.Core.Operating.Endpoints;
using VteWats.Core.Sync;
using VteWats.Core.Sync.State;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Errors;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Syncs sites again and again until it is stopped.</summary>
[Cmdlet(VerbsLifecycle.Start, "VteWatsSync", SupportsShouldProcess = true)]
[OutputType(typeof(SyncSummary), typeof(SyncComparison))]
public sealed class StartVteWatsSyncCommand : SyncCommand
{
    private SyncContext? _context;
    private SyncLoop? _loop;
    private HostPulse? _pulse;
    private bool _outdated;
    private (DateTime, long)? _seen;
    private Task _comparing = Task.CompletedTask;
    private CancellationTokenSource? _endComparing;

    /// <summary>Minutes between two syncs, 1 to 1440; the configured interval without it.</summary>
    [Parameter]
    [ValidateRange(1, 1440)]
    public int? IntervalMinutes { get; set; }

    /// <summary>Sites that are synced at once, 1 to 16.</summary>
    [Parameter]
    [ValidateRange(1, 16)]
    public int SitesAtOnce { get; set; } = 1;

    /// <summary>Port, 1 to 65535, on which health, metrics and the status page are served; none without it.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int? HealthPort { get; set; }

    /// <summary>Name or address of this machine that they are served on, * for all; localhost without it. Another one needs
    /// -HealthToken.</summary>
    [Parameter]
    public string HealthAddress { get; set; } = EndpointOptions.Local;

    /// <summary>What a caller must give, as bearer token or as password of a browser's log-on.</summary>
    [Parameter]
    public SecureString? HealthToken { get; set; }

    private protected override async Task WorkAsync(IPipelineWriter output, CancellationToken ct)
    {
        _context = await ResolveContextAsync(output, ct).ConfigureAwait(false);
        var context = _context;
        var names = string.Join(", ", context.Sites.Select(site => site.Site.Name));
        if (HealthPort is not null) Endpoints(HealthPort.Value).EnsureSafe();
        context.GivenInterval = IntervalMinutes;
        var interval = Interval(context);
        var may = await output.OnPipelineThreadAsync(
            () => ShouldProcess($"{names} to {context.Client.BaseUrl}",
            FormattableString.Invariant($"Upload test runs every {interval.TotalMinutes} minutes until stopped"))).ConfigureAwait(false);
        if (!may) return;

        using var endpoints = await ServeAsync(output).ConfigureAwait(false);
        using var stop = new StopSignal(ct);
        HasChanged(context.ConfigurationPath);
        _pulse = await output.OnPipelineThreadAsync(() => new HostPulse(this)).ConfigureAwait(false);
        _loop = new SyncLoop(token => SyncAsync(output, token), interval, Files(context)) { OnGlance = _pulse.Beat };
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        var alerts = SyncAlerts.WatchAsync(() => _context!, output, ended.Token);
        try
        {
            await _loop.RunAsync(stop.Token).ConfigureAwait(false);
        }
        finally
        {
            await EndComparisonAsync().ConfigureAwait(false);
            await ended.CancelAsync().ConfigureAwait(false);
            await alerts.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private EndpointOptions Endpoints(int port) => new()
    {
        Port = port, Address = HealthAddress, Token = HealthToken is null ? null : SessionVault.Plain(HealthToken),
    };

    // A port that is taken is told, and the sync goes on.
    private async Task<EndpointServer?> ServeAsync(IPipelineWriter output)
    {
        if (HealthPort is not { } port) return null;
        var (server, problem) = EndpointServer.TryStart(Endpoints(port), () => _context!.Watched());
        if (problem is not null) await output.WriteWarningAsync($"{problem.Message} {problem.Advice}").ConfigureAwait(false);
        return server;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _endComparing?.Dispose();
            _context?.Dispose();
        }
        base.Dispose(disposing);
    }

    private TimeSpan Interval(SyncContext context) => TimeSpan.FromMinutes(IntervalMinutes ?? context.Sync.IntervalMinutes);

    private static List<SiteFiles> Files(SyncContext context) =>
        [.. context.Sites.Select(site => new SiteFiles(context.StateFolder, site.Site.Name))];

    private async Task<IReadOnlyList<SyncSummary>> SyncAsync(IPipelineWriter output, CancellationToken ct)
    {
        if (_outdated || HasChanged(_context!.ConfigurationPath))
        {
            // It works with what is put away now.
            await EndComparisonAsync().ConfigureAwait(false);
            await RenewAsync(output, ct).ConfigureAwait(false);
        }
        _pulse!.Beat();
        _context!.OnMovement = _pulse.Beat;
        SyncAlerts.Begin(_context!);
        var summaries = await SyncRunner.RunAsync(_context!, static _ => new SyncRequest(), SitesAtOnce, output, onExitCode: null, ct)
            .ConfigureAwait(false);
        _ = SyncAlerts.End(_context!, summaries);
        await BeginComparisonAsync(output, summaries, ct).ConfigureAwait(false);
        _outdated = summaries.Any(summary => summary.ExitCode is SyncSummary.LoginRefused or SyncSummary.Misconfigured);
        return summaries;
    }

    // Beside the syncs, which go on meanwhile. One that repairs has the lease of its site: they wait for it.
    private Task BeginComparisonAsync(IPipelineWriter output, IReadOnlyList<SyncSummary> summaries, CancellationToken ct)
    {
        if (_context!.Sync.CompareDays == 0 || !_comparing.IsCompleted) return Task.CompletedTask;
        _endComparing?.Dispose();
        _endComparing = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var end = _endComparing.Token;
        _comparing = Task.Run(() => CompareAsync(output, summaries, end), CancellationToken.None);
        return _context.Sync.CompareRepair ? _comparing : Task.CompletedTask;
    }

    private async Task EndComparisonAsync()
    {
        if (_endComparing is null) return;
        await _endComparing.CancelAsync().ConfigureAwait(false);
        // Whoever it could have told is gone.
        await _comparing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _endComparing.Dispose();
        _endComparing = null;
    }

    // Every week, for sites whose sync went well: what a comparison cannot reach is told by the sync itself.
    private async Task CompareAsync(IPipelineWriter output, IReadOnlyList<SyncSummary> summaries, CancellationToken ct)
    {
        foreach (var (site, summary) in _context!.Sites.Zip(summaries))
        {
            if (summary.Error is not null || ct.IsCancellationRequested) continue;
            var services = _context.Services(site, new SyncRequest());
            var weekly = new WeeklyComparison(services, _context.Client)
            {
                Waiting = _context.Sync.CompareRepair ? [.. _context.Sites.Select(waiting => waiting.Site.Name)] : [site.Site.Name],
                OnBeat = _pulse!.Beat,
            };
            try
            {
                if (await weekly.RunIfDueAsync(ct).ConfigureAwait(false) is not { } result) continue;
                ComparisonRecord.Keep(_context.StateFolder, result);
                await output.WriteObjectAsync(result).ConfigureAwait(false);
                if (!result.IsEqual) await output.WriteWarningAsync(
                    $"{result.Site}: VTE and WATS differ. Compare-VteWatsSync -Site '{result.Site}' -Since '{result.Since:o}' lists where.")
                    .ConfigureAwait(false);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                // Whatever it is, also a wait of a library's own that ran out: a failure never ends the loop.
                await output.WriteErrorAsync(Failures.From(e)).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    // By size too: a file that is copied back may bear an older time.
    private bool HasChanged(string? path)
    {
        var file = path is null ? null : new FileInfo(path);
        (DateTime, long)? now = file is { Exists: true } ? (file.LastWriteTimeUtc, file.Length) : null;
        var changed = _seen is not null && now != _seen;
        _seen = now;
        return changed;
    }

    // Tokens and passwords run out in the life of a service, and configurations are corrected: what is new is taken up without a restart.
    private async Task RenewAsync(IPipelineWriter output, CancellationToken ct)
    {
        try
        {
            var renewed = await ResolveContextAsync(output, ct).ConfigureAwait(false);
            renewed.GivenInterval = IntervalMinutes;
            _context!.Dispose();
            _context = renewed;
            _loop!.Change(Interval(renewed), Files(renewed));
        }
        catch (VteWatsException e)
        {
            // A bad edit is told, and the old configuration goes on.
            _context!.Log.For<StartVteWatsSyncCommand>().Error(null, "The changed configuration cannot be used, and the old one goes on: "
                + "{Problem}", e.Message);
            await output.WriteErrorAsync(Failures.From(e)).ConfigureAwait(false);
        }
    }
}
