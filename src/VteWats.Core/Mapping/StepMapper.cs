using System.Globalization;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Core.Mapping;

/// <summary>
/// Makes the steps of one report of its rows in their places. A row without a measurement that WATS would take (no number, or a verdict
/// that stands for none) is an action step with the raw text; one that is nothing but a verdict is a pass/fail step.
/// </summary>
internal sealed class StepMapper
{
    private static readonly WatsBooleanMeas[] PassedAlone = [new() { Status = "P" }], FailedAlone = [new() { Status = "F" }];

    private readonly StepText _text = new();
    private StepRules _rules = null!;
    private HashSet<VteStep> _toldOnly = null!;
    private VteStep? _cause;
    private WatsSeqCall _root = null!;
    private int _id;

    private int AttachmentLimit => _rules.Options.AttachmentLimitBytes;

    /// <summary>The steps of a report.</summary>
    /// <param name="places">The rows in their places.</param>
    /// <param name="rules">The site's rules.</param>
    /// <param name="notes">The notes of the report.</param>
    /// <param name="root">The root's own call, which nested ones follow.</param>
    /// <param name="cause">The row that made the run fail; null for none.</param>
    /// <param name="toldOnly">Rows whose data goes as size and hash, for the report's budget.</param>
    public WatsStep[] Map(StepScope places, StepRules rules, ReportNotes notes, WatsSeqCall root, VteStep? cause,
        HashSet<VteStep> toldOnly)
    {
        (_rules, _root, _cause, _toldOnly, _id) = (rules, root, cause, toldOnly, 1);
        _text.Notes = notes;
        return Steps(places);
    }

    private WatsStep[] Steps(StepScope scope)
    {
        var steps = new WatsStep[scope.Count];
        for (var i = 0; i < steps.Length; i++)
        {
            ref readonly var place = ref scope[i];
            if (place.Sequence is { } inner)
            {
                steps[i] = Sequence(inner, place.Name);
                continue;
            }
            _text.Begin(scope.Path, place.Name, place.Row!.StepNumber);
            if (place.Field.Changed) place.Field.Tell("Name", _text.Path, _text.Notes, _text.Lines);
            if (!ReferenceEquals(place.Name, place.Field.Text) && place.Name != place.Field.Text)
                _text.Note(NoteRules.Renamed, $"Another step has the name {place.Field.Text}.");
            steps[i] = Step(place.Row, place.Verdict!);
        }
        return steps;
    }

    private WatsStep Sequence(StepScope scope, string name)
    {
        var id = ++_id;
        var steps = Steps(scope);
        return new WatsStep
        {
            Id = id,
            Group = Array.TrueForAll(steps, s => s.Group == steps[0].Group) ? steps[0].Group : "M",
            StepType = "SequenceCall",
            Name = name,
            Status = Verdicts.Together(Array.ConvertAll(steps, s => s.Status)) ?? "D",
            SeqCall = new WatsSeqCall
            {
                Path = FieldText.Fit($"{_root.Path}/{name}", WsjfLimits.SeqCallPath).Text, Name = name, Version = _root.Version,
            },
            Steps = steps,
        };
    }

    private WatsStep Step(VteStep row, string verdict)
    {
        // A step with an error, terminated or skipped carries no measurement: WATS refuses or ignores it.
        var may = verdict is "P" or "F" or "D";
        if (may && Chart(row) is { } chart) return Add(row, verdict, "ET_A", chart: chart);
        switch (row)
        {
            case VteNumericStep numeric when may && _rules.Verdicts.WhyUnusable(numeric.Value) is null:
                WatsNumericMeas[] number = [Measure(numeric, verdict)];
                return Add(row, number[0].Status!, "ET_NLT", numeric: number);
            case VteTextStep text when may && LegalText.Clean(text.Text) is not null:
                WatsStringMeas[] words = [Measure(text, verdict)];
                return Add(row, words[0].Status!, "ET_SVT", strings: words);
            case not null when verdict is "P" or "F" && IsVerdictAlone(row):
                _text.Add("Unit", LegalText.Escape(row.Units));
                return Add(row, verdict, "ET_PFT", verdicts: verdict == "P" ? PassedAlone : FailedAlone);
            default:
                return Action(row!, verdict);
        }
    }

