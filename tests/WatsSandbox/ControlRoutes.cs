using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VteWats.WatsSandbox;

/// <summary>
/// Routes of the sandbox itself, for programs outside its process:
/// <c>/sandbox/faults</c> (GET, POST one or a list, DELETE), <c>/sandbox/reports</c> (GET, DELETE), <c>/sandbox/requests</c> (GET, DELETE),
/// <c>/sandbox/counts</c> (GET), <c>/sandbox/settings</c> (POST <c>hideMilliseconds</c>, <c>requestsPerMinute</c>, <c>seed</c>).
/// </summary>
internal sealed class ControlRoutes
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly SandboxServer _server;

    public ControlRoutes(SandboxServer server) => _server = server;

    public async Task AnswerAsync(HttpContext context, string path)
    {
        var request = context.Request;
        var response = context.Response;
        try
        {
            switch ((request.Method, path.TrimEnd('/').ToLowerInvariant()))
            {
                case ("GET", "/sandbox/faults"): await WriteAsync(response, _server.Faults.Current).ConfigureAwait(false); break;
                case ("POST", "/sandbox/faults"): await AddFaultsAsync(request).ConfigureAwait(false); break;
                case ("DELETE", "/sandbox/faults"): _server.Faults.Clear(); break;
                case ("POST", "/sandbox/settings"): await SettingsAsync(request).ConfigureAwait(false); break;
                case ("GET", "/sandbox/reports"):
                    await WriteAsync(response, _server.Store.Reports.Select(Row)).ConfigureAwait(false);
                    break;
                case ("DELETE", "/sandbox/reports"): _server.Store.Clear(); break;
                case ("GET", "/sandbox/requests"): await WriteAsync(response, _server.Requests.Last).ConfigureAwait(false); break;
                case ("DELETE", "/sandbox/requests"): _server.Requests.Clear(); break;
                case ("GET", "/sandbox/counts"): await WriteAsync(response, Counts()).ConfigureAwait(false); break;
                default: response.StatusCode = 404; break;
            }
        }
        catch (JsonException e)
        {
            response.StatusCode = 400;
            await response.WriteAsync(e.Message).ConfigureAwait(false);
        }
    }

    private async Task AddFaultsAsync(HttpRequest request)
    {
        using var body = await JsonDocument.ParseAsync(request.Body).ConfigureAwait(false);
        var faults = body.RootElement.ValueKind == JsonValueKind.Array ? body.RootElement.EnumerateArray().ToArray() : [body.RootElement];
        foreach (var fault in faults)
            _server.Faults.Add(fault.Deserialize<SandboxFault>(Json) ?? throw new JsonException("A fault is an object."));
    }

    private async Task SettingsAsync(HttpRequest request)
    {
        var settings = await JsonSerializer.DeserializeAsync<Settings>(request.Body, Json).ConfigureAwait(false)
            ?? throw new JsonException("Settings are an object.");
        if (settings.HideMilliseconds is { } hide) _server.Faults.HideFor = TimeSpan.FromMilliseconds(hide);
        if (settings.RequestsPerMinute is { } rate) _server.Faults.RequestsPerMinute = rate;
        if (settings.Seed is { } seed) _server.Faults.Seed(seed);
    }

    private object Counts() => new
    {
        reports = _server.Store.Count,
        storedPosts = _server.Store.StoredPosts,
        swallowed = _server.Store.Swallowed.Count,
        requests = _server.Requests.Total,
        posts = _server.Requests.Posts,
        peakConcurrency = _server.Requests.PeakConcurrency,
    };

    private static object Row(StoredReport report) => new
    {
        id = report.Id.ToString("D", CultureInfo.InvariantCulture),
        serialNumber = report.Header.SerialNumber,
        partNumber = report.Header.PartNumber,
        result = report.Header.Result,
        receiveCount = report.ReceiveCount,
        order = report.Order,
        size = report.Size,
        hash = report.Hash,
    };

    private static Task WriteAsync<T>(HttpResponse response, T value)
    {
        response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(response.Body, value, Json);
    }

    private sealed record Settings
    {
        public double? HideMilliseconds { get; init; }
        public int? RequestsPerMinute { get; init; }
        public int? Seed { get; init; }
    }
}
