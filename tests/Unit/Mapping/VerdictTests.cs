using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Unit.Mapping;

/// <summary>Verdicts that are missing, come from the limits, or contradict them; and numbers that stand for none.</summary>
public class VerdictTests
{
    private static readonly VteStep[] WithANull = [Runs.Numeric(1, 3, 0, 5), Runs.Other(2, "note", result: null)];

    [Fact]
    public void One_row_without_a_verdict_refuses_its_run_and_the_error_names_the_key()
    {
        var e = Assert.Throws<VteWatsException>(() => Runs.Plain(WithANull).Map());
        Assert.Equal(ErrorKind.RunUnmappable, e.Error);
        Assert.Contains("sites.Oslo.mapping.missingStepResult", e.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("D", "D")]
    [InlineData("limits", "D")]
    public void A_key_says_what_stands_for_a_step_without_a_verdict(string stand, string status)
    {
        var report = Runs.Plain(WithANull).Map(Runs.Options with { MissingStepResult = stand });
        Assert.Equal(["P", status], report.Root!.Steps!.Select(s => s.Status));
        Assert.Equal([NoteRules.VerdictMissing], report.Rules());
    }

    [Theory]
    [InlineData(3.0, "P")]
    [InlineData(9.9, "F")]
    public void A_missing_verdict_may_follow_from_the_limits(double value, string status)
    {
        var report = Runs.Plain(Runs.Numeric(1, value, 0, 5, result: null)).Map(Runs.Options with { MissingStepResult = "limits" });
        Assert.Equal(status, report.Root!.Steps![0].NumericMeas![0].Status);
    }

    [Theory]
    [InlineData("limits", 9.9, "F")]
    [InlineData("limits", 3.0, "P")]
    [InlineData("E", 3.0, "E")]
    [InlineData("T", 3.0, "T")]
    public void A_run_without_a_verdict_takes_that_of_its_steps_or_the_configured_one(string stand, double value, string result)
    {
        var run = Runs.Plain(Runs.Numeric(1, value, 0, 5, result: null)) with { ResultCode = null };
        var report = run.Map(Runs.Options with { MissingResult = stand, MissingStepResult = "limits" });
        Assert.Equal((result, result), (report.ResultCode, report.Root!.Status));
    }

    [Fact]
    public void A_run_whose_steps_were_not_judged_either_stays_refused()
    {
        var run = Runs.Plain(Runs.Other(1, "x", result: 2)) with { ResultCode = null };
        Assert.Contains("missingResult", Assert.Throws<VteWatsException>(() => run.Map()).Advice, StringComparison.Ordinal);
        Assert.Throws<VteWatsException>(() => run.Map(Runs.Options with { MissingResult = "limits" }));
    }

    [Fact]
    public void Where_the_column_is_no_verdict_the_limits_judge_and_its_codes_mean_nothing()
    {
        var options = Runs.Options with { StepVerdict = "limits" };
        var steps = Runs.Plain(
            Runs.Numeric(1, 3, 0, 5, result: 77, name: "in"), Runs.Numeric(2, 9, 0, 5, result: 1, name: "out"),
            Runs.Numeric(3, 9, result: 0, name: "none"), Runs.Text(4, "x", result: 0)).Map(options).Root!.Steps!;
        Assert.Equal(["P", "F", "P", "P"], steps.Select(s => s.Status));
        Assert.Equal(["GELE", "GELE", "LOG"], steps.Take(3).Select(s => s.NumericMeas![0].CompOp));
    }

    [Theory]
    [InlineData(9.9, 0.0, 5.0, 1, true)]
    [InlineData(3.0, 0.0, 5.0, 0, true)]
    [InlineData(9.9, null, 5.0, 1, true)]
    [InlineData(9.9, 0.0, 5.0, 0, false)]
    [InlineData(3.0, 0.0, 5.0, 1, false)]
    [InlineData(5.0, 0.0, 5.0, 1, false)]
    [InlineData(9.9, 0.0, 5.0, 2, false)] // not judged
    [InlineData(9.9, null, null, 0, false)]
    [InlineData((double)3.3f, 3.3, null, 1, false)] // 3.29999995 after a column of type real
    public void A_verdict_that_contradicts_its_limits_stands_and_is_noted(double value, double? low, double? high, int code, bool noted)
    {
        var report = (Runs.Plain(Runs.Numeric(1, value, low, high, code)) with { ResultCode = code == 0 ? 0 : 1 }).Map();
        Assert.Equal(noted, report.Rules().Contains(NoteRules.VerdictAgainstLimits));
        Assert.Equal(code == 0 ? "F" : "P", report.Root!.Steps![0].Status);
    }

    [Theory]
    [InlineData(-9.9e37)]
    [InlineData(1e38)]
    [InlineData((double)float.MaxValue)]
    [InlineData((double)float.MinValue)]
    [InlineData(double.MaxValue)]
    [InlineData(double.MinValue)]
    public void A_sentinel_is_no_limit_and_no_value(double sentinel)
    {
        var report = Runs.Plain(Runs.Numeric(1, 3, 0, sentinel), Runs.Numeric(2, 3, sentinel, 5),
            Runs.Numeric(3, sentinel, 0, 5, result: 2)).Map();
        var steps = report.Root!.Steps!;
        Assert.Equal(("GE", 0.0, null), Limits(steps[0]));
        Assert.Equal(("LE", 5.0, null), Limits(steps[1]));
        Assert.Equal(2, report.Rules().Count(r => r == NoteRules.LimitLeftOut));
        Assert.Equal("ET_A", steps[2].StepType);
    }

    [Theory]
    [InlineData(1, "P")]
    [InlineData(0, "F")]
    public void A_row_that_is_nothing_but_a_verdict_is_a_pass_fail_step(int code, string status)
    {
        var steps = Runs.Plain(Runs.Numeric(1, null, result: code), Runs.Text(2, null, code), Runs.Text(3, " ", code), Runs.Other(4, null,
            result: code)).Map().Root!.Steps!;
        Assert.All(steps, step => Assert.Equal(("ET_PFT", status), (step.StepType, step.Status)));
        Assert.All(steps, step => Assert.Equal([new WatsBooleanMeas { Status = status }], step.BooleanMeas!));
    }

    private static (string?, double?, double?) Limits(WatsStep step) =>
        (step.NumericMeas![0].CompOp, step.NumericMeas[0].LowLimit, step.NumericMeas[0].HighLimit);
}