    private static bool IsVerdictAlone(VteStep row) => row switch
    {
        VteNumericStep { Value: null, LowLimit: null, HighLimit: null } => true,
        VteTextStep text => text.Cut is null && string.IsNullOrWhiteSpace(text.Text),
        VteOtherStep other => other.Cut is null && string.IsNullOrWhiteSpace(other.Text) && other.Bytes is null or { Length: 0 },
        _ => false,
    };

    private WatsStep Add(VteStep row, string status, string type, WatsNumericMeas[]? numeric = null, WatsStringMeas[]? strings = null,
        WatsBooleanMeas[]? verdicts = null, WatsChart? chart = null)
    {
        var text = _text.Finish(row);
        return new WatsStep
        {
            Id = ++_id,
            Group = _rules.GroupOf(row),
            StepType = type,
            Name = _text.Name,
            Status = status,
            Text = text,
            CausedSeqFailure = ReferenceEquals(row, _cause) ? true : null,
            NumericMeas = numeric,
            StringMeas = strings,
            BooleanMeas = verdicts,
            Chart = chart,
            Attachment = _text.Attachment,
        };
    }

    private WatsChart? Chart(VteStep row)
    {
        if (row is not (VteTextStep { Text: not null } or VteOtherStep { Text: not null }) || _rules.ChartOf(row) is not { } rule)
            return null;
        var (text, cut) = row switch { VteTextStep t => (t.Text, t.Cut), VteOtherStep o => (o.Text, o.Cut), _ => (null, null) };
        if (_toldOnly.Contains(row)) return null;
        var problem = cut is not null ? "it is too long to be read" : null;
        if (problem is null && ChartText.Read(text!, out problem) is { } points)
        {
            return new WatsChart
            {
                ChartType = rule.ChartType,
                Label = _text.Name,
                XLabel = FieldText.Fit(rule.XLabel, WsjfLimits.ChartAxisLabel).Text,
                XUnit = FieldText.Fit(rule.XUnit, WsjfLimits.ChartUnit).Text,
                YLabel = FieldText.Fit(rule.YLabel, WsjfLimits.ChartAxisLabel).Text,
                YUnit = FieldText.Fit(rule.YUnit ?? row.Units, WsjfLimits.ChartUnit).Text,
                Series = [new WatsChartSeries { DataType = "XYG", Name = _text.Name, XData = points.X, YData = points.Y }],
            };
        }
        _text.Note(NoteRules.ChartUnreadable, $"The text is not sent as a chart: {problem}.");
        return null;
    }

    private WatsNumericMeas Measure(VteNumericStep row, string judged)
    {
        var comparison = row.LowLimit is null && row.HighLimit is null ? LimitComparison.None : Limits(row, judged);
        return new WatsNumericMeas
        {
            CompOp = comparison.Operator,
            Status = judged == "F" ? "F" : "P",
            Unit = _text.Fit(row.Units, WsjfLimits.Unit, "Unit") ?? "NA",
            Value = row.Value,
            LowLimit = comparison.LowLimit,
            HighLimit = comparison.HighLimit,
        };
    }

    private LimitComparison Limits(VteNumericStep row, string judged)
    {
        if (judged == "D")
        {
            // LOG is the only comparison that claims nothing; the limits would make it a judgement that VTE did not pass.
            _text.Note(NoteRules.LimitsNotJudged, "VTE did not judge the value, so its limits stand in the report text only.");
            _text.Add("Low limit, not judged", Number(row.LowLimit));
            _text.Add("High limit, not judged", Number(row.HighLimit));
            return LimitComparison.None;
        }
        var (low, high) = (_rules.Verdicts.Limit(row.LowLimit), _rules.Verdicts.Limit(row.HighLimit));
        if (low is null) LeaveOut(row.LowLimit, "Low limit");
        if (high is null) LeaveOut(row.HighLimit, "High limit");
        var comparison = LimitComparison.From(low, high);
        if (comparison.Operator == "GELE" && comparison.LowLimit > comparison.HighLimit)
            _text.Note(NoteRules.LimitsReversed,
                $"The low limit {Number(row.LowLimit)} is above the high limit {Number(row.HighLimit)}; both are sent as VTE holds them.");
        else if (VerdictRules.IsInside(row.Value!.Value, low, high) is { } inside && inside != (judged == "P"))
            _text.Note(NoteRules.VerdictAgainstLimits, Contradiction(row, judged));
        return comparison;
    }

