using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VteWats.Core.Vte;

namespace VteWats.Unit.Mapping;

/// <summary>
/// Finds all that a run holds again in the JSON text of its report. Written from the contract, with nothing of the mapper: it knows
/// what may stand where, and uses up each step and measurement once, so that nothing is lost and nothing is invented.
/// </summary>
internal static class ReportContentAssert
{
    private static readonly double[] NoValues =
        [9.91e37, 9.9e37, -9.9e37, 1e38, -1e38, float.MaxValue, float.MinValue, double.MaxValue, double.MinValue];

    public static void Check(VteTestRun run, JsonElement report)
    {
        Assert.Equal(run.Id, report.GetProperty("id").GetGuid());
        var verdict = run.ResultCode switch { 0 => "F", 1 => "P", 2 => "E", 3 => "T", _ => "?" };
        Assert.Equal(verdict, Text(report, "result"));
        var root = report.GetProperty("root");
        Assert.Equal(verdict, Text(root, "status"));
        CheckHeader(run, report, Text(root, "reportText") ?? "");

        var tree = Tree(root).ToList();
        Assert.Equal(Enumerable.Range(1, tree.Count), tree.Select(s => s.GetProperty("id").GetInt32()));
        var steps = tree.Skip(1).Where(s => !s.TryGetProperty("seqCall", out _)).Select(s => new Step(s)).ToList();
        foreach (var row in run.Steps!) CheckRow(row, steps);
        Assert.DoesNotContain(steps, s => s.Free > 0);
        CheckOrder(steps);
        CheckMark(verdict, steps);
    }

    // A step and all in it, in the order of the report.
    private static IEnumerable<JsonElement> Tree(JsonElement step) => step.TryGetProperty("steps", out var list)
        ? list.EnumerateArray().SelectMany(Tree).Prepend(step) : [step];

    private static void CheckHeader(VteTestRun run, JsonElement report, string rootText)
    {
        var infos = report.GetProperty("miscInfos").EnumerateArray().Select(i => (Text(i, "description"), Text(i, "text"))).ToList();
        Assert.Contains(("VTE Source", $"VTE:{run.Id:D}"), infos);
        foreach (var (name, raw) in new[] { ("Info1", run.Info1), ("Info2", run.Info2), ("Info3", run.Info3), ("Variant",
            run.Testplan.Variant) })
            Same(raw, infos.SingleOrDefault(i => i.Item1 == name).Item2, 100, rootText);
        if (run.ExitCode is { } exit) Assert.Contains(("Exit Code", exit.ToString(CultureInfo.InvariantCulture)), infos);
        if (Legal(run.Unit.SerialNumber).Length > 0) Same(run.Unit.SerialNumber, Text(report, "sn"), 100, rootText);
        if (Legal(run.Operator).Length > 0) Same(run.Operator, Text(report.GetProperty("uut"), "user"), 100, rootText);
        if (Legal(run.Product.Version).Length > 0) Same(run.Product.Version, Text(report, "rev"), 100, rootText);
        if (Legal(run.Testplan.Name).Length > 0) Same(run.Testplan.Name, Text(report.GetProperty("root"), "name"), 100, rootText);
        Same(run.Product.Name, Text(report, "pn"), 100, rootText);
        Same(run.Unit.BatchNumber, Text(report.GetProperty("uut"), "batchSN"), 100, rootText);
        if (run.TestTime is { } time && double.IsFinite(time) && time >= 0)
            Assert.Equal(time, report.GetProperty("uut").GetProperty("execTime").GetDouble());
        var start = DateTimeOffset.Parse(Text(report, "start")!, CultureInfo.InvariantCulture);
        Assert.Equal((run.Start.AddTicks(10 * run.DuplicateIndex), run.Start.Offset), (start, start.Offset));
        Assert.Equal(start.UtcDateTime, DateTimeOffset.Parse(Text(report, "startUTC")!, CultureInfo.InvariantCulture).UtcDateTime);
        var units = report.TryGetProperty("subUnits", out var list) ? list.EnumerateArray().ToList() : [];
        foreach (var assembly in run.Assemblies.Where(a => new[] { a.Name, a.PartNumber, a.SerialNumber,
            a.Revision }.Any(t => Legal(t).Length > 0)))
        {
            Assert.Contains(units, u =>
                Matches(assembly.Name, Text(u, "partType"), 50, rootText) && Matches(assembly.PartNumber, Text(u, "pn"), 100, rootText)
                && Matches(assembly.SerialNumber, Text(u, "sn"), 100, rootText)
                && Matches(assembly.Revision, Text(u, "rev"), 100, rootText));
        }
    }

