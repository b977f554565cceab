using VteWats.Core.Diagnostics;

namespace VteWats.Core.Operating.Alerts;

/// <summary>
/// Tells a watcher outside of this machine that syncs run: <c>/start</c> when one begins, the URL itself when it went well,
/// <c>/fail</c> when not, as healthchecks.io takes it. What does not come is what tells of a machine that is dead.
/// </summary>
/// <param name="url">Reads the URL.</param>
public sealed class OutgoingHeartbeat(Func<CancellationToken, Task<string>> url)
{
    private const string Key = "alerts.heartbeat";

    private readonly object _gate = new();
    private Task<VteWatsException?> _last = Task.FromResult<VteWatsException?>(null);

    /// <summary>How long one may take.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A sync begins. Nobody waits for it.</summary>
    public Task<VteWatsException?> Start() => Beat("/start", "");

    /// <summary>It ended. Nobody has to wait for it.</summary>
    /// <param name="failures">What ended syncs; nothing when all went well.</param>
    public Task<VteWatsException?> End(IReadOnlyCollection<string> failures) =>
        failures.Count == 0 ? Beat("", "") : Beat("/fail", string.Join('\n', failures));

    // In their order: an end must not arrive before its begin.
    private Task<VteWatsException?> Beat(string what, string body)
    {
        lock (_gate)
        {
            var before = _last;
            return _last = Task.Run(async () =>
            {
                await before.ConfigureAwait(false);
                return await SendAsync(what, body).ConfigureAwait(false);
            });
        }
    }

    private async Task<VteWatsException?> SendAsync(string what, string body)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var address = AlertAddress.Parse(Key, await url(patience.Token).ConfigureAwait(false));
            var place = new UriBuilder(address) { Path = address.AbsolutePath.TrimEnd('/') + what }.Uri;
            using var http = AlertAddress.Client(place);
            using var content = new StringContent(PrintableText.Lines(SecretMask.Scrub(body)));
            using var answer = await http.PostAsync(place, content, patience.Token).WaitAsync(patience.Token).ConfigureAwait(false);
            return answer.IsSuccessStatusCode ? null : Failure($"{address.Host} answered HTTP {(int)answer.StatusCode}");
        }
        catch (VteWatsException e)
        {
            return e;
        }
        catch (OperationCanceledException)
        {
            return Failure($"no answer within {Patience.TotalSeconds:0.#} s");
        }
        catch (HttpRequestException e)
        {
            return Failure(WebhookChannel.Innermost(e));
        }
        catch (Exception e)
        {
            return Failure($"{e.GetType().Name}: {e.Message}");
        }
    }

    private static VteWatsException Failure(string why) => new(ErrorKind.AlertNotSent,
        $"The heartbeat could not be sent: {why}. The sync itself goes on.",
        $"Look at what {Key} points to, and whether this machine reaches it; Test-VteWatsAlert tries it.", Key);
}
