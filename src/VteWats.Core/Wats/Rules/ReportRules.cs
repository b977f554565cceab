using System.Text.Json;

namespace VteWats.Core.Wats.Rules;

/// <summary>Judges a WSJF test report.</summary>
public static class ReportRules
{
    private static readonly string[] RequiredText = ["type", "id", "pn", "sn", "rev", "result", "machineName", "location", "purpose", "start"];

    /// <summary>Judges a typed report as it would go over the wire.</summary>
    public static IReadOnlyList<ReportFinding> Judge(WatsReport report, DateTimeOffset? now = null)
    {
        using var document = JsonDocument.Parse(Wsjf.ToUtf8(report));
        return Judge(document.RootElement, now);
    }

    /// <summary>Judges the JSON of a report. <paramref name="now"/> is the time against which a start in the future is told; the system's when absent.</summary>
    public static IReadOnlyList<ReportFinding> Judge(JsonElement report, DateTimeOffset? now = null)
    {
        var findings = new List<ReportFinding>();
        if (report.ValueKind != JsonValueKind.Object)
        {
            findings.Add(new ReportFinding("Wsjf.Report.Type", ReportFinding.Error, "report", "A report is required to be a JSON object."));
            return findings;
        }
        foreach (var name in RequiredText)
        {
            if (!report.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String || value.GetString()!.Length == 0)
                findings.Add(new ReportFinding($"Wsjf.Header.{name}.Required", ReportFinding.Error, "report", $"{name} is required."));
        }
        return findings;
    }
}
