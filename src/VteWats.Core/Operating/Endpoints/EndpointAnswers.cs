using System.Text;
using System.Text.Json;
using VteWats.Core.Operating.Page;

namespace VteWats.Core.Operating.Endpoints;

/// <summary>An answer, whole.</summary>
internal sealed record EndpointAnswer(int Status, string ContentType, byte[] Body)
{
    public string Policy { get; init; } = "default-src 'none'; frame-ancestors 'none'";
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public static EndpointAnswer Text(int status, string text) => new(status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text));
}

/// <summary>What is answered at each path. Many callers within a second share one look at the state.</summary>
internal sealed class EndpointAnswers(Func<WatchedSites> watched)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    // What a restart of the process mends.
    private static readonly string[] Hung = ["NoHeartbeat", "StageSilent"];

    private readonly object _gate = new();
    private (long At, WatchedSites Sites, IReadOnlyList<SiteHealth> Health)? _last;

    public EndpointAnswer For(string path) => path switch
    {
        "/" => Page(),
        "/health" => Health(_ => true),
        "/health/live" => Health(condition => Hung.Contains(condition)),
        "/health/ready" => Health(condition => condition is "State" or "NeverSynced"),
        "/metrics" => Metrics(),
        _ => EndpointAnswer.Text(404, "There are /, /health, /health/live, /health/ready and /metrics.\n"),
    };

    private (WatchedSites Sites, IReadOnlyList<SiteHealth> Health) Look()
    {
        lock (_gate)
        {
            if (_last is { } last && System.Diagnostics.Stopwatch.GetElapsedTime(last.At) < Fresh) return (last.Sites, last.Health);
            var sites = watched();
            var health = sites.Health();
            _last = (System.Diagnostics.Stopwatch.GetTimestamp(), sites, health);
            return (sites, health);
        }
    }

    private EndpointAnswer Page()
    {
        var (sites, health) = Look();
        var html = StatusPage.Render([.. health.Select(site => SiteBoard.Read(sites, site))], sites.Time.GetUtcNow());
        return new EndpointAnswer(200, "text/html; charset=utf-8",
            Encoding.UTF8.GetBytes(html))
        { Policy = StatusPage.ContentSecurityPolicy };
    }

    private EndpointAnswer Metrics()
    {
        var (sites, health) = Look();
        return new EndpointAnswer(200, MetricsText.ContentType, Encoding.UTF8.GetBytes(sites.Metrics(health)));
    }

    /// <summary>503 where a site has one of the conditions; of all of them, where that is unhealthy.</summary>
    private EndpointAnswer Health(Func<string, bool> counts)
    {
        var (sites, health) = Look();
        var all = counts("Suspended");
        var reasons = health.Select(site => (Site: site, Reasons: site.Reasons.Where(reason => counts(reason.Condition)).ToList()))
            .ToList();
        var worst = reasons.SelectMany(site => site.Reasons).Select(reason => reason.State).DefaultIfEmpty(HealthState.Healthy).Max();
        var fails = all ? worst == HealthState.Unhealthy : worst != HealthState.Healthy;
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("status", worst.ToString());
            json.WriteString("at", sites.Time.GetUtcNow());
            json.WriteString("version", Release.Version);
            json.WriteStartArray("sites");
            foreach (var (site, found) in reasons) Write(json, site, found, all);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return new EndpointAnswer(fails ? 503 : 200, "application/json; charset=utf-8", body.ToArray());
    }

    private static void Write(Utf8JsonWriter json, SiteHealth site, IEnumerable<HealthReason> reasons, bool all)
    {
        json.WriteStartObject();
        json.WriteString("site", site.Site);
        if (all) json.WriteString("status", site.State.ToString());
        json.WriteNumber("lagSeconds", Math.Round(site.Lag.TotalSeconds));
        if (site.LastSuccess is { } success) json.WriteString("lastSuccess", success);
        if (site.LastProgress is { } progress) json.WriteString("lastProgress", progress);
        json.WriteStartArray("reasons");
        foreach (var reason in reasons)
        {
            json.WriteStartObject();
            json.WriteString("condition", reason.Condition);
            json.WriteString("status", reason.State.ToString());
            json.WriteString("message", reason.Message);
            json.WriteString("advice", reason.Advice);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
