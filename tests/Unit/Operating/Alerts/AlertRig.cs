using VteWats.Core.Diagnostics;
using VteWats.Core.Operating;
using VteWats.Core.Operating.Alerts;
using VteWats.Core.Sync.State;
using VteWats.Unit.Support;
using VteWats.Unit.Sync;

namespace VteWats.Unit.Operating.Alerts;

/// <summary>A state folder, a clock that the test moves, a desk, and a webhook on loopback that takes its messages as JSON.</summary>
internal sealed class AlertRig : IAsyncDisposable
{
    private readonly TempFolder _folder = new();

    private AlertRig() { }

    public static AlertRig Start() => new();

    public ManualTime Time { get; } = new(new DateTimeOffset(2026, 11, 24, 3, 0, 0, TimeSpan.Zero));
    public AlertReceiver Receiver { get; } = AlertReceiver.Start();
    public AlertOptions Options { get; set; } = new();
    public string State => _folder.File("state");

    /// <summary>Channels besides the webhook.</summary>
    public List<IAlertChannel> More { get; } = [];

    /// <summary>What came to the webhook.</summary>
    public List<AlertMessage> Told => [.. Receiver.Got.Select(got => AlertMessage.FromJson(got.Body))];

    public AlertDesk Desk(TimeSpan? patience = null) => new(State, Options,
        [new WebhookChannel("test", WebhookOptions.Json, _ => Task.FromResult(Receiver.Base + "/secret/path")), .. More], null, Time)
    {
        Patience = patience ?? TimeSpan.FromSeconds(10),
    };

    /// <summary>One round of judging, some minutes after the last.</summary>
    public Task<VteWatsException?> RoundAsync(double minutes, params SiteHealth[] health)
    {
        Time.Advance(TimeSpan.FromMinutes(minutes));
        return Desk().RunAsync(health, CancellationToken.None);
    }

    public static SiteHealth Site(string name, params string[] conditions) => new()
    {
        Site = name, Status = new SiteStatus { Site = name },
        Reasons =
        [
            .. conditions.Select(condition => new HealthReason(condition, HealthState.Unhealthy, $"{condition} it is.", "Do something.")),
        ],
    };

    public IReadOnlyList<Incident> Incidents(bool all = false) => new IncidentStore(State).Read(all);

    public async ValueTask DisposeAsync()
    {
        await Receiver.DisposeAsync();
        _folder.Dispose();
    }
}
