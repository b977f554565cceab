using System.Text.Json;
using System.Text.Json.Serialization;

namespace VteWats.WatsSandbox;

/// <summary>What goes wrong.</summary>
public enum FaultKind
{
    /// <summary>The answer comes <see cref="SandboxFault.DelayMilliseconds"/> late; combines with any other fault.</summary>
    Latency,

    /// <summary>Answers <see cref="SandboxFault.Status"/> without doing anything: 401, 403, 404, 413, 429, 500 to 504.</summary>
    Status,

    /// <summary>Cuts the connection before anything is stored.</summary>
    CutBeforeStoring,

    /// <summary>Does what was asked, then cuts the connection instead of answering.</summary>
    CutAfterStoring,

    /// <summary>Does what was asked and cuts the connection in the middle of the answer.</summary>
    TruncateAnswer,

    /// <summary>Answers 200 with the HTML of a log-on page.</summary>
    CaptivePortal,

    /// <summary>Refuses the report with 400 and <see cref="SandboxFault.Finding"/>.</summary>
    Refuse,

    /// <summary>Answers 417 to requests that ask whether to go on, as old proxies do.</summary>
    RefuseExpect,

    /// <summary>Answers header queries from the first row on, whatever <c>$skip</c> says.</summary>
    IgnoreSkip,
}

/// <summary>One fault and the requests it meets.</summary>
public sealed record SandboxFault
{
    public FaultKind Kind { get; init; }

    /// <summary>HTTP status of <see cref="FaultKind.Status"/>.</summary>
    public int Status { get; init; } = 503;

    /// <summary>Seconds of the <c>Retry-After</c> header; none when null.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Write <c>Retry-After</c> as an HTTP date.</summary>
    public bool RetryAfterAsDate { get; init; }

    public int DelayMilliseconds { get; init; }

    /// <summary>Meets this many requests and is gone then; null for no end.</summary>
    public int? Count { get; init; }

    /// <summary>Share of the matching requests that it meets, 0 to 1, drawn from the seeded generator.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Only requests whose path contains this.</summary>
    public string? Path { get; init; }

    /// <summary>Only requests of this method.</summary>
    public string? Method { get; init; }

    /// <summary>Only posts of this serial number; <c>*</c> stands for any text.</summary>
    public string? SerialNumber { get; init; }

    /// <summary>Only posts of the report with this id.</summary>
    public Guid? ReportId { get; init; }

    /// <summary>Only posts for which it is true.</summary>
    [JsonIgnore]
    public Func<JsonElement, bool>? Report { get; init; }

    /// <summary>Text of <see cref="FaultKind.Refuse"/>.</summary>
    public string Finding { get; init; } = "root: refused on request.";

    internal bool NeedsReport => SerialNumber is not null || ReportId is not null || Report is not null || Kind is FaultKind.Refuse;
}

/// <summary>The faults in force. Can be changed at any time, here or by the control route <c>/sandbox/faults</c>.</summary>
public sealed class SandboxFaults
{
    private readonly object _gate = new();
    private readonly List<(SandboxFault Fault, int? Left)> _faults = [];
    private Random _random = new(1);

    /// <summary>How long an accepted report stays invisible to header queries and to reading back.</summary>
    public TimeSpan HideFor { get; set; }

    /// <summary>Requests a minute, in a sliding window, after which 429 is answered; 0 for no limit.</summary>
    public int RequestsPerMinute { get; set; }

    /// <summary>Headers of one answer at most, whatever <c>$top</c> asks for; 0 for no such cap.</summary>
    public int MostHeaders { get; set; }

    public IReadOnlyList<SandboxFault> Current
    {
        get { lock (_gate) return [.. _faults.Select(f => f.Fault with { Count = f.Left })]; }
    }

    /// <summary>Starts the generator of the probabilities again.</summary>
    public void Seed(int seed)
    {
        lock (_gate) _random = new Random(seed);
    }

    public void Add(SandboxFault fault)
    {
        lock (_gate) _faults.Add((fault, fault.Count));
    }

    public void Clear()
    {
        lock (_gate) _faults.Clear();
        HideFor = TimeSpan.Zero;
        RequestsPerMinute = 0;
        MostHeaders = 0;
    }

    /// <summary>The next <paramref name="count"/> matching requests get this status.</summary>
    public void Next(int count, int status, int? retryAfterSeconds = null, bool asDate = false, string? path = null) =>
        Add(new SandboxFault
        {
            Kind = FaultKind.Status, Status = status, Count = count, RetryAfterSeconds = retryAfterSeconds,
            RetryAfterAsDate = asDate, Path = path
        });

    /// <summary>
    /// Draws what happens to one request: the sum of the delays, and at most one other fault. Faults on the content of a report
    /// are drawn when the report is read, all others before.
    /// </summary>
    internal (int Delay, SandboxFault? Fault) Draw(string method, string path, JsonElement? report)
    {
        lock (_gate)
        {
            if (_faults.Count == 0) return (0, null);
            var delay = 0;
            SandboxFault? hit = null;
            for (var i = 0; i < _faults.Count; i++)
            {
                var (fault, left) = _faults[i];
                if (fault.NeedsReport != report.HasValue || (hit is not null && fault.Kind != FaultKind.Latency)) continue;
                if (!Meets(fault, method, path, report)) continue;
                if (fault.Probability < 1 && _random.NextDouble() >= fault.Probability) continue;
                if (left is { } n)
                {
                    if (n <= 1) _faults.RemoveAt(i--);
                    else _faults[i] = (fault, n - 1);
                }
                if (fault.Kind == FaultKind.Latency) delay += fault.DelayMilliseconds;
                else hit = fault;
            }
            return (delay, hit);
        }
    }

    private static bool Meets(SandboxFault fault, string method, string path, JsonElement? report) =>
        (fault.Method is null || fault.Method.Equals(method, StringComparison.OrdinalIgnoreCase))
        && (fault.Path is null || path.Contains(fault.Path, StringComparison.OrdinalIgnoreCase))
        && (fault.SerialNumber is null || Matches(fault.SerialNumber, report!.Value))
        && (fault.ReportId is null || fault.ReportId == IdOf(report!.Value))
        && (fault.Report is null || fault.Report(report!.Value));

    private static Guid? IdOf(JsonElement report) =>
        report.ValueKind == JsonValueKind.Object && report.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String
        && id.TryGetGuid(out var guid) ? guid : null;

    private static bool Matches(string pattern, JsonElement report) =>
        report.ValueKind == JsonValueKind.Object && report.TryGetProperty("sn", out var sn) && sn.ValueKind == JsonValueKind.String
        && System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern.AsSpan(), sn.GetString().AsSpan(), ignoreCase: false);
}
