using System.Diagnostics;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Operating.Alerts;

/// <summary>Whether a channel took a message.</summary>
/// <param name="Channel">Name of the channel.</param>
/// <param name="Succeeded">It took it.</param>
/// <param name="Message">What happened.</param>
/// <param name="Advice">What to do.</param>
/// <param name="Duration">How long it took.</param>
public sealed record AlertTrial(string Channel, bool Succeeded, string Message, string Advice, TimeSpan Duration);

/// <summary>
/// Tells people what is wrong with sites. It runs beside the syncs, judges by what they have written down, and may fail, hang or be killed
/// without any of them noticing.
/// </summary>
public sealed class AlertDesk
{
    private readonly string _stateFolder;
    private readonly AlertOptions _options;
    private readonly VteWatsLog _log;
    private readonly TimeProvider _time;
    private readonly List<IAlertChannel> _channels;

    /// <param name="stateFolder">The state folder.</param>
    /// <param name="options">Who is told.</param>
    /// <param name="secret">Reads what a reference points to.</param>
    /// <param name="log">Where it is told, too.</param>
    public AlertDesk(string stateFolder, AlertOptions options, Func<string, CancellationToken, Task<string>> secret, VteWatsLog? log = null)
        : this(stateFolder, options, ChannelsOf(options, secret), log, TimeProvider.System)
    {
        if (options.Heartbeat is { } url) Heartbeat = new OutgoingHeartbeat(ct => secret(url, ct));
    }

    internal AlertDesk(string stateFolder, AlertOptions options, IEnumerable<IAlertChannel> channels, VteWatsLog? log, TimeProvider time)
    {
        _stateFolder = stateFolder;
        _options = options;
        _log = (log ?? VteWatsLog.None).For<AlertDesk>();
        _time = time;
        _channels = [.. channels];
    }

    /// <summary>The outgoing heartbeat; null where there is none.</summary>
    public OutgoingHeartbeat? Heartbeat { get; }

    /// <summary>How long one attempt to send may take.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    private Outbox Outgoing => new(_stateFolder, _channels, _time) { Patience = Patience };

    /// <summary>Judges the sites, and tells what is to be told.</summary>
    /// <returns>What could not be done; null when everything could.</returns>
    public async Task<VteWatsException?> RunAsync(IReadOnlyList<SiteHealth> health, CancellationToken ct)
    {
        try
        {
            var round = new IncidentRound(new IncidentStore(_stateFolder), _options, [.. _channels.Select(channel => channel.Name)]);
            foreach (var message in round.Run(health, _time.GetUtcNow()))
            {
                if (message.Kind == AlertKind.Resolved) _log.Information("{Title}", message.Title);
                else _log.Warning("{Title}: {Text}", message.Title, message.Sites[0].Message);
            }
            var problem = await Outgoing.SendAsync(ct).ConfigureAwait(false);
            if (problem is not null) _log.Warning("{Problem}", problem.Message);
            return problem;
        }
        catch (VteWatsException e)
        {
            _log.Warning("Incidents could not be kept: {Problem}", e.Message);
            return e;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Sends a message through every channel, and beats the heartbeat.</summary>
    public async Task<IReadOnlyList<AlertTrial>> TryAsync(CancellationToken ct)
    {
        var message = AlertMessage.Test(_time.GetUtcNow());
        var trials = _channels.Select(channel => TryAsync(channel.Name,
            () => Outgoing.AttemptAsync(channel, message, Guid.NewGuid().ToString("N"), ct))).ToList();
        if (Heartbeat is { } heartbeat) trials.Add(TryAsync("heartbeat", () => heartbeat.End([])));
        return await Task.WhenAll(trials).ConfigureAwait(false);
    }

    private static async Task<AlertTrial> TryAsync(string channel, Func<Task<VteWatsException?>> attempt)
    {
        var since = Stopwatch.GetTimestamp();
        var problem = await attempt().ConfigureAwait(false);
        return new AlertTrial(channel, problem is null, problem?.Message ?? "It was taken.", problem?.Advice ?? "",
            Stopwatch.GetElapsedTime(since));
    }

    private static IEnumerable<IAlertChannel> ChannelsOf(AlertOptions options, Func<string, CancellationToken, Task<string>> secret)
    {
        if (options.Mail is { } mail)
            yield return new MailChannel(mail, mail.Password is { } password ? ct => secret(password, ct) : null);
        foreach (var (name, webhook) in options.Webhooks)
            yield return new WebhookChannel(name, webhook.Format, ct => secret(webhook.Url, ct));
    }
}
