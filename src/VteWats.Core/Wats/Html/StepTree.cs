using System.Globalization;

namespace VteWats.Core.Wats.Html;

/// <summary>The steps of a report: first those that failed, then all of them as a tree.</summary>
internal sealed class StepTree(Markup page, string anchor)
{
    private readonly Dictionary<WatsStep, string> _anchors = new(ReferenceEqualityComparer.Instance);

    /// <summary>The steps that made the unit fail: leaves with Failed, Error or Terminated, and sequences that are so without such a
    /// child.</summary>
    public void WriteFailures(WatsStep root)
    {
        var failures = Failures(root, "").ToList();
        if (failures.Count == 0) return;
        page.Raw("<h2>").Text(string.Create(CultureInfo.InvariantCulture, $"What failed ({failures.Count})"))
            .Raw("</h2><ol class=\"card failures\">");
        foreach (var (step, path) in failures)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{anchor}s{_anchors.Count}");
            _anchors.TryAdd(step, id);
            page.Raw("<li>");
            ReportPage.WriteChip(page, step.Status);
            page.Raw(" ").Open("a", ("href", "#" + id)).Text(step.Name).Close("a");
            if (step.CausedSeqFailure == true) page.Raw(" ").Element("span", "first to fail", "first");
            foreach (var measurement in (step.NumericMeas ?? []).Where(m => m.Status == "F" || step.NumericMeas!.Count == 1))
                page.Raw(" ").Text($"{measurement.Name} {Value(measurement)}{Bracketed(LimitBar.InWords(measurement))}");
            foreach (var measurement in (step.StringMeas ?? []).Where(m => m.Status == "F" || step.StringMeas!.Count == 1))
                page.Raw(" ").Text($"{measurement.Name} {Quoted(measurement.Value)}{Bracketed(Limit(measurement))}");
            if (step.ErrorMessage is { Length: > 0 } error) page.Raw(" ").Text(error);
            if (path.Length > 0) page.Raw(" ").Element("span", "in " + path, "sub");
            page.Raw("</li>");
        }
        page.Raw("</ol>");
    }

    public void Write(WatsStep root)
    {
        page.Raw("<ol class=\"card tree\">");
        WriteStep(root);
        page.Raw("</ol>");
    }

    private static IEnumerable<(WatsStep Step, string Path)> Failures(WatsStep step, string path)
    {
        var found = false;
        var inside = path.Length == 0 ? step.Name ?? "" : $"{path} / {step.Name}";
        foreach (var failure in (step.Steps ?? []).SelectMany(child => Failures(child, inside)))
        {
            found = true;
            yield return failure;
        }
        if (!found && step.Status is "F" or "E" or "T") yield return (step, path);
    }

    private void WriteStep(WatsStep step)
    {
        page.Open("li", ("id", _anchors.GetValueOrDefault(step)));
        if (step.Steps is { Count: > 0 } children)
        {
            page.Raw("<details open><summary>");
            ReportPage.WriteChip(page, step.Status);
            page.Raw(" ").Text(step.Name).Raw(" ").Element("span", Words.Seconds(step.TotTime), "sub").Raw("</summary>");
            WriteNotes(step);
            page.Raw("<ol>");
            foreach (var child in children) WriteStep(child);
            page.Raw("</ol></details>");
        }
        else
        {
            WriteLeaf(step);
        }
        page.Raw("</li>");
    }

    private void WriteLeaf(WatsStep step)
    {
        var rows = Rows(step).ToList();
        var alone = rows.Count == 1;
        page.Open("div", ("class", "row " + Words.Class(step.Status)));
        ReportPage.WriteChip(page, step.Status);
        page.Raw("<span class=\"name\">").Text(step.Name);
        if (step.CausedSeqFailure == true) page.Raw(" ").Element("span", "first to fail", "first");
        page.Raw("</span>");
        if (alone) WriteCells(rows[0]);
        WriteNotes(step);
        page.Raw("</div>");
        if (alone) return;
        foreach (var row in rows)
        {
            page.Open("div", ("class", "row " + Words.Class(row.Status)));
            ReportPage.WriteChip(page, row.Status);
            page.Element("span", row.Name, "meas");
            WriteCells(row);
            page.Raw("</div>");
        }
    }

    private sealed record Row(string? Name, string? Status, string Value, string Limits, string Bar);

    private static IEnumerable<Row> Rows(WatsStep step) =>
    [
        .. (step.NumericMeas ?? []).Select(m => new Row(m.Name, m.Status, Value(m), LimitBar.InWords(m), LimitBar.Svg(m))),
        .. (step.StringMeas ?? []).Select(m => new Row(m.Name, m.Status, Quoted(m.Value), Limit(m), "")),
        .. (step.BooleanMeas ?? []).Select(m => new Row(m.Name, m.Status, Words.Status(m.Status), "", "")),
    ];

    private void WriteCells(Row row) => page.Element("span", row.Value, "value").Element("span", row.Limits, "limits").Raw(row.Bar);

    private void WriteNotes(WatsStep step)
    {
        if (step.ErrorMessage is { Length: > 0 } error) page.Element("div", error, "note");
        if (step.ReportText is { Length: > 0 } text) page.Element("div", text, "note");
        if (step.Attachment is not { Data: { } data } file) return;
        page.Raw("<div class=\"note\">");
        // Only pictures that a browser draws and cannot run.
        if (file.ContentType is "image/png" or "image/jpeg" or "image/gif" or "image/webp")
            page.Open("img", ("alt", file.Name ?? "picture"), ("src", $"data:{file.ContentType};base64,{Convert.ToBase64String(data)}"));
        page.Open("a", ("download", file.Name ?? "attachment"), ("href",
            "data:application/octet-stream;base64," + Convert.ToBase64String(data)))
            .Text(string.Create(CultureInfo.InvariantCulture, $"{file.Name} ({data.Length} bytes)")).Close("a").Raw("</div>");
    }

    private static string Value(WatsNumericMeas m) => m.Value is { } value ? $"{Markup.Number(value)} {m.Unit}" : "no value";

    private static string Quoted(string? text) => text is null ? "no value" : $"“{text}”";

    private static string Limit(WatsStringMeas m) => m.CompOp switch
    {
        null or "LOG" => "",
        "NE" => $"≠ “{m.Limit}”",
        "IGNORECASE" => $"= “{m.Limit}” in any case",
        _ => $"= “{m.Limit}”",
    };

    private static string Bracketed(string limit) => limit.Length == 0 ? "" : $" (limit {limit})";
}
