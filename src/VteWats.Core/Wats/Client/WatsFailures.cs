using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Wats.Client;

/// <summary>Says which failure an answer, or the lack of one, is, and what to do about it, if it is the server's.</summary>
internal static partial class WatsFailures
{
    /// <summary>An answer that will not change by asking again, or did not within all attempts.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="baseUrl">The server.</param>
    public static VteWatsException From(WatsResponse answer, Uri baseUrl)
    {
        var server = baseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/');
        var request = $"(request {answer.Correlation})";
        var what = $"{SecretMask.Scrub(Shorten(answer.ErrorText()))} {request}";
        if (answer.Status == HttpStatusCode.ProxyAuthenticationRequired) return Make(
            ErrorKind.WatsProxyFailed, $"The proxy on the way to {server} wants a login (407) {request}.",
            "Set wats.proxyUserName and wats.proxyPassword, give -ProxyCredential, or set wats.proxy to none when WATS is reached "
            + "without a proxy.", server);
        if (answer.IsRedirect) return Make(
            ErrorKind.WatsNotWats, $"{server} sends the request on to {answer.Location?.ToString() ?? "another address"} instead of "
            + $"answering (HTTP {(int)answer.Status}) {request}.",
            "Set wats.baseUrl to the address that WATS itself has (https, not http). If the other address is a log-on page, this "
            + "machine must log on to its network first.", server);
        if (answer.IsHtml && (int)answer.Status is < 400 or 400 or 422 or 511) return Make(
            ErrorKind.WatsNotWats, $"{server} answers with a web page instead of WATS data: a log-on page of the network, a proxy, or "
            + $"another web server {request}.",
            "Open the address in a browser on this machine. Log on to the network if it asks for it, or correct wats.baseUrl or "
            + "wats.proxy.", server);
        return answer.Status switch
        {
            HttpStatusCode.Unauthorized => Make(
                ErrorKind.WatsUnauthorized, $"{server} does not accept the token (401): {what}",
                "Make a new token in the WATS settings and put it where wats.token points to. The token goes as it is; do not encode it "
                + "again.", server),
            HttpStatusCode.Forbidden => Make(
                ErrorKind.WatsForbidden, $"The token may not do this on {server} (403): {what}",
                "Give the token's user the right to submit and to read reports, or use another token.", server),
            HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed => Make(
                ErrorKind.WatsRouteMissing, $"{server} does not have this route of the WATS API ({(int)answer.Status}): {what}",
                "Correct wats.baseUrl: the address of WATS without a path, such as https://company.wats.com. The server must be release "
                + "20.2 or later.", server),
            HttpStatusCode.TooManyRequests => Make(
                ErrorKind.WatsThrottled,
                $"{server} still says that there are too many requests (429) after {answer.Attempts} attempt(s): {what}",
                "Lower wats.requestsPerMinute or wats.throttleLimit, and start again: what was sent is not sent twice.", server),
            _ => Make(
                ErrorKind.WatsUnavailable,
                $"{server} answered HTTP {(int)answer.Status} after {answer.Attempts} attempt(s): {what}",
                "Look at the WATS server, or wait. Start again when it is well: what was sent is not sent twice.", server),
        };
    }

    /// <summary>No usable answer within all attempts.</summary>
    /// <param name="failure">What happened last.</param>
    /// <param name="lastAnswer">The last answer, if there was one.</param>
    /// <param name="baseUrl">The server.</param>
    /// <param name="proxy">The proxy on the way; null for none.</param>
    /// <param name="attempts">How often it was sent.</param>
    /// <param name="correlation">Id of the request.</param>
    public static VteWatsException From(Exception failure, WatsResponse? lastAnswer, Uri baseUrl, Uri? proxy, int attempts,
        string correlation)
    {
        if (lastAnswer is { IsSuccess: false } && failure is not HttpRequestException)
            return From(lastAnswer with { Attempts = attempts }, baseUrl);
        var server = baseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/');
        var tail = $"(request {correlation}, {attempts} attempt(s))";
        if (failure is HttpRequestException http) return From(http, server, baseUrl.Host, proxy, tail);
        if (failure is IOException) return From(new HttpRequestException(failure.Message, failure), server, baseUrl.Host, proxy, tail);
        if (failure is InvalidResponseException) return Make(
            ErrorKind.WatsNotWats, $"{server} answered {(int?)lastAnswer?.Status ?? 200}, but not as WATS does: the answer is cut off, "
            + $"too long, or not what was asked for {tail}.",
            "Open the address in a browser on this machine: a proxy or another server may stand in between. The report may have "
            + "arrived; it is safe to send it again.", server, failure);
        return Make(ErrorKind.WatsUnavailable, $"{server} gave no answer in time: {failure.Message} {tail}",
            "Look at the WATS server and the network, or raise wats.timeoutSeconds. Start again: what was sent is not sent twice.", server,
            failure);
    }