    /// <summary>A contradiction in words.</summary>
    public static string Contradiction(VteNumericStep row, string judged) =>
        $"VTE {(judged == "P" ? "passed" : "failed")} {Number(row.Value)}, which is {(judged == "P" ? "outside" : "inside")} its limits "
        + $"{(row.LowLimit is null ? "none" : Number(row.LowLimit))} to {(row.HighLimit is null ? "none" : Number(row.HighLimit))}.";

    private void LeaveOut(double? limit, string what)
    {
        if (limit is null) return;
        var why = double.IsFinite(limit.Value) ? "stands for no limit" : "is not a valid limit";
        _text.Note(NoteRules.LimitLeftOut, $"{what} {Number(limit)} {why} and was left out.");
        _text.Add(what, Number(limit));
    }

    private WatsStringMeas Measure(VteTextStep row, string judged)
    {
        var value = FieldText.Fit(row.Text, WsjfLimits.StringValue);
        if (value.Changed)
        {
            if (row.Cut is null) value.Note("Value", _text.Path, _text.Notes);
            _text.AddLong("Value in full", row.Text, row.Cut, AttachmentLimit, attach: true, _toldOnly.Contains(row));
        }
        _text.Add("Unit", LegalText.Escape(row.Units));
        return new WatsStringMeas { CompOp = "LOG", Status = judged == "F" ? "F" : "P", Value = value.Text };
    }

    private WatsStep Action(VteStep row, string verdict)
    {
        var (keep, told) = (verdict != "S", _toldOnly.Contains(row));
        switch (row)
        {
            case VteNumericStep numeric:
                var why = _rules.Verdicts.WhyUnusable(numeric.Value);
                _text.Add("Value", why is null ? Number(numeric.Value) : $"{Number(numeric.Value)} ({why})");
                _text.Add("Low limit", numeric.LowLimit is null ? null : Number(numeric.LowLimit));
                _text.Add("High limit", numeric.HighLimit is null ? null : Number(numeric.HighLimit));
                verdict = WithoutValue(verdict, why);
                break;
            case VteTextStep { Text: var value, Cut: var cut }:
                var missing = value is null ? "none was recorded" : cut is null && LegalText.Clean(value) is null ? "empty" : null;
                if (missing is null) _text.AddLong("Value", value, cut, AttachmentLimit, keep, told);
                else _text.Add("Value", $"{LegalText.Escape(value) ?? "NULL"} ({missing})");
                verdict = WithoutValue(verdict, missing);
                break;
            case VteOtherStep other:
                _text.AddLong(null, other.Text, other.Text is null ? null : other.Cut, AttachmentLimit, keep, told);
                if (other is { Text: null, Cut: { } left }) _text.AddBytes(left);
                if (other.Bytes is { Length: > 0 } bytes) _text.AddBytes(bytes, AttachmentLimit, keep && !told);
                break;
        }
        _text.Add("Unit", LegalText.Escape(row.Units));
        return Add(row, verdict, "ET_A");
    }

    // Passed without a value: no measurement proves it, so the step is skipped rather than passed, and VTE's word stands in the text.
    private string WithoutValue(string verdict, string? why)
    {
        if (why is not null) _text.Note(NoteRules.ValueUnusable, $"The value is not sent as a measurement: {why}.");
        if (why is null || verdict != "P") return verdict;
        _text.Add("Verdict of VTE", "passed");
        return "S";
    }

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "NULL";
}
