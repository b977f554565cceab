using VteWats.Core.Diagnostics;
using VteWats.Core.Operating;
using VteWats.Core.Operating.Alerts;
using VteWats.Core.Sync;
using VteWats.Core.Sync.State;
using VteWats.Core.Wats.Client;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Abstractions;

/// <summary>Everything that syncs of some sites share.</summary>
internal sealed class SyncContext : IDisposable
{
    private readonly ResolvedTarget _target;
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    public SyncContext(IReadOnlyList<ResolvedSite> sites, ResolvedTarget target, string stateFolder, VteWatsLog log)
    {
        Sites = sites;
        StateFolder = stateFolder;
        _target = target;
        Log = log;
        Client = WatsClient.Create(target.Wats, target.Token, target.ProxyPassword, log);
    }

    public IReadOnlyList<ResolvedSite> Sites { get; }
    public string StateFolder { get; }
    public WatsClient Client { get; }
    public VteWatsLog Log { get; }

    /// <summary>The configuration file; null without one.</summary>
    public string? ConfigurationPath => _target.Configuration?.Path ?? Sites[0].Configuration?.Path;

    public SyncOptions Sync => _target.Configuration?.Sync ?? new SyncOptions();

    /// <summary>Minutes between two syncs as they were given; null where they were not.</summary>
    public int? GivenInterval { get; set; }

    /// <summary>Minutes between two syncs.</summary>
    public int IntervalMinutes => GivenInterval ?? Sync.IntervalMinutes;

    /// <summary>What the watching over syncs could not do: a warning, the first time for each thing.</summary>
    public async Task TellOnceAsync(VteWatsException? problem, IPipelineWriter output)
    {
        if (problem is null) return;
        lock (_told)
        {
            if (!_told.Add($"{problem.Error.Id} {problem.Target}")) return;
        }
        await output.WriteWarningAsync($"{problem.Message} {problem.Advice}").ConfigureAwait(false);
    }

    /// <summary>Is given a number every second that changes as long as a sync moves.</summary>
    public Action<long>? OnMovement { get; set; }

    /// <summary>Tells people what is wrong; null without a configuration file.</summary>
    public AlertDesk? Alerts { get; init; }

    /// <summary>How all sites of the configuration are, for those who are told.</summary>
    public IReadOnlyList<SiteHealth> AllHealth()
    {
        var configuration = _target.Configuration ?? Sites[0].Configuration!;
        return (Watched() with { Sites = [.. configuration.Sites.Keys.Select(name => new WatchedSite(name, null))] }).Health();
    }

    /// <summary>What is watched over: the sites of this context.</summary>
    public WatchedSites Watched()
    {
        var configuration = _target.Configuration ?? Sites[0].Configuration;
        return new WatchedSites
        {
            StateFolder = StateFolder, Measure = OperatingParts.Measure(configuration, StateFolder),
            Sites = [.. Sites.Select(site => new WatchedSite(site.Site.Name, ClockOf(site)))],
        };
    }

    private static Core.Time.SiteClock? ClockOf(ResolvedSite site)
    {
        // A clock of its own: that of the sync counts for the sync.
        try { return Core.Time.SiteClock.For(site.Site.TimeZone); }
        catch (VteWatsException) { return null; }
    }

    /// <summary>Writes the metrics of a site, where the configuration says where.</summary>
    public void WriteMetrics(SiteStatus status)
    {
        var configuration = _target.Configuration ?? Sites[0].Configuration;
        if (configuration?.Metrics.TextfileFolder is { } folder)
            MetricsFile.Write(folder, status, OperatingParts.Measure(configuration, StateFolder));
    }

    public SyncServices Services(ResolvedSite site, SyncRequest request) =>
        SyncServices.Create(site.Site, site.Clock, site.Password, StateFolder, Sync, _target.Wats, Client, request, Log);

    public void Dispose()
    {
        Client.Dispose();
        Log.Dispose();
    }
}
