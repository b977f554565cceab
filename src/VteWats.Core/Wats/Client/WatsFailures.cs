using System.Net;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Wats.Client;

/// <summary>Says which failure an answer, or the lack of one, is, and what to do about it. All of them stop the pipeline: none is about one report.</summary>
internal static class WatsFailures
{
    /// <summary>An answer that will not change by asking again, or did not within all attempts.</summary>
    public static VteWatsException Of(WatsAnswer answer, Uri baseUrl)
    {
        var server = baseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/');
        var what = $"{SecretMask.Scrub(Shorten(answer.ErrorText()))} (request {answer.Correlation})";
        if (answer.Status == HttpStatusCode.ProxyAuthenticationRequired) return Make(
            ErrorKind.WatsProxyFailed, $"The proxy on the way to {server} wants a login (407).",
            "Set wats.proxyUserName and wats.proxyPassword, give -ProxyCredential, or set wats.proxy to none when WATS is reached without a proxy.", server);
        if (answer.IsRedirect) return Make(
            ErrorKind.WatsNotWats, $"{server} sends the request on to {answer.Location?.ToString() ?? "another address"} instead of answering (HTTP {(int)answer.Status}).",
            "Set wats.baseUrl to the address that WATS itself has (https, not http). If the other address is a log-on page, this machine must log on to its network first.", server);
        if (answer.IsHtml && (int)answer.Status is < 400 or 400 or 422) return Make(
            ErrorKind.WatsNotWats, $"{server} answers with a web page instead of WATS data: a log-on page of the network, a proxy, or another web server.",
            "Open the address in a browser on this machine. Log on to the network if it asks for it, or correct wats.baseUrl or wats.proxy.", server);
        return answer.Status switch
        {
            HttpStatusCode.Unauthorized => Make(
                ErrorKind.WatsUnauthorized, $"{server} does not accept the token (401): {what}",
                "Make a new token in the WATS settings and put it where wats.token points to. The token goes as it is; do not encode it again.", server),
            HttpStatusCode.Forbidden => Make(
                ErrorKind.WatsForbidden, $"The token may not do this on {server} (403): {what}",
                "Give the token's user the right to submit and to read reports, or use another token.", server),
            HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed => Make(
                ErrorKind.WatsRouteMissing, $"{server} does not have this route of the WATS API ({(int)answer.Status}): {what}",
                "Correct wats.baseUrl: the address of WATS without a path, such as https://company.wats.com. The server must be release 20.2 or later.", server),
            HttpStatusCode.TooManyRequests => Make(
                ErrorKind.WatsThrottled, $"{server} still says that there are too many requests (429) after {answer.Attempts} attempt(s): {what}",
                "Lower wats.requestsPerMinute or wats.throttleLimit, and start again: what was sent is not sent twice.", server),
            _ => Make(
                ErrorKind.WatsUnavailable, $"{server} answered HTTP {(int)answer.Status} after {answer.Attempts} attempt(s): {what}",
                "Look at the WATS server, or wait. Start again when it is well: what was sent is not sent twice.", server),
        };
    }

    /// <summary>No usable answer within all attempts.</summary>
    public static VteWatsException Of(Exception failure, WatsAnswer? lastAnswer, Uri baseUrl, int attempts, string correlation)
    {
        if (lastAnswer is { IsSuccess: false } && failure is not HttpRequestException) return Of(lastAnswer with { Attempts = attempts }, baseUrl);
        var server = baseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/');
        var tail = $"(request {correlation}, {attempts} attempt(s))";
        if (failure is HttpRequestException http)
        {
            var inner = Innermost(http);
            switch (http.HttpRequestError)
            {
                case HttpRequestError.NameResolutionError:
                    return Make(ErrorKind.WatsUnreachable, $"The name {baseUrl.Host} is not known to this machine's name server {tail}.",
                        "Correct wats.baseUrl, or ask the network's administrator why the name does not resolve here.", server, failure);
                case HttpRequestError.SecureConnectionError:
                    return Make(ErrorKind.WatsCertificateUntrusted, $"The TLS connection to {server} was refused: {inner} {tail}",
                        "Have the certificate authority of the WATS server put into this machine's trusted roots, or use the name that the certificate is made out to. VteWats never skips this check.", server, failure);
                case HttpRequestError.ProxyTunnelError:
                    return Make(ErrorKind.WatsProxyFailed, $"The proxy on the way to {server} refuses: {inner} {tail}",
                        "Set wats.proxyUserName and wats.proxyPassword, give -ProxyCredential, or set wats.proxy to none when WATS is reached without a proxy.", server, failure);
                case HttpRequestError.ConnectionError:
                    return Make(ErrorKind.WatsUnreachable, $"{server} cannot be reached: {inner} {tail}",
                        "See that the WATS server runs and that the firewall lets this machine reach its port; check wats.baseUrl and wats.proxy.", server, failure);
                default:
                    return Make(ErrorKind.WatsUnavailable, $"The connection to {server} broke: {inner} {tail}",
                        "Look at the network and the WATS server. Start again: what was sent is not sent twice.", server, failure);
            }
        }
        if (failure is BrokenAnswerException) return Make(
            ErrorKind.WatsNotWats, $"{server} answered 200, but not as WATS does: the answer is cut off or does not name the report {tail}.",
            "Open the address in a browser on this machine: a proxy or another server may stand in between. The report may have arrived; it is safe to send it again.", server, failure);
        return Make(ErrorKind.WatsUnavailable, $"{server} gave no answer in time: {failure.Message} {tail}",
            "Look at the WATS server and the network, or raise wats.timeoutSeconds. Start again: what was sent is not sent twice.", server, failure);
    }

    private static VteWatsException Make(ErrorKind kind, string message, string advice, string server, Exception? inner = null) => new(kind, message, advice, server, inner);

    private static string Innermost(Exception e)
    {
        while (e.InnerException is not null) e = e.InnerException;
        return SecretMask.Scrub(e.Message);
    }

    private static string Shorten(string text) => text.Length <= 500 ? text : text[..500] + "…";
}
