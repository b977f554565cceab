using System.Text.Json;

namespace VteWats.WatsSandbox;

/// <summary>The fields of a report that header queries answer with.</summary>
public sealed record ReportHeader
{
    public required string SerialNumber { get; init; }
    public required string PartNumber { get; init; }
    public required string ReportType { get; init; }
    public required DateTimeOffset Start { get; init; }
    public string? Revision { get; init; }

    /// <summary>In words: Passed, Failed, Error, Terminated.</summary>
    public string? Result { get; init; }

    public string? BatchNumber { get; init; }
    public string? UserName { get; init; }
    public string? StationName { get; init; }
    public string? Location { get; init; }
    public string? Purpose { get; init; }
    public int ProcessCode { get; init; }
    public string? ProcessName { get; init; }
    public string? Comment { get; init; }
    public double? ExecutionTime { get; init; }
    public string? SwFilename { get; init; }
    public string? SwVersion { get; init; }
    public int? TestSocketIndex { get; init; }
    public string? FixtureId { get; init; }
    public int? ErrorCode { get; init; }
    public string? ErrorMessage { get; init; }
    public IReadOnlyList<(string? PartType, string? SerialNumber, string? PartNumber, string? Revision)> SubUnits { get; init; } = [];
    public IReadOnlyList<(string? Description, string? Value)> MiscInfo { get; init; } = [];
    public IReadOnlyList<(string? SerialNumber, int? UsageCount)> Assets { get; init; } = [];

    /// <summary>WATS takes reports that agree in these for one report.</summary>
    internal (string, string, int, DateTimeOffset) UnitAndStart => (SerialNumber, PartNumber, ProcessCode, Start.ToUniversalTime());

    internal static ReportHeader From(JsonElement report, Func<int, string?> processName)
    {
        var uut = Child(report, "uut") ?? Child(report, "uur");
        var sequence = Child(report, "root") is { } root ? Child(root, "seqCall") : null;
        var code = Int(report, "processCode") ?? 0;
        return new ReportHeader
        {
            SerialNumber = Text(report, "sn") ?? "",
            PartNumber = Text(report, "pn") ?? "",
            ReportType = Text(report, "type") ?? "T",
            Start = report.TryGetProperty("start", out var start) && start.ValueKind == JsonValueKind.String
                && start.TryGetDateTimeOffset(out var at) ? at : default,
            Revision = Text(report, "rev"),
            Result = Text(report, "result") switch
            {
                "P" => "Passed",
                "F" => "Failed",
                "E" => "Error",
                "T" => "Terminated",
                var other =>
                other
            },
            StationName = Text(report, "machineName"),
            Location = Text(report, "location"),
            Purpose = Text(report, "purpose"),
            ProcessCode = code,
            ProcessName = processName(code),
            BatchNumber = Text(uut, "batchSN"),
            UserName = Text(uut, "user"),
            Comment = Text(uut, "comment"),
            ExecutionTime = uut is { } u && u.TryGetProperty("execTime", out var time) && time.ValueKind == JsonValueKind.Number
                ? time.GetDouble() : null,
            TestSocketIndex = Int(uut, "testSocketIndex"),
            FixtureId = Text(uut, "fixtureId"),
            ErrorCode = Int(uut, "errorCode"),
            ErrorMessage = Text(uut, "errorMessage"),
            SwFilename = Text(sequence, "path"),
            SwVersion = Text(sequence, "version"),
            SubUnits = [.. Items(report, "subUnits").Select(s => (Text(s, "partType"), Text(s, "sn"), Text(s, "pn"), Text(s, "rev")))],
            MiscInfo = [.. Items(report, "miscInfos").Select(m => (Text(m, "description"), Text(m, "text") ?? Raw(m, "numeric")))],
            Assets = [.. Items(report, "assets").Select(a => (Text(a, "assetSN"), Int(a, "usageCount")))],
        };
    }

    private static JsonElement? Child(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var child) && child.ValueKind == JsonValueKind.Object
        ? child : null;

    private static JsonElement.ArrayEnumerator Items(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default;

    private static string? Text(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } p && p.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
        ? value.GetString() : null;

    private static int? Int(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } p && p.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out var n) ? n : null;

    private static string? Raw(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetRawText() : null;
}
