using System.Text;
using VteWats.Core.Mapping;
using VteWats.Core.Wats;

namespace VteWats.Unit.Mapping;

public class StepTests
{
    [Theory]
    [InlineData(1.0, 2.0, "GELE", 1.0, 2.0)]
    [InlineData(1.0, null, "GE", 1.0, null)]
    [InlineData(null, 2.0, "LE", 2.0, null)]
    [InlineData(null, null, "LOG", null, null)]
    [InlineData(1.5, 1.5, "GELE", 1.5, 1.5)]
    [InlineData(2.0, 1.0, "GELE", 2.0, 1.0)]
    [InlineData(double.NegativeInfinity, 2.0, "LE", 2.0, null)]
    [InlineData(1.0, double.PositiveInfinity, "GE", 1.0, null)]
    [InlineData(double.NegativeInfinity, double.PositiveInfinity, "LOG", null, null)]
    [InlineData(double.NaN, 2.0, "LE", 2.0, null)]
    public void Limits_choose_the_comparison_and_stand_where_WATS_wants_them(double? low, double? high, string op, double? lowLimit,
    double? highLimit)
    {
        var measure = Assert.Single(Assert.Single(Runs.MapSteps(Runs.Numeric(1, 1.5, low, high))).NumericMeas!);
        Assert.Equal((op, lowLimit, highLimit), (measure.CompOp, measure.LowLimit, measure.HighLimit));
    }

    [Theory]
    [InlineData(2.0, 1.0, NoteRules.LimitsReversed, null)]
    [InlineData(double.NaN, 1.5, NoteRules.LimitLeftOut, "Low limit: NaN")]
    [InlineData(1.0, double.PositiveInfinity, NoteRules.LimitLeftOut, "High limit: Infinity")]
    public void Odd_limits_are_noted_and_kept_in_words(double low, double high, string rule, string? text)
    {
        var report = Runs.Plain(Runs.Numeric(1, 1.5, low, high)).Map();
        var note = Assert.Single(report.Notes);
        Assert.Equal((rule, "root -> step Voltage"), (note.Rule, note.Path));
        Assert.Equal(text, report.Root!.Steps![0].ReportText);
    }

    [Theory]
    [InlineData(null, 0, "F", "NULL")]
    [InlineData(double.NaN, 0, "F", "NaN")]
    [InlineData(double.PositiveInfinity, 2, "D", "Infinity")]
    [InlineData(9.91e37, 1, "S", "9.91E+37")]
    [InlineData((double)9.91e37f, 1, "S", "E+37")] // the sentinel after a column of type real
    public void A_value_that_is_none_becomes_an_action_with_its_raw_text(double? value, int result, string status, string raw)
    {
        var report = Runs.Plain(Runs.Numeric(1, value, 1, 2, result)).Map();
        var step = Assert.Single(report.Root!.Steps!);
        Assert.Equal(("ET_A", status), (step.StepType, step.Status));
        Assert.Null(step.NumericMeas);
        foreach (var part in new[] { raw, "Unit: V", "Low limit: 1", "High limit: 2" })
            Assert.Contains(part, step.ReportText!, StringComparison.Ordinal);
        Assert.Contains(NoteRules.ValueUnusable, report.Rules());
    }

