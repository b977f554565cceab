using System.Management.Automation;
using System.Security;
using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.Core.Wats.Client;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Abstractions;

/// <summary>A WATS server that is ready to be spoken to.</summary>
/// <param name="Configuration">What the configuration file says besides; null without a file.</param>
/// <param name="Wats">The server with the parameters of the cmdlet laid over it.</param>
/// <param name="Token">The token, verbatim.</param>
/// <param name="ProxyPassword">The proxy's password; null without a proxy login.</param>
public sealed record ResolvedTarget(VteWatsConfiguration? Configuration, WatsOptions Wats, string Token, string? ProxyPassword)
{
    /// <summary>Leaves the secrets out: records print all they have.</summary>
    public override string ToString() => Wats.BaseUrl ?? "";
}

/// <summary>A cmdlet that speaks to a WATS server: the configured one, or one that is described by parameters alone.</summary>
public abstract class WatsTargetCommand : ConfiguredCommand
{
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

    /// <summary>The server to speak to, with its secrets: parameters first, then the configuration.</summary>
    protected async Task<ResolvedTarget> ResolveTargetAsync(IPipelineWriter output, CancellationToken ct)
    {
        var configuration = await LoadConfigurationAsync(output, ct).ConfigureAwait(false);
        var given = new TargetParameters(BaseUrl, Token, TokenReference, Proxy, ProxyCredential);
        return await given.ResolveAsync(configuration, Secrets(output), path => FilePathAsync(output, path), ct).ConfigureAwait(false);
    }
}

/// <summary>The parameters that describe a WATS server, for cmdlets that have them and a source's too.</summary>
internal sealed record TargetParameters(Uri? BaseUrl, SecureString? Token, string? TokenReference, string? Proxy,
    PSCredential? ProxyCredential)
{
    public async Task<ResolvedTarget> ResolveAsync(
        VteWatsConfiguration? configuration, SecretReader secrets, Func<string, Task<string>> toFilePath, CancellationToken ct)
    {
        if (Token is not null && TokenReference is not null) throw Argument(
            "Both -Token and -TokenReference were given.", "Give one of them.");
        var wats = configuration?.Wats ?? new WatsOptions();
        if (BaseUrl is not null)
        {
            if (!BaseUrl.IsAbsoluteUri || BaseUrl.Scheme is not ("http" or "https") || BaseUrl.UserInfo.Length > 0) throw Argument(
                "-BaseUrl is not the URL of a WATS server.", "Give it as https://server, without a login in it.");
            // A token belongs to the server that it was configured for: another one must not get it.
            if (Token is null && TokenReference is null && !SameServer(wats.BaseUrl, BaseUrl)) wats = wats with { Token = null };
            wats = wats with { BaseUrl = BaseUrl.AbsoluteUri };
        }
        if (wats.BaseUrl is null) throw Argument(
            "No WATS server is named.", "Give -BaseUrl, or set wats.baseUrl in the configuration file.");
        if (TokenReference is not null)
        {
            var reference = SecretReference.Parse(TokenReference);
            wats = wats with
            {
                Token = reference.Kind == "file" ? "file:" + await toFilePath(reference.Location).ConfigureAwait(false) : TokenReference,
            };
        }
        if (Token is null && wats.Token is null) throw Argument(
            $"No token for {wats.BaseUrl} is given.",
            "Give -Token or -TokenReference, or set wats.token in the configuration file to a reference such as env:WATS_TOKEN.");
        if (Proxy is not null) wats = wats with { Proxy = Proxy, ProxyUserName = null, ProxyPassword = null };
        if (ProxyCredential is not null) wats = wats with { ProxyUserName = ProxyCredential.UserName, ProxyPassword = null };

        var token = Token is not null ? SessionVault.Plain(Token) : await secrets.ReadAsync(wats.Token!, ct).ConfigureAwait(false);
        var proxyPassword = ProxyCredential is not null ? SessionVault.Plain(ProxyCredential.Password)
            : wats.ProxyPassword is { } proxy ? await secrets.ReadAsync(proxy, ct).ConfigureAwait(false)
            : null;
        return new ResolvedTarget(configuration, wats, token, proxyPassword);
    }

    private static bool SameServer(string? configured, Uri given) =>
        Uri.TryCreate(configured, UriKind.Absolute, out var known)
        && Uri.Compare(known, given, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static VteWatsException Argument(string message, string advice) => new(ErrorKind.InvalidArgument, message, advice);
}
