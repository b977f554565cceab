using System.Globalization;
using VteWats.Core.Vte;

namespace VteWats.Core.Wats.Html;

/// <summary>Reports as one page for people: self-contained, without scripts, readable without a network.</summary>
internal static class ReportPage
{
    /// <summary>The page of one report or of several, one after the other.</summary>
    public static string Text(IReadOnlyList<WatsReport> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        var page = new Markup();
        page.Raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
            + "content=\"width=device-width,initial-scale=1\">");
        page.Raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">");
        page.Raw("<link rel=\"icon\" href=\"data:,\">");
        page.Element("title", reports.Count == 1 ? $"{reports[0].Sn} {Words.Verdict(reports[0].ResultCode)}"
            : string.Create(CultureInfo.InvariantCulture, $"{reports.Count} test reports"));
        page.Raw("<style>").Raw(PageStyle.Css).Raw("</style></head><body><main>");
        if (reports.Count > 1) WriteContents(page, reports);
        for (var i = 0; i < reports.Count; i++) WriteReport(page, reports[i], i);
        page.Raw("</main></body></html>\n");
        return page.ToString();
    }

    private static void WriteContents(Markup page, IReadOnlyList<WatsReport> reports)
    {
        page.Raw("<nav class=\"card\"><h1>").Text(string.Create(CultureInfo.InvariantCulture, $"{reports.Count} test reports"))
            .Raw("</h1><ul class=\"failures\">");
        for (var i = 0; i < reports.Count; i++)
        {
            page.Open("li", ("class", Words.Class(reports[i].ResultCode)));
            WriteChip(page, reports[i].ResultCode);
            page.Raw(" ").Open("a", ("href", string.Create(CultureInfo.InvariantCulture, $"#r{i}"))).Text(reports[i].Sn).Close("a").Raw(" ")
                .Element("span", $"{reports[i].Pn}, {Words.Time(reports[i].Start)}", "sub").Close("li");
        }
        page.Raw("</ul></nav><p></p>");
    }

    private static void WriteReport(Markup page, WatsReport report, int number)
    {
        page.Open("article", ("id", string.Create(CultureInfo.InvariantCulture, $"r{number}")));
        page.Open("header", ("class", "card head " + Words.Class(report.ResultCode))).Raw("<div>");
        page.Element("h1", report.Sn).Element("div", $"{report.Pn} revision {report.Rev}", "sub").Raw("</div>");
        page.Element("div", Words.Verdict(report.ResultCode), "verdict").Close("header");
        WriteFacts(page, report);
        var tree = new StepTree(page, string.Create(CultureInfo.InvariantCulture, $"r{number}"));
        if (report.Root is { } root)
        {
            tree.WriteFailures(root);
            page.Raw("<h2>Steps</h2>");
            tree.Write(root);
        }
        if (report.Notes.Count > 0)
        {
            page.Raw("<h2>Changed on the way into the report</h2><ul class=\"card failures\">");
            foreach (var note in report.Notes) page.Raw("<li>").Element("span", note.Path, "sub").Raw(" ").Text(note.Message).Raw("</li>");
            page.Raw("</ul>");
        }
        page.Raw("<footer>").Text($"Report {report.Id}").Raw("</footer>").Close("article");
    }

    private static void WriteFacts(Markup page, WatsReport report)
    {
        page.Raw("<dl>");
        Fact(page, "Start", Words.Time(report.Start));
        Fact(page, "Duration", Words.Seconds(report.Uut?.ExecTime));
        Fact(page, "Station", report.MachineName);
        Fact(page, "Location", report.Location);
        Fact(page, "Operator", report.Uut?.User);
        Fact(page, "Operation", report.ProcessCode?.ToString(CultureInfo.InvariantCulture));
        Fact(page, "Purpose", report.Purpose);
        Fact(page, "Batch", report.Uut?.BatchSn);
        Fact(page, "Fixture", report.Uut?.FixtureId);
        Fact(page, "Error", report.Uut?.ErrorMessage);
        Fact(page, "Comment", report.Uut?.Comment);
        foreach (var info in report.MiscInfos ?? [])
            Fact(page, info.Description ?? "", info.Text ?? info.Numeric?.ToString(CultureInfo.InvariantCulture));
        foreach (var unit in report.SubUnits ?? []) Fact(page, unit.PartType ?? "Sub-unit", $"{unit.Sn} ({unit.Pn} {unit.Rev})");
        foreach (var asset in report.Assets ?? []) Fact(page, "Asset", asset.AssetSn);
        page.Raw("</dl>");
    }

    private static void Fact(Markup page, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value)) page.Raw("<div>").Element("dt", name).Element("dd", value).Raw("</div>");
    }

    internal static void WriteChip(Markup page, string? status) =>
        page.Element("span", Words.Status(status), "chip " + Words.Class(status));
}

/// <summary>Codes of WSJF as people read them.</summary>
internal static class Words
{
    public static string Verdict(string? result) =>
        result is null ? "Unknown" : VteResultCodes.NameOfLetter(result) ?? result;

    public static string Status(string? status) =>
        status switch { "P" => "Pass", "F" => "Fail", "D" => "Done", "S" => "Skip", "E" => "Error", "T" => "Term", _ => status ?? "?" };

    /// <summary>One of our own style classes, never a text from the report.</summary>
    public static string Class(string? status) => status is "P" or "F" or "D" or "S" or "E" or "T" ? status : "U";

    /// <summary>Times of execution to the millisecond; measured values are shown in full instead.</summary>
    public static string Seconds(double? seconds) => seconds is { } s ? s.ToString("0.###", CultureInfo.InvariantCulture) + " s" : "";

    public static string Time(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture) ?? "";
}
