using System.Text.Json;
using System.Text.Json.Serialization;

namespace VteWats.Core.Wats.Rules;

/// <summary>
/// Validates a WSJF test report by every rule that is known of a WATS server. The same rules serve <c>Test-WatsReport</c>, the mapper's
/// tests and the sandbox server.
/// </summary>
public static class ReportRules
{
    // A number that is none must come before the judge, not end in the writer.
    private static readonly WsjfJsonContext Lenient = new(new JsonSerializerOptions
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    });

    /// <summary>Every rule, in the order of the report's parts.</summary>
    internal static IReadOnlyList<ReportRule> All { get; } = [.. Relations.All.Concat(WsjfSchema.All.SelectMany(s => s.Rules))];

    /// <summary>Validates a typed report as it would go over the wire.</summary>
    /// <param name="report">The report.</param>
    /// <param name="now">Time against which a start in the future is told; the system's when absent.</param>
    /// <returns>The findings in the order of the report; empty for a faultless one.</returns>
    public static IReadOnlyList<ReportFinding> Validate(WatsReport report, DateTimeOffset? now = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        byte[] utf8;
        try
        {
            utf8 = JsonSerializer.SerializeToUtf8Bytes(report, Lenient.WatsReport);
        }
        catch (JsonException e)
        {
            return Unwritable(e);
        }
        return Validate(utf8, now);
    }

    /// <summary>Validates the UTF-8 text of a report. Text that is not JSON is a finding, not an exception.</summary>
    public static IReadOnlyList<ReportFinding> Validate(ReadOnlyMemory<byte> utf8, DateTimeOffset? now = null)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return Validate(document.RootElement, now);
        }
        catch (JsonException e)
        {
            return Unwritable(e);
        }
    }

    /// <summary>Validates the JSON of a report.</summary>
    public static IReadOnlyList<ReportFinding> Validate(JsonElement report, DateTimeOffset? now = null)
    {
        var reader = new PropertyReader();
        if (report.ValueKind == JsonValueKind.Object) new HeaderValidator(reader, now ?? DateTimeOffset.UtcNow).Validate(report);
        else reader.Add(Relations.ReportType, ReportPath.Report, "A report is required to be a JSON object.");
        return reader.Findings;
    }

    private static ReportFinding[] Unwritable(JsonException e) =>
        [new ReportFinding(Relations.ReportType.Id, Relations.ReportType.Severity, "report",
        $"The report is not valid JSON: {WsjfText.OneLine(e.Message, 300)}")];
}