    [Fact]
    public void A_pass_without_a_value_is_skipped_and_VTEs_word_is_kept()
    {
        var step = Assert.Single(Runs.MapSteps(Runs.Numeric(1, null, 0, 5)));
        Assert.Equal("S", step.Status);
        Assert.Contains("Verdict of VTE: passed", step.ReportText!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_was_not_judged_is_logged_and_its_limits_stand_in_words()
    {
        var report = Runs.Plain(Runs.Numeric(1, 5, 1, 2, result: 2)).Map();
        var step = Assert.Single(report.Root!.Steps!);
        Assert.Equal(new WatsNumericMeas { CompOp = "LOG", Status = "P", Unit = "V", Value = 5 }, Assert.Single(step.NumericMeas!));
        Assert.Equal("P", step.Status);
        Assert.Equal("Low limit, not judged: 1\nHigh limit, not judged: 2", step.ReportText);
        Assert.Equal([NoteRules.LimitsNotJudged], report.Rules());
    }

    [Theory]
    [InlineData("S")]
    [InlineData("E")]
    [InlineData("T")]
    public void A_row_that_was_skipped_or_broken_off_carries_no_measurement(string verdict)
    {
        var options = Runs.Options with { StepResultCodes = new Dictionary<int, string> { [5] = verdict } };
        var steps = Runs.Plain(Runs.Numeric(1, 3.5, result: 5), Runs.Text(2, "abc", result: 5)).Map(options).Root!.Steps!;
        Assert.All(steps, s => Assert.Equal(("ET_A", verdict), (s.StepType, s.Status)));
        Assert.Contains("Value: 3.5", steps[0].ReportText!, StringComparison.Ordinal);
        Assert.Contains("Value: abc", steps[1].ReportText!, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_one_step_number_are_repetitions_or_the_children_of_a_sequence()
    {
        var steps = Runs.MapSteps(
            Runs.Numeric(1, 1), Runs.Numeric(2, 1, 0, 2, name: "Supply A"), Runs.Numeric(2, 3, 0, 2, result: 0, name: "Supply B"),
            Runs.Numeric(2, 1, 0, 2, name: "supply a"), Runs.Text(3, "x"), Runs.Text(3, "y"));
        Assert.Equal(["Voltage", "Step 2", "Firmware", "Firmware (2)"], steps.Select(s => s.Name));
        Assert.Equal(["ET_NLT", "SequenceCall", "ET_SVT", "ET_SVT"], steps.Select(s => s.StepType));
        Assert.Equal(["P", "F", "P", "P"], steps.Select(s => s.Status));
        Assert.Equal(["Supply A", "Supply B", "supply a (2)"], steps[1].Steps!.Select(m => m.Name));
        Assert.Equal(["P", "F", "P"], steps[1].Steps!.Select(m => m.NumericMeas![0].Status));
        Assert.Null(steps[0].NumericMeas![0].Name);
    }

    [Fact]
    public void Mixed_kinds_at_one_step_number_are_children_of_one_sequence()
    {
        var sequence = Assert.Single(Runs.MapSteps(
            Runs.Numeric(4, double.NaN, name: "A", result: 0), Runs.Text(4, "x", name: "T"), Runs.Numeric(4, 2, name: "B"),
            Runs.Other(4, "note", name: "O"), Runs.Numeric(4, 3, name: "C")));
        var steps = sequence.Steps!;
        Assert.Equal(["ET_A A", "ET_NLT B", "ET_NLT C", "ET_SVT T", "ET_A O"], steps.Select(s => $"{s.StepType} {s.Name}"));
        Assert.Equal(["F", "P", "P", "P", "P"], steps.Select(s => s.Status));
        Assert.Equal([3, 4, 5, 6, 7], steps.Select(s => s.Id!.Value));
    }

    [Fact]
    public void Names_are_unique_among_siblings_also_when_they_had_to_be_cut()
    {
        var name = new string('x', 120);
        var steps = Runs.MapSteps(
            Runs.Numeric(1, 1, name: name), Runs.Numeric(2, 1, name: name + "y"), Runs.Numeric(3, 1, name: "V"),
            Runs.Numeric(4, 1, name: "V (2)"), Runs.Numeric(5, 1, name: "v"));
        Assert.Equal([new string('x', 100), new string('x', 96) + " (2)", "V", "V (2)", "v (3)"], steps.Select(s => s.Name));
        Assert.Contains($"Name in full: {name}y", steps[1].ReportText!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_without_a_name_takes_its_description_or_its_number()
    {
        var steps = Runs.MapSteps(
            Runs.Numeric(7, 1, name: " ") with { Description = "Idle current" }, Runs.Numeric(8, 1, name: null),
            Runs.Numeric(9, 1, name: null) with { StepNumber = null });
        Assert.Equal(["Idle current", "Step 8", "Step"], steps.Select(s => s.Name));
        Assert.All(steps, s => Assert.Null(s.ReportText));
    }

    [Fact]
    public void Description_number_and_a_missing_unit_are_told()
    {
        var step = Assert.Single(Runs.MapSteps(Runs.Numeric(1, 1, units: null) with { Description = "Rail at load", Number = "1.2" }));
        Assert.Equal("Number: 1.2\nDescription: Rail at load", step.ReportText);
        Assert.Equal("NA", step.NumericMeas![0].Unit);
    }

    [Fact]
    public void A_long_text_is_cut_in_the_measurement_and_kept_in_the_report_text()
    {
        var text = new string('a', 99) + "😀tail";
        var report = Runs.Plain(Runs.Text(1, text)).Map();
        var step = Assert.Single(report.Root!.Steps!);
        Assert.Equal(new string('a', 99), Assert.Single(step.StringMeas!).Value);
        Assert.Equal($"Value in full: {text}", step.ReportText);
        Assert.Equal([NoteRules.Truncated], report.Rules());
    }

    [Fact]
    public void A_text_longer_than_the_report_text_is_attached()
    {
        var text = string.Concat(Enumerable.Repeat("0123456789", 700));
        var steps = Runs.MapSteps(Runs.Text(1, text), Runs.Other(2, text));
        Assert.All(steps, s => Assert.Equal(text, Encoding.UTF8.GetString(s.Attachment!.Data!)));
        Assert.All(steps, s => Assert.True(s.ReportText!.Length <= WsjfLimits.ReportText));
    }

    [Fact]
    public void Control_characters_are_removed_from_names_and_written_out_in_the_report_text()
    {
        var report = Runs.Plain(Runs.Text(1, "ok\u0007\uD800", name: "Na\u0000me")).Map();
        var step = Assert.Single(report.Root!.Steps!);
        Assert.Equal(("Name", "ok"), (step.Name, step.StringMeas![0].Value));
        Assert.Equal("Value in full: ok\\u0007\\uD800\nName in full: Na\\u0000me", step.ReportText);
        Assert.Equal([NoteRules.CharactersRemoved, NoteRules.CharactersRemoved], report.Rules());
    }

    [Fact]
    public void Other_data_is_report_text_attachment_or_size_and_hash()
    {
        var small = new byte[] { 1, 2, 3 };
        var large = new byte[200 * 1024];
        var steps = Runs.MapSteps(Runs.Other(1, "line 1\nline 2"), Runs.Other(2, null, small), Runs.Other(3, null, large),
            Runs.Other(4, null, result: 2));
        Assert.All(steps.Take(3), s => Assert.Equal(("ET_A", "P"), (s.StepType, s.Status)));
        Assert.Equal("line 1\nline 2", steps[0].ReportText);
        Assert.Equal(small, steps[1].Attachment!.Data);
        Assert.Null(steps[2].Attachment);
        Assert.Contains("204800 bytes", steps[2].ReportText!, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(large)).ToLowerInvariant(), steps[2].ReportText!,
            StringComparison.Ordinal);
        Assert.Null(steps[3].ReportText);
    }

    [Fact]
    public void Attachments_of_a_skipped_step_would_be_ignored_so_only_their_hash_goes()
    {
        var options = Runs.Options with { StepResultCodes = new Dictionary<int, string> { [5] = "S" } };
        var step = Assert.Single(Runs.Plain(Runs.Other(1, null, [1, 2], result: 5)).Map(options).Root!.Steps!);
        Assert.Null(step.Attachment);
        Assert.Contains("SHA-256", step.ReportText!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "2")]
    [InlineData(1, "")]
    [InlineData(2, "2")]
    public void The_first_failing_step_of_a_run_that_did_not_pass_is_marked(int result, string marked)
    {
        var run = Runs.Plain(Runs.Numeric(1, 1, name: "1"), Runs.Numeric(2, 1, result: 0, name: "2"),
            Runs.Numeric(3, 1, result: 0, name: "3")) with
        { ResultCode = result };
        Assert.Equal(marked, string.Concat(run.Map().Root!.Steps!.Where(s => s.CausedSeqFailure == true).Select(s => s.Name)));
    }

    [Theory]
    [InlineData(1, 0, true)]
    [InlineData(0, 1, true)]
    [InlineData(0, 0, false)]
    [InlineData(1, 1, false)]
    [InlineData(2, 1, false)]
    [InlineData(3, 1, false)]
    public void A_contradiction_between_run_and_steps_is_kept_and_noted(int result, int step, bool noted)
    {
        var report = (Runs.Plain(Runs.Numeric(1, 1, result: step)) with { ResultCode = result }).Map();
        Assert.Equal(["F", "P", "E", "T"], new[] { 0, 1, 2, 3 }.Select(code => Runs.Options.ResultCodes[code]));
        Assert.Equal(Runs.Options.ResultCodes[result], report.ResultCode);
        Assert.Equal(report.ResultCode, report.Root!.Status);
        Assert.Equal(step == 1 ? "P" : "F", report.Root.Steps![0].Status);
        Assert.Equal(noted, report.Rules().Contains(NoteRules.VerdictContradiction));
    }
}
