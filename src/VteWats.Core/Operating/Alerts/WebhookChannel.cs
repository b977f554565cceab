using System.Net.Http.Headers;
using System.Text;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Operating.Alerts;

/// <summary>Alerts by HTTP.</summary>
/// <param name="name">Its name in the configuration.</param>
/// <param name="format">The form of what is posted.</param>
/// <param name="url">Reads the URL.</param>
internal sealed class WebhookChannel(string name, string format, Func<CancellationToken, Task<string>> url) : IAlertChannel
{
    public string Name => "webhook " + name;

    public async Task SendAsync(AlertMessage message, string id, CancellationToken ct)
    {
        var address = AlertAddress.Parse($"alerts.webhooks.{name}.url", await url(ct).ConfigureAwait(false));
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(WebhookBody.Of(message, format, id)));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        try
        {
            using var http = AlertAddress.Client(address);
            using var answer = await http.PostAsync(address, body, ct).ConfigureAwait(false);
            if (answer.IsSuccessStatusCode) return;
            throw AlertFailures.Make(Name, $"{address.Host} answered HTTP {(int)answer.StatusCode}", null,
                (int)answer.StatusCode is 401 or 403 or 404 or 410
                    ? $"The receiver does not know the URL (any more): make a new one there, and put it where alerts.webhooks.{name}.url "
                    + "points." : null);
        }
        catch (HttpRequestException e)
        {
            throw AlertFailures.Make(Name, $"{address.Host} cannot be reached: {Innermost(e)}", e);
        }
    }

    internal static string Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e.Message;
}