    /// <summary>The same failure, told as that of the post of a report.</summary>
    public static VteWatsException About(VteWatsException failure, Guid id, string? serialNumber) => new(
        failure.Error,
        $"{failure.Message.TrimEnd('.')}. It was the report of test run {id:D}"
            + (serialNumber is null ? "." : $" (serial number {serialNumber})."),
        failure.Advice, id, failure.InnerException);

    /// <summary>True when no answer to a report can be the cause: there was no connection.</summary>
    public static bool IsWithoutConnection(VteWatsException failure) => failure.Error == ErrorKind.WatsUnreachable
        || failure.Error == ErrorKind.WatsCertificateUntrusted || failure.Error == ErrorKind.WatsProxyFailed;

    /// <summary>True when a TLS connection ended without a judgement on the certificate: it may come about the next time.</summary>
    public static bool BrokeOff(HttpRequestException tls) => Chain(tls).Any(e => e is IOException or SocketException);

    /// <summary>The status that a proxy answered CONNECT with; .NET tells it in the message only.</summary>
    public static int? TunnelStatus(HttpRequestException failure) =>
        QuotedStatus().Match(failure.Message) is { Success: true } match
        ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;

    private static VteWatsException From(HttpRequestException http, string server, string host, Uri? proxy, string tail)
    {
        var inner = SecretMask.Scrub(Chain(http).Last().Message);
        var through = proxy is null ? "" : $" through the proxy {proxy.Host}:{proxy.Port}";
        return http.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => Make(
                ErrorKind.WatsUnreachable,
                $"The name {(proxy is null ? host : $"of the proxy {proxy.Host}")} is not known to this machine's name server {tail}.",
                $"Correct {(proxy is null ? "wats.baseUrl" : "wats.proxy")}, or ask the network's administrator why the name does not "
                + "resolve here.", server, http),
            HttpRequestError.SecureConnectionError => Tls(http, server, inner, tail),
            HttpRequestError.ProxyTunnelError when TunnelStatus(http) is 407 or null => Make(
                ErrorKind.WatsProxyFailed, $"The proxy on the way to {server} refuses: {inner} {tail}",
                "Set wats.proxyUserName and wats.proxyPassword, give -ProxyCredential, or set wats.proxy to none when WATS is reached "
                + "without a proxy.", server, http),
            HttpRequestError.ProxyTunnelError => Make(
                ErrorKind.WatsProxyFailed, $"The proxy on the way to {server} makes no connection (HTTP {TunnelStatus(http)}) {tail}.",
                "See whether the proxy reaches WATS, and whether it lets this machine go there; set wats.proxy to none when WATS is "
                + "reached without a proxy.", server, http),
            HttpRequestError.ConnectionError => Make(
                ErrorKind.WatsUnreachable, $"{server} cannot be reached{through}: {inner} {tail}",
                "See that the WATS server runs and that the firewall lets this machine reach its port; check wats.baseUrl and wats.proxy.",
                server, http),
            _ => Make(
                ErrorKind.WatsUnavailable, $"The connection to {server}{through} broke: {inner} {tail}",
                "Look at the network and the WATS server. Start again: what was sent is not sent twice.", server, http),
        };
    }

    private static VteWatsException Tls(HttpRequestException http, string server, string inner, string tail)
    {
        if (BrokeOff(http)) return Make(
            ErrorKind.WatsUnavailable, $"The connection to {server} broke before it was encrypted: {inner} {tail}",
            "Look at the network, at what checks encrypted traffic on the way, and at the WATS server. Start again: what was sent is "
            + "not sent twice.", server, http);
        if (inner.Contains("frame", StringComparison.OrdinalIgnoreCase)) return Make(
            ErrorKind.WatsNotWats, $"{server} does not speak TLS on this port: {inner} {tail}",
            "Correct wats.baseUrl: the port, or http instead of https.", server, http);
        var expired = inner.Contains("NotTimeValid", StringComparison.Ordinal);
        return Make(
            ErrorKind.WatsCertificateUntrusted, $"The TLS connection to {server} was refused: {inner} {tail}",
            (expired ? "The certificate has run out or is not valid yet: have it renewed, and check the clock of this machine. Else have "
            : "Have ")
            + "the certificate authority of the WATS server put into this machine's trusted roots, or use the name that the certificate "
            + "is made out to. VteWats never skips this check.", server, http);
    }

    // An error is shown with what is inside of it, too: an exception that quotes a secret stays outside.
    private static VteWatsException Make(ErrorKind kind, string message, string advice, string server, Exception? inner = null)
    {
        var text = inner?.ToString();
        return new(kind, message, advice, server, text is not null && SecretMask.Scrub(text) != text ? null : inner);
    }

    private static IEnumerable<Exception> Chain(Exception failure)
    {
        for (var e = failure; e is not null; e = e.InnerException) yield return e;
    }

    private static string Shorten(string text) => text.Length <= 500 ? text : text[..500] + "…";

    [GeneratedRegex("'([0-9]{3})'")]
    private static partial Regex QuotedStatus();
}