    private static void CheckRow(VteStep row, List<Step> steps)
    {
        var words = new RowWords(Legal(row.Name), Legal(row.Description), Escaped(row.Description), Escaped(row.Number));
        var mark = words.FullNumber.Split(' ')[0];
        var named = steps.Where(s => s.Free > 0)
            .SelectMany(s => Enumerable.Range(0, s.Measures.Count == 0 ? 1 : s.Measures.Count).Select(i => (Step: s, At: i)))
            .Where(p => !p.Step.Used[p.At] && Describes(words, p.Step, p.At))
            // Where a long text was cut, several steps may stand for the row: the one that bears the beginning of its number is meant.
            .OrderByDescending(p => p.Step.Everything.Contains(mark, StringComparison.Ordinal)).ThenBy(p => p.Step.Everything.Length);
        var (step, at) = row switch
        {
            VteNumericStep n when IsNumber(n.Value) => named.FirstOrDefault(p => IsMeasure(n, p.Step, p.At)),
            VteTextStep t when Legal(t.Text).Length > 0 => named.FirstOrDefault(p => IsMeasure(t, p.Step, p.At)),
            _ when row.ResultCode is 0 or 1 && IsVerdictAlone(row) => named.FirstOrDefault(p => p.Step.Kind == "booleanMeas"
                && Text(p.Step.Measures[p.At], "status") == (row.ResultCode == 0 ? "F" : "P")),
            _ => named.FirstOrDefault(p => IsAction(row, p.Step)),
        };
        Assert.True(step is not null, $"Not in the report: {row}");
        step!.Used[at] = true;
        step.Number = row.StepNumber;
    }

    // Neither value nor limits, neither text nor data.
    private static bool IsVerdictAlone(VteStep row) => row switch
    {
        VteNumericStep n => n.Value is null && n.LowLimit is null && n.HighLimit is null,
        VteTextStep t => string.IsNullOrWhiteSpace(t.Text) && t.Cut is null,
        VteOtherStep o => string.IsNullOrWhiteSpace(o.Text) && o.Cut is null && o.Bytes is null or { Length: 0 },
        _ => false,
    };

    private static bool IsMeasure(VteNumericStep row, Step step, int at)
    {
        if (step.Kind != "numericMeas") return false;
        var measure = step.Measures[at];
        var judged = row.ResultCode != 2;
        double? low = judged && IsNumber(row.LowLimit) ? row.LowLimit : null, high = judged && IsNumber(row.HighLimit) ? row.HighLimit
            : null;
        var op = (low, high) switch { (null, null) => "LOG", (_, null) => "GE", (null, _) => "LE", _ => "GELE" };
        return Same(row.Value, Number(measure, "value")) && Text(measure, "status") == (row.ResultCode == 0 ? "F" : "P")
            && Text(measure, "compOp") == op && Same(low ?? (high is null ? null : high), Number(measure, "lowLimit"))
            && Same(low is null ? null : high, Number(measure, "highLimit"))
            && (Legal(row.Units).Length == 0 ? Text(measure, "unit") == "NA"
            : Matches(row.Units, Text(measure, "unit"), 20, step.ReportText))
            && Told(row.LowLimit, low) && Told(row.HighLimit, high);

        // A limit that is not a number in the report stands in its text.
        bool Told(double? limit, double? sent) => limit is null || sent is not null || HasRoomFor(Words(limit), step.ReportText);
    }

