namespace VteWats.Core.Operating.Alerts;

/// <summary>Who is told when a site is not healthy, and how.</summary>
public sealed record AlertOptions
{
    /// <summary>Minutes that an incident waits for others of its kind, and to pass by itself, before it is told, 0 to 1440.</summary>
    public int WaitMinutes { get; init; } = 5;

    /// <summary>Hours after which an open incident is told again, 1 to 720.</summary>
    public int RemindHours { get; init; } = 24;

    /// <summary>By e-mail; null where not.</summary>
    public MailOptions? Mail { get; init; }

    /// <summary>By HTTP, by name.</summary>
    public IReadOnlyDictionary<string, WebhookOptions> Webhooks { get; init; } = new Dictionary<string, WebhookOptions>();

    /// <summary>Reference to the URL of the outgoing heartbeat; null where there is none.</summary>
    public string? Heartbeat { get; init; }
}

/// <summary>The mail server and who gets the mail.</summary>
public sealed record MailOptions
{
    public const string StartTls = "startTls", Tls = "tls", Plain = "none";

    public string Server { get; init; } = "";
    public int Port { get; init; } = 587;

    /// <summary><c>startTls</c>, <c>tls</c>, or <c>none</c> for a relay without encryption and without login.</summary>
    public string Security { get; init; } = StartTls;
    public string? UserName { get; init; }

    /// <summary>Reference to the password.</summary>
    public string? Password { get; init; }
    public string From { get; init; } = "";
    public IReadOnlyList<string> To { get; init; } = [];
}

/// <summary>A receiver of alerts by HTTP.</summary>
public sealed record WebhookOptions
{
    public const string Json = "json", Slack = "slack", Teams = "teams";

    /// <summary>Reference to the URL.</summary>
    public string Url { get; init; } = "";

    /// <summary><c>json</c>, <c>slack</c> or <c>teams</c>.</summary>
    public string Format { get; init; } = Json;
}
