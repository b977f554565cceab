using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Operating.Alerts;

/// <summary>Why something is told.</summary>
internal enum AlertKind
{
    /// <summary>It began.</summary>
    Alert,

    /// <summary>It lasts.</summary>
    Reminder,

    /// <summary>It is over.</summary>
    Resolved,

    /// <summary>Somebody tries whether anything arrives.</summary>
    Test,
}

/// <summary>What is told of one site.</summary>
internal sealed record AlertedSite(string Site, string Message, string Advice, DateTimeOffset Since, DateTimeOffset? Until);

/// <summary>One message to people: a condition, and all sites that have it.</summary>
internal sealed record AlertMessage
{
    private const int LongestText = 1000;

    public required AlertKind Kind { get; init; }
    public required string Condition { get; init; }
    public HealthState State { get; init; }
    public DateTimeOffset At { get; init; }
    public string Machine { get; init; } = Environment.MachineName;
    public IReadOnlyList<AlertedSite> Sites { get; init; } = [];

    /// <summary>The message in a few words.</summary>
    public string Title
    {
        get
        {
            var where = Sites.Count <= 3 ? string.Join(", ", Sites.Select(site => site.Site))
                : string.Create(CultureInfo.InvariantCulture, $"{Sites.Count} sites");
            return Kind switch
            {
                AlertKind.Alert => $"VteWats: {Condition} at {where}",
                AlertKind.Reminder => $"VteWats: still {Condition} at {where}",
                AlertKind.Resolved => $"VteWats: {Condition} is over at {where}",
                _ => "VteWats: this is a test",
            };
        }
    }

    public static AlertMessage Of(AlertKind kind, IReadOnlyCollection<Incident> incidents, DateTimeOffset at) => new()
    {
        Kind = kind, Condition = incidents.First().Condition, State = incidents.Max(incident => incident.State), At = at,
        Sites = [.. incidents.OrderBy(incident => incident.Site, StringComparer.OrdinalIgnoreCase).Select(incident => new AlertedSite(
            incident.Site, Shown(incident.Message), Shown(incident.Advice), incident.OpenedAt, incident.ResolvedAt))],
    };

    public static AlertMessage Test(DateTimeOffset at) => new()
    {
        Kind = AlertKind.Test, Condition = "Test", At = at,
        Sites = [new("-", "Somebody ran Test-VteWatsAlert.", "Nothing is wrong, and nothing is to be done.", at, null)],
    };

    /// <summary>Sites with the same text together, so that forty of them are not forty paragraphs.</summary>
    public IEnumerable<(string Where, AlertedSite First)> Groups() => Sites.GroupBy(site => (site.Message, site.Advice))
        .Select(group => (string.Join(", ", group.Select(site => site.Site)), group.First()));

    /// <summary>As plain text.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        foreach (var (where, first) in Groups())
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{where}: {first.Message}");
            if (Kind is AlertKind.Alert or AlertKind.Reminder) text.AppendLine(CultureInfo.InvariantCulture, $"What to do: {first.Advice}");
            var over = first.Until is { } until ? $", over at {Instant(until)}" : "";
            text.AppendLine(CultureInfo.InvariantCulture, $"Since {Instant(first.Since)}{over}.");
            text.AppendLine();
        }
        text.Append(CultureInfo.InvariantCulture, $"{Condition}, {State}. Told by VteWats on {Machine} at {Instant(At)}.");
        return text.ToString();
    }

    public string ToJson() => JsonSerializer.Serialize(this, AlertJson.Default.AlertMessage);

    public static AlertMessage FromJson(string json) => JsonSerializer.Deserialize(json, AlertJson.Default.AlertMessage)!;

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Shown(string text)
    {
        text = PrintableText.Lines(SecretMask.Scrub(text));
        return text.Length <= LongestText ? text : text[..LongestText] + "…";
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(AlertMessage))]
internal sealed partial class AlertJson : JsonSerializerContext;
