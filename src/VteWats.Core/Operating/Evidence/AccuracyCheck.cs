using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using VteWats.Core.Mapping;

namespace VteWats.Core.Operating.Evidence;

/// <summary>
/// Compares a run as the database has it with the report that WATS gives back, field by field, and judges every measurement anew by its
/// limits. What the site has decided (codes, templates, operations) is taken as data; nothing of the mapper's code is.
/// </summary>
internal sealed class AccuracyCheck(string site, MappingOptions mapping, TimeZoneInfo zone)
{
    // Twins are moved apart by less, and so are runs with one begin.
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(20);

    // Texts are cut in WATS; what has the same beginning is the same.
    private const int Compared = 60, UnitLength = 20;

    private readonly List<AccuracyFinding> _findings = [];
    private Guid _run;

    /// <summary>Everything that was found so far.</summary>
    public IReadOnlyList<AccuracyFinding> Findings => _findings;

    /// <summary>Fields that were compared.</summary>
    public long Fields { get; private set; }

    /// <summary>Measurements that WATS shows as passed or failed and that have limits in the database, and those of them that say the
    /// opposite.</summary>
    public Contradictions Steps { get; } = new();

    /// <summary>The same of runs: passed with a measurement outside, or failed with none.</summary>
    public Contradictions Runs { get; } = new();

    /// <summary>Ranges, and those of them whose low limit is above the high one.</summary>
    public Contradictions Limits { get; } = new();

    public void Compare(PlainRun run, PlainReport report)
    {
        _run = run.Id;
        Header(run, report);
        StepsOf(run, report);
    }

    private void Header(PlainRun run, PlainReport report)
    {
        Same("serial number", run.Word("Serial") ?? Fill(mapping.MissingSerialNumber ?? "", run), report.Text("sn"));
        Same("part number", Fill(mapping.PartNumber, run), report.Text("pn"));
        Same("revision", Fill(mapping.Revision, run) is { Length: > 0 } revision ? revision : mapping.MissingRevision, report.Text("rev"));
        Same("station", Fill(mapping.Station, run) is { Length: > 0 } station ? station
            : run.Word("Station.Hostname") ?? mapping.MissingStation, report.Text("machineName"));
        Same("operator", run.Word("Operator") ?? mapping.MissingOperator, report.Unit("user"));
        Same("batch number", run.Word("Unit.BatchNumber"), report.Unit("batchSN"));
        Same("operation", Text(OperationOf(run)), report.Text("processCode"));
        var verdict = run.Result is { } code ? mapping.ResultCodes.GetValueOrDefault(code) : null;
        if (verdict is not null) Same("verdict", verdict, report.Text("result"));
        var start = StartOf(run, zone, mapping.TimestampIs == MappingOptions.End);
        Fields++;
        if (report.Start is not { } there || (there - start).Duration() > Apart)
            Found("start", Text(start.UtcDateTime), Text(report.Start?.UtcDateTime));
        if (run.TestTime is >= 0 and < double.PositiveInfinity)
            Same("test time", Text(run.TestTime), report.Unit("execTime"), number: true);
    }

    /// <summary>The instant at which a run began. A local time that occurs twice is its earlier instant; one that never occurs has the
    /// offset before the gap.</summary>
    public static DateTimeOffset StartOf(PlainRun run, TimeZoneInfo zone, bool isEnd)
    {
        var local = DateTime.SpecifyKind(run.Timestamp, DateTimeKind.Unspecified);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max()
            : zone.IsInvalidTime(local) ? zone.GetUtcOffset(local.AddHours(-3)) : zone.GetUtcOffset(local);
        var stamp = new DateTimeOffset(local, offset);
        return isEnd && run.TestTime is >= 0 and < 1e9 ? stamp.AddSeconds(-run.TestTime.Value) : stamp;
    }

