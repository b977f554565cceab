using VteWats.Core.Diagnostics;

namespace VteWats.Core.Wats.Client;

internal static class WatsAddress
{
    /// <summary>The server's base address: a trailing <c>/api</c> is cut, a trailing slash is added, so that routes can be appended.</summary>
    public static Uri Parse(string? baseUrl)
    {
        if (!Uri.TryCreate(baseUrl?.Trim(), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
            throw new VteWatsException(
                ErrorKind.ConfigurationInvalid, "The base URL of WATS is no http or https URL without a login in it.",
                "Set wats.baseUrl, or -BaseUrl, to the address that the browser shows for WATS, such as https://company.wats.com.");
        var path = url.AbsolutePath.TrimEnd('/');
        if (path.EndsWith("/api", StringComparison.OrdinalIgnoreCase)) path = path[..^4].TrimEnd('/');
        return new UriBuilder(url.Scheme, url.Host, url.Port, path + "/").Uri;
    }
}