    private static bool IsMeasure(VteTextStep row, Step step, int at) =>
        step.Kind == "stringMeas" && Text(step.Measures[at], "status") == (row.ResultCode == 0 ? "F" : "P")
        && (row.Cut is { } cut
            ? Text(step.Measures[at], "value") is { Length: > 0 and <= 100 } sent
            && Legal(row.Text).StartsWith(sent, StringComparison.Ordinal)
                && step.Everything.Contains($"[{cut.Length} bytes of text, not attached, SHA-256 {cut.Sha256}]", StringComparison.Ordinal)
            : Matches(row.Text, Text(step.Measures[at], "value"), 100, step.Everything));

    private static bool IsAction(VteStep row, Step step)
    {
        if (step.Kind is not null) return false;
        var verdict = row.ResultCode switch { 0 => "F", 2 => "D", _ => row is VteOtherStep ? "P" : "S" };
        if (step.Status != verdict) return false;
        return row switch
        {
            VteNumericStep n => Holds(Words(n.Value)) && (n.LowLimit is null || Holds(Words(n.LowLimit)))
                && (n.HighLimit is null || Holds(Words(n.HighLimit)))
                && HasRoomFor(Escaped(n.Units), step.ReportText),
            VteTextStep t => Holds(t.Text is null ? "NULL" : "empty"),
            VteOtherStep o => Holds(Escaped(o.Text)) && HoldsBytes(o.Bytes),
            _ => false,
        };

        bool Holds(string text) => step.Everything.Contains(text, StringComparison.Ordinal);

        bool HoldsBytes(byte[]? bytes) => bytes is not { Length: > 0 } || step.Data?.AsSpan().SequenceEqual(bytes) == true
            || Holds(Convert.ToHexString(SHA256.HashData(bytes)).ToLowerInvariant());
    }

    // The names are the row's, cut, or with a number behind; description and number stand in the text.
    private static bool Describes(RowWords row, Step step, int at)
    {
        var name = step.Name;
        var source = row.Name.Length > 0 ? row.Name : row.Description.Length > 0 ? row.Description : null;
        if (source is null ? !name.StartsWith("Step", StringComparison.Ordinal) : !IsNamed(name, source)) return false;
        return (row.Name.Length == 0 || row.Name == row.Description || HasRoomFor(row.FullDescription, step.ReportText))
            && HasRoomFor(row.FullNumber, step.ReportText);
    }

    private sealed record RowWords(string Name, string Description, string FullDescription, string FullNumber);

