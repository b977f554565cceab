using System.Management.Automation;
using System.Security;
using VteWats.Core.Diagnostics;
using VteWats.Core.Operating.Alerts;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Abstractions;

/// <summary>A cmdlet that works on sites and the WATS server at once.</summary>
public abstract class SyncCommand : VteSourceCommand
{
    private readonly List<string?> _names = [];

    /// <summary>Base URL of the server, with or without a trailing /api.</summary>
    [Parameter]
    public Uri? BaseUrl { get; set; }

    /// <summary>The token.</summary>
    [Parameter]
    public SecureString? Token { get; set; }

    /// <summary>Reference to the token: env:NAME, file:PATH or secret:VAULT/NAME.</summary>
    [Parameter]
    public string? TokenReference { get; set; }

    /// <summary>system, none, or the URL of a proxy.</summary>
    [Parameter]
    public string? Proxy { get; set; }

    /// <summary>Login at the proxy.</summary>
    [Parameter]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Folder of watermarks, dead letters and locks; the configured one without it.</summary>
    [Parameter]
    public string? StateFolder { get; set; }

    /// <summary>Sites that are piped in are worked on together, when all are known.</summary>
    protected sealed override Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        _names.Add(Site);
        return Task.CompletedTask;
    }

    protected sealed override Task EndAsync(IPipelineWriter output, CancellationToken ct) =>
        _names.Count == 0 ? Task.CompletedTask : WorkAsync(output, ct);

    private protected abstract Task WorkAsync(IPipelineWriter output, CancellationToken ct);

    /// <summary>Server, sites and state that are meant.</summary>
    internal async Task<SyncContext> ResolveContextAsync(IPipelineWriter output, CancellationToken ct)
    {
        var sites = await ResolveSitesAsync(_names, output, ct).ConfigureAwait(false);
        var configuration = sites[0].Configuration;
        var log = await OpenLogAsync(configuration, StateFolder, output).ConfigureAwait(false);
        try
        {
            return await ResolveContextAsync(sites, log, output, ct).ConfigureAwait(false);
        }
        catch (VteWatsException e)
        {
            log.For<SyncCommand>().Error(null, "{Id} before any site began: {Problem}", e.Error.Id, e.Message);
            log.Dispose();
            throw;
        }
    }

    private async Task<SyncContext> ResolveContextAsync(IReadOnlyList<ResolvedSite> sites, VteWatsLog log, IPipelineWriter output,
        CancellationToken ct)
    {
        var configuration = sites[0].Configuration;
        var given = new TargetParameters(BaseUrl, Token, TokenReference, Proxy, ProxyCredential);
        var target = await given.ResolveAsync(configuration, Secrets(output), path => FilePathAsync(output, path), ct)
            .ConfigureAwait(false);
        var folder = await StateFolderAsync(StateFolder, configuration, output).ConfigureAwait(false);
        var secrets = Secrets(output);
        return new SyncContext(sites, target, folder, log)
        {
            Alerts = (target.Configuration ?? configuration) is not { } known ? null
                : new AlertDesk(folder, known.Alerts, secrets.ReadAsync, log),
        };
    }
}
