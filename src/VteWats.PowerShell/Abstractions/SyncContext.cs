using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Wats.Client;

namespace VteWats.PowerShell.Abstractions;

/// <summary>Everything that syncs of some sites share.</summary>
internal sealed class SyncContext : IDisposable
{
    private readonly ResolvedTarget _target;
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

    public SyncServices Services(ResolvedSite site, SyncRequest request) =>
        SyncServices.Create(site.Site, site.Clock, site.Password, StateFolder, Sync, _target.Wats, Client, request, Log);

    public void Dispose()
    {
        Client.Dispose();
        Log.Dispose();
    }
}
