using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Wats.Client;

/// <summary>What all clients of a server share in this process: the connections.</summary>
internal static class WatsHandlers
{
    private static readonly ConcurrentDictionary<string, Lazy<SocketsHttpHandler>> Handlers = new(StringComparer.Ordinal);

    public static SocketsHttpHandler Get(Uri baseUrl, WatsOptions wats, string? proxyPassword)
    {
        // The password tells logins apart; only its hash is kept in the key.
        var login = proxyPassword is null ? "" : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(proxyPassword)));
        var key = string.Join('|', baseUrl.GetLeftPart(UriPartial.Authority), wats.Proxy, wats.ProxyUserName, login, wats.TimeoutSeconds);
        return Handlers.GetOrAdd(key, _ => new Lazy<SocketsHttpHandler>(() => Create(wats, proxyPassword))).Value;
    }

    /// <summary>Time for a connection to come about: well below that for an answer, so that the one is not taken for the other.</summary>
    public static TimeSpan ConnectTimeout(WatsOptions wats) => TimeSpan.FromSeconds(Math.Min(15, wats.TimeoutSeconds / 2.0));

    /// <summary>The proxy on the way to the server; null for none.</summary>
    public static Uri? ProxyOf(Uri baseUrl, WatsOptions wats) => wats.Proxy?.ToLowerInvariant() switch
    {
        null or "system" => HttpClient.DefaultProxy.IsBypassed(baseUrl) ? null : HttpClient.DefaultProxy.GetProxy(baseUrl),
        "none" => null,
        _ => new Uri(wats.Proxy!),
    };

    // Many a machine has the login of its proxy in a variable, and .NET puts the whole of it into its messages.
    private static void HideProxyLogins()
    {
        foreach (var name in (string[])["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"])
        {
            var text = Environment.GetEnvironmentVariable(name);
            if (!Uri.TryCreate(text?.Contains("://", StringComparison.Ordinal) == false ? "http://" + text
                : text, UriKind.Absolute, out var proxy)) continue;
            var password = proxy.UserInfo.Split(':', 2) is [_, var secret] ? secret : null;
            SecretMask.Add(password);
            SecretMask.Add(password is null ? null : Uri.UnescapeDataString(password));
        }
    }

    private static SocketsHttpHandler Create(WatsOptions wats, string? proxyPassword)
    {
        var handler = new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
            // A redirect would turn a post into a get without its body: it is told as a wrong address instead.
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = ConnectTimeout(wats),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            MaxConnectionsPerServer = 100,
        };
        var credential = wats.ProxyUserName is null ? null : new NetworkCredential(wats.ProxyUserName, proxyPassword);
        switch (wats.Proxy?.ToLowerInvariant())
        {
            case null or "system":
                HideProxyLogins();
                handler.DefaultProxyCredentials = credential;
                break;
            case "none":
                handler.UseProxy = false;
                break;
            default:
                handler.Proxy = new WebProxy(wats.Proxy) { Credentials = credential };
                break;
        }
        return handler;
    }
}