    private int? OperationOf(PlainRun run)
    {
        foreach (var rule in mapping.Operations)
        {
            if (Fits(rule.Product, "Product.Name") && Fits(rule.ProductType, "Product.Type") && Fits(rule.Testplan, "Testplan.Name")
                && Fits(rule.Variant, "Testplan.Variant") && Fits(rule.Revision, "Testplan.Revision") && Fits(rule.Site, "Station.Location")
                && (Fits(rule.Station, "Station.Name") || Fits(rule.Station, "Station.Hostname")))
                return rule.ProcessCode;
        }
        return mapping.DefaultProcessCode;

        bool Fits(string? pattern, string word)
        {
            if (pattern is null) return true;
            var expression = pattern is ['/', .., '/'] ? pattern[1..^1]
                : $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal)}$";
            return Regex.IsMatch(run.Word(word) ?? "", expression, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
                TimeSpan.FromSeconds(1));
        }
    }

    // A template with nothing in it is nothing, whatever stands between its words.
    private string Fill(string template, PlainRun run)
    {
        var any = !template.Contains('{', StringComparison.Ordinal);
        var text = Regex.Replace(template, @"\{\s*([A-Za-z0-9.]+)\s*\}", match =>
        {
            var name = match.Groups[1].Value;
            var word = name.Equals("Site", StringComparison.OrdinalIgnoreCase) ? site : run.Word(name) ?? "";
            any |= word.Length > 0;
            return word;
        }, RegexOptions.None, TimeSpan.FromSeconds(1));
        return any ? text.Trim() : "";
    }

    private void StepsOf(PlainRun run, PlainReport report)
    {
        Same("steps", Text(run.Rows.Count), Text(report.Steps.Count));
        var rows = run.Rows.GroupBy(NameOf, StringComparer.OrdinalIgnoreCase).ToDictionary(group => group.Key, group => group.ToList(),
            StringComparer.OrdinalIgnoreCase);
        var steps = report.Steps.GroupBy(step => BaseOf(step.Name, rows), StringComparer.OrdinalIgnoreCase).ToDictionary(
            group => group.Key, group => group.ToList(), StringComparer.OrdinalIgnoreCase);
        foreach (var (name, same) in rows)
        {
            var there = steps.GetValueOrDefault(name) ?? [];
            if (there.Count < same.Count) Found($"step {name}", Text(same.Count), Text(there.Count));
            // Repetitions have no order in VTE: each is compared with the one that is most like it.
            foreach (var row in same)
            {
                if (there.Count == 0) break;
                var step = there.MaxBy(step => Likeness(row, step))!;
                there.Remove(step);
                Compare(name, row, step);
            }
        }
        foreach (var (name, left) in steps)
            if (!rows.ContainsKey(name) && left.Count > 0) Found($"step {name}", null, "is there");
        JudgeRun(run, report);
    }

    private void Compare(string name, PlainRow row, PlainStep step)
    {
        var letter = Letter(row);
        var measured = row.Kind == PlainKind.Numeric ? IsUsable(row.Value) : row.Kind == PlainKind.Text && Clean(row.Text).Length > 0;
        var may = letter is "P" or "F" or "D";
        if (row.Kind == PlainKind.Numeric && may)
        {
            Same($"{name}: value", measured ? Text(row.Value) : null, Text(step.Value), number: true);
            if (measured) Same($"{name}: unit", Clean(row.Unit) is { Length: > 0 } unit ? Cut(unit, UnitLength) : "NA", step.Unit);
            if (measured && letter != "D")
            {
                if (Limit(row.Low) is { } low && Limit(row.High) is { } high)
                {
                    if (low > high) Limits.Add(_run, string.Create(CultureInfo.InvariantCulture, $"{name}: {low} to {high}"));
                    else Limits.Count();
                }
                Same($"{name}: low limit", Text(Limit(row.Low)), Text(step.Low), number: true);
                Same($"{name}: high limit", Text(Limit(row.High)), Text(step.High), number: true);
            }
        }
        // A text that is a chart or a file has its own form.
        if (row.Kind == PlainKind.Text && may && step.Text is not null) Same($"{name}: text", Clean(row.Text), step.Text);
        var bare = row.Kind == PlainKind.Other || row is { Low: null, High: null } && !row.HasData;
        var status = letter switch
        {
            "D" when measured && (row.Kind != PlainKind.Text || step.Text is not null) => "P",
            "P" when !measured && !bare => "S",
            _ => letter,
        };
        if (letter is not null) Same($"{name}: status", status, step.Status);
        Judge(name, row, step);
    }

    // By the limits of the database and the verdict of WATS, whatever stands between the two.
    private void Judge(string name, PlainRow row, PlainStep step)
    {
        if (step.CompOp is null or "LOG" || step.Status is not ("P" or "F") || !IsUsable(row.Value)) return;
        if (IsInside(row) is not { } inside) return;
        if (inside != (step.Status == "P")) Steps.Add(_run, string.Create(CultureInfo.InvariantCulture,
            $"{name}: {row.Value} with limits {row.Low} to {row.High} is {(step.Status == "P" ? "passed" : "failed")} in WATS"));
        else Steps.Count();
    }

    private void JudgeRun(PlainRun run, PlainReport report)
    {
        var judged = run.Rows.Where(row => IsUsable(row.Value)).Select(IsInside).Where(inside => inside is not null).ToList();
        var result = report.Text("result");
        if (judged.Count == 0 || result is not ("P" or "F")) return;
        var outside = judged.Count(inside => inside == false);
        // A text that failed, or a step that nobody measured, may have failed it: that is seldom, and a share of it is allowed.
        if (result == "P" != (outside == 0)) Runs.Add(_run, string.Create(CultureInfo.InvariantCulture,
            $"{outside} of {judged.Count} measurements are outside their limits, and WATS shows {(result == "P" ? "passed" : "failed")}"));
        else Runs.Count();
    }

    private string? Letter(PlainRow row) => mapping.StepVerdict == MappingOptions.ByLimits ? ByLimits(row)
        : row.Code is { } code ? mapping.StepResultCodes.GetValueOrDefault(code)
        : mapping.MissingStepResult == MappingOptions.ByLimits ? ByLimits(row) : mapping.MissingStepResult == "D" ? "D" : null;

    private string ByLimits(PlainRow row) => !IsUsable(row.Value) ? "D" : IsInside(row) switch { true => "P", false => "F", null => "D" };

    // A value from a column of floats is on its limit when both have the same digits as a float.
    private bool? IsInside(PlainRow row)
    {
        var (low, high) = (Limit(row.Low), Limit(row.High));
        if (row.Value is not { } value || low is null && high is null || low > high) return null;
        return (low is null || value >= low || (float)value == (float)low.Value) && (high is null || value <= high
            || (float)value == (float)high.Value);
    }

    private double? Limit(double? limit) => IsUsable(limit) ? limit : null;

    private bool IsUsable(double? value) => value is { } number && double.IsFinite(number)
        && !mapping.Sentinels.Any(s => number == s || number == (float)s || Math.Abs(number - s) <= 1e-9 * Math.Abs(s));

    private static int Likeness(PlainRow row, PlainStep step) =>
        (row.Value == step.Value ? 4 : 0) + (row.Kind == PlainKind.Text == step.Text is not null ? 2 : 0)
        + (row.Text is not null && step.Text is not null && Cut(Clean(row.Text)) == Cut(Clean(step.Text)) ? 1 : 0);

    private static string NameOf(PlainRow row) => Cut(
        Clean(row.Name) is { Length: > 0 } name ? name : Clean(row.Description) is { Length: > 0 } description ? description
        : row.Number is { } number ? string.Create(CultureInfo.InvariantCulture, $"Step {number}") : "Step");

    private static string BaseOf(string name, Dictionary<string, List<PlainRow>> rows)
    {
        var whole = Cut(Clean(name));
        if (rows.ContainsKey(whole)) return whole;
        var plain = Cut(Regex.Replace(Clean(name), @" \(\d+\)$", "", RegexOptions.None, TimeSpan.FromSeconds(1)));
        return rows.ContainsKey(plain) ? plain : whole;
    }

    private void Same(string field, string? vte, string? wats, bool number = false)
    {
        Fields++;
        var (one, other) = number ? (vte, wats) : (Cut(Clean(vte)), Cut(Clean(wats)));
        if (number ? !SameNumber(one, other) : one != other) Found(field, vte, wats);
    }

    private static bool SameNumber(string? one, string? other) => one == other
        || double.TryParse(one, NumberStyles.Float, CultureInfo.InvariantCulture, out var a)
        && double.TryParse(other, NumberStyles.Float, CultureInfo.InvariantCulture, out var b) && a == b;

    private void Found(string field, string? vte, string? wats) => _findings.Add(new AccuracyFinding(_run, field, vte, wats));

    // What XML cannot hold is not in WATS, and long texts are cut there.
    private static string Clean(string? text)
    {
        if (text is null) return "";
        var kept = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            if (rune.Value is '\t' or '\n' or '\r' or >= ' ' and not (0xfffd or 0xfffe or 0xffff)) kept.Append(rune.ToString());
        return kept.ToString().Trim();
    }

    private static string Cut(string text, int most = Compared) => text.Length <= most ? text : text[..most].TrimEnd();

    private static string? Text(double? number) => number?.ToString("R", CultureInfo.InvariantCulture);

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string? Text(DateTime? utc) => utc?.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>A field in which WATS does not have what the database has.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Field">What it is.</param>
/// <param name="Vte">As the database has it, by the site's decisions.</param>
/// <param name="Wats">As WATS has it.</param>
internal sealed record AccuracyFinding(Guid RunId, string Field, string? Vte, string? Wats);

/// <summary>Verdicts that were judged anew by the limits, and those that say the opposite.</summary>
internal sealed class Contradictions
{
    private const int MostExamples = 3;

    public long Judged { get; private set; }
    public long Against { get; private set; }
    public List<string> Examples { get; } = [];
    public double Share => Judged == 0 ? 0 : (double)Against / Judged;

    public void Count() => Judged++;

    public void Add(Guid run, string what)
    {
        Judged++;
        Against++;
        if (Examples.Count < MostExamples) Examples.Add(string.Create(CultureInfo.InvariantCulture, $"run {run:D}: {what}."));
    }
}