    private static bool IsNamed(string name, string source)
    {
        if (name == source) return true;
        // The repetition of a step whose own name has a number: "V (2) (2)".
        if (name.EndsWith(')') && name.LastIndexOf(" (", StringComparison.Ordinal) is > 0 and var last && name[..last].EndsWith(')')
            && IsNamed(name[..last], source)) return true;
        var bracket = name.LastIndexOf(" (", StringComparison.Ordinal);
        var numbered = bracket > 0 && name[^1] == ')'
            && int.TryParse(name.AsSpan(bracket + 2, name.Length - bracket - 3), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        return numbered && source.StartsWith(name[..bracket], StringComparison.Ordinal)
            && (name.Length >= 98 || bracket == source.Length || source.Length > 100)
            || name.Length <= 100 && source.Length > 100 && name.Length >= 80 && source.StartsWith(name, StringComparison.Ordinal);
    }

    private static void CheckOrder(List<Step> steps)
    {
        var numbers = steps.Select(s => s.Number ?? int.MaxValue).ToList();
        Assert.Equal(numbers.Order(), numbers);
    }

    private static void CheckMark(string verdict, List<Step> steps)
    {
        var marked = steps.Where(s => s.Json.TryGetProperty("causedSeqFailure", out var mark) && mark.GetBoolean()).ToList();
        var failing = steps.Where(s => s.Status is "F" or "E" or "T").ToList();
        if (verdict == "P" || failing.Count == 0) Assert.Empty(marked);
        else Assert.Same(failing.FirstOrDefault(s => s.Status == verdict) ?? failing[0], Assert.Single(marked));
    }

    private static bool IsNumber(double? value) =>
        value is { } v && double.IsFinite(v) && !NoValues.Any(n => Math.Abs(v - n) <= Math.Abs(n) * 1e-9 || v == (float)n);

    private static bool Same(double? a, double? b) =>
        a is null || b is null ? a is null && b is null
        : BitConverter.DoubleToInt64Bits(a.Value) == BitConverter.DoubleToInt64Bits(b.Value);

    private static void Same(string? raw, string? sent, int length, string overflow) =>
        Assert.True(Legal(raw).Length == 0 ? sent is null : Matches(raw, sent, length, overflow), $"Not found again: {Escaped(raw)}");

    // The text itself; or what fits of it, and the whole elsewhere.
    private static bool Matches(string? raw, string? sent, int length, string elsewhere)
    {
        var legal = Legal(raw);
        if (legal.Length == 0) return true;
        if (sent is null || sent.Length == 0 || sent.Length > length || !legal.StartsWith(sent, StringComparison.Ordinal)) return false;
        return sent == Escaped(raw) || HasRoomFor(Escaped(raw), elsewhere)
            || elsewhere.Contains(Sha256(Escaped(raw)), StringComparison.Ordinal);
    }

    // What is larger than an attachment may be is told by its hash.
    private static string Sha256(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text))).ToLowerInvariant();

    // A report text has room for 5000 characters; what is over is lost, and noted.
    private static bool HasRoomFor(string text, string reportText) =>
        reportText.Length >= 4900 || reportText.Contains(text, StringComparison.Ordinal);

    /// <summary>Without what XML cannot hold, by the XML reader's own judgement.</summary>
    private static string Legal(string? text)
    {
        var kept = new StringBuilder();
        for (var i = 0; i < text?.Length; i++)
        {
            if (System.Xml.XmlConvert.IsXmlChar(text[i])) kept.Append(text[i]);
            else if (i + 1 < text.Length && System.Xml.XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
                kept.Append(text[i]).Append(text[++i]);
        }
        return kept.ToString().Trim();
    }

    private static string Escaped(string? text)
    {
        var kept = new StringBuilder();
        text = text?.Trim();
        for (var i = 0; i < text?.Length; i++)
        {
            if (System.Xml.XmlConvert.IsXmlChar(text[i])) kept.Append(text[i]);
            else if (i + 1 < text.Length && System.Xml.XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
                kept.Append(text[i]).Append(text[++i]);
            else kept.Append("\\u").Append(((int)text[i]).ToString("X4", CultureInfo.InvariantCulture));
        }
        return kept.ToString();
    }

    private static string Words(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "NULL";

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static double? Number(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetDouble() : null;

    private sealed class Step
    {
        public Step(JsonElement json)
        {
            Json = json;
            Name = Text(json, "name")!;
            Status = Text(json, "status")!;
            ReportText = Text(json, "reportText") ?? "";
            Kind = new[] { "numericMeas", "stringMeas", "booleanMeas" }.SingleOrDefault(k => json.TryGetProperty(k, out _));
            Measures = Kind is null ? [] : [.. json.GetProperty(Kind).EnumerateArray()];
            Used = new bool[Math.Max(1, Measures.Count)];
            Data = json.TryGetProperty("attachment", out var attachment) ? attachment.GetProperty("data").GetBytesFromBase64() : null;
            Everything = Data is null ? ReportText : ReportText + "\n" + Encoding.UTF8.GetString(Data);
        }

        public JsonElement Json { get; }
        public string Name { get; }
        public string Status { get; }
        public string? Kind { get; }
        public string ReportText { get; }
        public byte[]? Data { get; }
        public string Everything { get; }
        public List<JsonElement> Measures { get; }
        public bool[] Used { get; }
        public int? Number { get; set; }
        public int Free => Used.Count(u => !u);
    }
}
