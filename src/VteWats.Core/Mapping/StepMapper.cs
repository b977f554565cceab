using System.Globalization;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Core.Mapping;

/// <summary>
/// Makes the steps of one report: one for each <c>TestStepNumber</c>, several rows of one number as one multiple step. A row
/// without a measurement that WATS would take (no number, or a verdict that stands for none) is an action step with the raw text.
/// </summary>
internal sealed class StepMapper(MappingOptions options, ReportNotes notes, IReadOnlyList<VteStep> run)
{
    private const int FirstId = 2;
    private readonly UniqueNames _names = new(WsjfLimits.StepName, run.Count);
    private readonly List<WatsStep> _steps = new(run.Count);
    private readonly StepText _text = new(notes);

    public List<WatsStep> Map()
    {
        var rows = InOrder(run);
        for (int from = 0, to; from < rows.Count; from = to)
        {
            to = from + 1;
            while (to < rows.Count && rows[to].StepNumber is { } number && number == rows[from].StepNumber) to++;
            if (to - from == 1) Single(rows[from]);
            else Group(rows, from, to);
        }
        return _steps;
    }

    private static IReadOnlyList<VteStep> InOrder(IReadOnlyList<VteStep> rows)
    {
        for (var i = 1; i < rows.Count; i++)
        {
            if (Key(rows[i]) < Key(rows[i - 1])) return [.. rows.OrderBy(Key)];
        }
        return rows;

        static long Key(VteStep row) => row.StepNumber ?? long.MinValue;
    }

    private string Verdict(VteStep row) => options.StepResultCodes[row.ResultCode!.Value];

    // One step a kind; a row that cannot be a measurement of it follows as a step of its own.
    private void Group(IReadOnlyList<VteStep> rows, int from, int to)
    {
        Span<bool> done = stackalloc bool[3];
        for (var i = from; i < to; i++)
        {
            var kind = KindOf(rows[i]);
            if (done[kind]) continue;
            done[kind] = true;
            List<VteStep> together = [], apart = [];
            for (var k = i; k < to; k++)
            {
                if (KindOf(rows[k]) == kind) (CanShare(rows[k]) ? together : apart).Add(rows[k]);
            }
            if (together.Count == 1) Single(together[0]);
            else if (together.Count > 1) Several(rows[i], together.ToArray());
            foreach (var row in apart) Single(row);
        }
    }

    private static int KindOf(VteStep row) => row switch { VteNumericStep => 0, VteTextStep => 1, _ => 2 };

    private bool CanShare(VteStep row) => row switch
    {
        VteNumericStep numeric => IsMeasurement(numeric),
        // A text that does not fit the measurement needs the room of a report text for itself.
        VteTextStep text => IsMeasurement(text) && !FieldText.Fit(text.Text, WsjfLimits.StringValue).Changed,
        _ => false,
    };

    private bool IsMeasurement(VteNumericStep row) => MayMeasure(row) && WhyUnusable(row.Value) is null;

    private bool IsMeasurement(VteTextStep row) => MayMeasure(row) && LegalText.Clean(row.Text) is not null;

    // A step with an error, terminated or skipped carries no measurement: WATS refuses or ignores it.
    private bool MayMeasure(VteStep row) => Verdict(row) is "P" or "F" or "D";

    /// <summary>Why a value cannot be sent as a number; null when it can.</summary>
    private string? WhyUnusable(double? value)
    {
        if (value is not { } number) return "none was recorded";
        if (double.IsNaN(number)) return "not a number";
        if (double.IsInfinity(number)) return "infinite";
        foreach (var sentinel in options.Sentinels)
        {
            // A sentinel that passed through a column of type real has only the digits of a float.
            if (Math.Abs(number - sentinel) <= 1e-9 * Math.Abs(sentinel) || number == (float)sentinel) return "stands for no value";
        }
        return null;
    }

    private void Single(VteStep row)
    {
        switch (row)
        {
            case VteNumericStep numeric when IsMeasurement(numeric):
            case VteTextStep text when IsMeasurement(text):
                Several(row, [row]);
                break;
            default:
                Action(row);
                break;
        }
    }

