using System.Net;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Operating.Alerts;

/// <summary>URLs that alerts go to. Whoever knows one may write there: they are secrets, and only their host is ever told.</summary>
internal static class AlertAddress
{
    // Masked only where it tells something; a path of one word may be a word of a message.
    private const int ShortestPath = 8;

    private const string Connectors =
        "is the URL of an Office 365 connector (webhook.office.com), and Microsoft has switched these off: in Teams, add the workflow "
        + "'Post to a channel when a webhook request is received' and use the URL that it gives, with format teams";

    /// <summary>What is wrong with a text as a reference to such a URL; null when nothing is. Does not repeat the text.</summary>
    public static string? WrongReference(string text) => IsConnector(text) ? Connectors
        : text.Contains("://", StringComparison.Ordinal) && !text.StartsWith("file:", StringComparison.Ordinal)
        ? "is a URL. Whoever knows it may write there: put it where only this account reads it, and write env:NAME, file:PATH or "
        + "secret:VAULT/NAME here" : null;

    /// <summary>The URL, masked from now on in all that is told.</summary>
    /// <exception cref="VteWatsException"><c>ConfigurationInvalid</c>: it cannot be one. Names the key, and nothing of the URL.</exception>
    public static Uri Parse(string key, string text)
    {
        SecretMask.Add(text);
        var wrong = IsConnector(text) ? Connectors
            : !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") ? "is not a URL"
            : url.Scheme == "http" && !url.IsLoopback ? "is not encrypted: it has to begin with https" : null;
        if (wrong is not null) throw new VteWatsException(ErrorKind.ConfigurationInvalid, $"What {key} points to {wrong}.",
            "Put the right URL there.", key);
        var known = new Uri(text);
        if (known.PathAndQuery.Length >= ShortestPath) SecretMask.Add(known.PathAndQuery);
        return known;
    }

    /// <summary>A client of its own: alerts share nothing with the way into WATS.</summary>
    public static HttpClient Client(Uri url)
    {
        // Where it is sent on to, nobody has said that a secret may go.
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !url.IsLoopback })
        {
            Timeout = Timeout.InfiniteTimeSpan, DefaultRequestVersion = HttpVersion.Version11,
        };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("VteWats/" + typeof(AlertAddress).Assembly.GetName().Version!.ToString(3));
        return http;
    }

    private static bool IsConnector(string text) => text.Contains("webhook.office.com", StringComparison.OrdinalIgnoreCase);
}
