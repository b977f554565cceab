using VteWats.Core.Diagnostics;

namespace VteWats.Core.Wats.Client;

internal static class WatsAddress
{
    /// <summary>What is wrong with the base URL of a server; null for nothing.</summary>
    public static string? WrongUrl(string text) => IsUrl(text, out var login) ? null
        : login ? "holds a login; the token belongs into wats.token, as a reference" : "is not a URL that begins with http:// or https://";

    /// <summary>What is wrong with a proxy; null for nothing. The text itself is not repeated: it may hold a login.</summary>
    public static string? WrongProxy(string text) => text.ToLowerInvariant() is "system" or "none" || IsUrl(text, out var login) ? null
        : login ? "holds a login; write proxyUserName, and proxyPassword as a reference" : "is neither system, none nor the URL of a proxy";

    private static bool IsUrl(string text, out bool login)
    {
        var parsed = Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
        login = parsed && url!.UserInfo.Length > 0;
        return parsed && !login && url!.Host.Length > 0;
    }

    /// <summary>What is wrong with a base URL that is one: the token would travel readable. Null for nothing.</summary>
    public static string? Unencrypted(Uri url, bool allowHttp) => url.Scheme == Uri.UriSchemeHttps || allowHttp || url.IsLoopback ? null
        : "begins with http://, so that everybody on the way could read the token: write https://, or set wats.allowHttp to true where "
        + "the network is trusted";

    /// <summary>The server's base address: a trailing <c>/api</c> is cut, a trailing slash is added, so that routes can be
    /// appended.</summary>
    /// <exception cref="VteWatsException"><c>ConfigurationInvalid</c>: it is not an http or https URL, or http without leave.</exception>
    public static Uri Parse(string? baseUrl, bool allowHttp)
    {
        if (!Uri.TryCreate(baseUrl?.Trim(), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")
            || url.UserInfo.Length > 0)
            throw new VteWatsException(
                ErrorKind.ConfigurationInvalid, "The base URL of WATS is not an http or https URL without a login in it.",
                "Set wats.baseUrl, or -BaseUrl, to the address that the browser shows for WATS, such as https://company.wats.com.");
        if (Unencrypted(url, allowHttp) is { } wrong) throw new VteWatsException(
            ErrorKind.ConfigurationInvalid, $"The base URL of WATS {wrong}.",
            "Use the https address of the server. If it has none, set wats.allowHttp to true in the configuration.",
            url.GetLeftPart(UriPartial.Path));
        var path = url.AbsolutePath.TrimEnd('/');
        if (path.EndsWith("/api", StringComparison.OrdinalIgnoreCase)) path = path[..^4].TrimEnd('/');
        return new UriBuilder(url.Scheme, url.Host, url.Port, path + "/").Uri;
    }
}