    private void Several(VteStep first, ReadOnlySpan<VteStep> rows)
    {
        var text = Begin(first);
        var names = rows.Length > 1 ? new UniqueNames(WsjfLimits.MeasureName, rows.Length) : null;
        var status = "P";
        var numeric = first is VteNumericStep ? new WatsNumericMeas[rows.Length] : null;
        var strings = numeric is null ? new WatsStringMeas[rows.Length] : null;
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            var judged = Verdict(row);
            var name = names is null ? null : MeasureName(row, i, names, text);
            if (judged == "F") status = "F";
            if (numeric is not null) numeric[i] = Measure((VteNumericStep)row, name, judged, text);
            else strings![i] = Measure((VteTextStep)row, name, judged, text);
            Describe(row, name, text);
        }
        Add(text, status, (numeric is null ? "ET_SVT" : "ET_NLT", numeric is null ? "ET_MSVT" : "ET_MNLT"), numeric, strings);
    }

    private void Add(StepText text, string status, (string One, string Several) type, WatsNumericMeas[]? numeric = null,
        WatsStringMeas[]? strings = null) =>
        _steps.Add(new WatsStep
        {
            Id = FirstId + _steps.Count,
            Group = "M",
            StepType = (numeric?.Length ?? strings?.Length ?? 1) == 1 ? type.One : type.Several,
            Name = text.Name,
            Status = status,
            ReportText = text.ToText(),
            NumericMeas = numeric,
            StringMeas = strings,
            Attachment = text.Attachment,
        });

    private static WatsNumericMeas Measure(VteNumericStep row, string? name, string judged, StepText text)
    {
        var comparison = Limits(row, name, judged, text);
        return new WatsNumericMeas
        {
            CompOp = comparison.Operator,
            Name = name,
            Status = judged == "F" ? "F" : "P",
            Unit = text.Fit(row.Units, WsjfLimits.Unit, name is null ? "Unit" : $"{name}: Unit") ?? "NA",
            Value = row.Value,
            LowLimit = comparison.LowLimit,
            HighLimit = comparison.HighLimit,
        };
    }

    private static LimitComparison Limits(VteNumericStep row, string? name, string judged, StepText text)
    {
        if (row.LowLimit is null && row.HighLimit is null) return LimitComparison.None;
        var comparison = LimitComparison.From(row.LowLimit, row.HighLimit);
        if (judged == "D")
        {
            // LOG is the only comparison that claims nothing; the limits would make it a judgement that VTE did not pass.
            text.Note(NoteRules.LimitsNotJudged, "VTE did not judge the value, so its limits stand in the report text only.");
            text.Add(name, "Low limit, not judged", Number(row.LowLimit));
            text.Add(name, "High limit, not judged", Number(row.HighLimit));
            return LimitComparison.None;
        }
        LeaveOut(row.LowLimit, "Low limit");
        LeaveOut(row.HighLimit, "High limit");
        if (comparison.Operator == "GELE" && comparison.LowLimit > comparison.HighLimit)
            text.Note(NoteRules.LimitsReversed,
                $"The low limit {Number(row.LowLimit)} is above the high limit {Number(row.HighLimit)}; both are sent as VTE holds them.");
        return comparison;

        void LeaveOut(double? limit, string what)
        {
            if (limit is null || LimitComparison.IsLimit(limit)) return;
            text.Note(NoteRules.LimitLeftOut, $"{what} {Number(limit)} is not a valid limit and was left out.");
            text.Add(name, what, Number(limit));
        }
    }

    private WatsStringMeas Measure(VteTextStep row, string? name, string judged, StepText text)
    {
        var value = FieldText.Fit(row.Text, WsjfLimits.StringValue);
        if (value.Changed)
        {
            if (row.Cut is null) value.Note(name is null ? "Value" : $"{name}: Value", text.Path, notes);
            text.AddLong(name, "Value in full", row.Text, row.Cut, options.AttachmentLimitBytes, attach: true);
        }
        text.Add(name, "Unit", LegalText.Escape(row.Units));
        return new WatsStringMeas { CompOp = "LOG", Name = name, Status = judged == "F" ? "F" : "P", Value = value.Text };
    }

    private void Action(VteStep row)
    {
        var verdict = Verdict(row);
        var text = Begin(row);
        switch (row)
        {
            case VteNumericStep numeric:
                var why = WhyUnusable(numeric.Value);
                text.Add(null, "Value", why is null ? Number(numeric.Value) : $"{Number(numeric.Value)} ({why})");
                text.Add(null, "Low limit", numeric.LowLimit is null ? null : Number(numeric.LowLimit));
                text.Add(null, "High limit", numeric.HighLimit is null ? null : Number(numeric.HighLimit));
                verdict = WithoutValue(verdict, why, text);
                break;
            case VteTextStep { Text: var value, Cut: var cut }:
                var missing = value is null ? "none was recorded" : cut is null && LegalText.Clean(value) is null ? "empty" : null;
                if (missing is null) text.AddLong(null, "Value", value, cut, options.AttachmentLimitBytes, verdict != "S");
                else text.Add(null, "Value", $"{LegalText.Escape(value) ?? "NULL"} ({missing})");
                verdict = WithoutValue(verdict, missing, text);
                break;
            case VteOtherStep other:
                text.AddLong(null, null, other.Text, other.Text is null ? null : other.Cut, options.AttachmentLimitBytes, verdict != "S");
                if (other is { Text: null, Cut: { } left }) text.AddBytes(left);
                if (other.Bytes is { Length: > 0 } bytes) text.AddBytes(bytes, options.AttachmentLimitBytes, verdict != "S");
                break;
        }
        text.Add(null, "Unit", LegalText.Escape(row.Units));
        Describe(row, null, text);
        Add(text, verdict, ("ET_A", "ET_A"));
    }

    // Passed without a value: no measurement proves it, so the step is skipped rather than passed, and VTE's word stands in the text.
    private static string WithoutValue(string verdict, string? why, StepText text)
    {
        if (why is not null) text.Note(NoteRules.ValueUnusable, $"The value is not sent as a measurement: {why}.");
        if (why is null || verdict != "P") return verdict;
        text.Add(null, "Verdict of VTE", "passed");
        return "S";
    }

    private StepText Begin(VteStep row)
    {
        var name = FieldText.Fit(SourceOfName(row)
            ?? (row.StepNumber is { } number ? string.Create(CultureInfo.InvariantCulture, $"Step {number}") : "Step"),
            WsjfLimits.StepName);
        _text.Begin(_names.Take(name.Text!), row.StepNumber);
        if (name.Changed) name.Tell("Name", _text.Path, notes, _text.Lines);
        if (!ReferenceEquals(_text.Name, name.Text)) _text.Note(NoteRules.Renamed, $"Another step has the name {name.Text}.");
        return _text;
    }

    private string MeasureName(VteStep row, int index, UniqueNames names, StepText text)
    {
        var field = FieldText.Fit(SourceOfName(row) ?? string.Create(CultureInfo.InvariantCulture, $"Measurement {index + 1}"),
            WsjfLimits.MeasureName);
        var name = names.Take(field.Text!);
        if (field.Changed) field.Tell($"{name}: Name", text.Path, notes, text.Lines);
        return name;
    }

    private static string? SourceOfName(VteStep row) => Named(row.Name) ? row.Name : Named(row.Description) ? row.Description : null;

    private static bool Named(string? text) => LegalText.Clean(text) is not null;

    private static void Describe(VteStep row, string? measurement, StepText text)
    {
        text.Lines.AddLater(measurement, "Number", LegalText.Escape(row.Number));
        if (row.Description is not null && row.Description != SourceOfName(row))
            text.Lines.AddLater(measurement, "Description", LegalText.Escape(row.Description));
    }

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "NULL";
}
