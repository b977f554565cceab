using VteWats.Core.Wats;
using VteWats.Core.Wats.Comparison;

namespace VteWats.Unit.Wats;

public class SendingComparerTests
{
    private static readonly WatsReport Report = SendingParts.Report(1, 1);

    public static TheoryData<ReportDifferenceKind, WatsReport> Changes() => new()
    {
        { ReportDifferenceKind.Result, Report with { ResultCode = "F" } },
        { ReportDifferenceKind.Header, Report with { Rev = "B" } },
        { ReportDifferenceKind.Time, Report with { Start = Report.Start!.Value.AddTicks(1) } },
        { ReportDifferenceKind.Time, Report with { Uut = Report.Uut! with { ExecTime = 1.6 } } },
        { ReportDifferenceKind.Missing, Report with { Root = Report.Root! with { Steps = [] } } },
        { ReportDifferenceKind.StepCount, Report with { Root = Report.Root! with { Steps = [] } } },
        {
            ReportDifferenceKind.Extra,
            Report with { Root = Report.Root! with { Steps = [.. Report.Root.Steps!, new WatsStep { Name = "More" }] } }
        },
        { ReportDifferenceKind.Status, WithStep(s => s with { Status = "F" }) },
        { ReportDifferenceKind.Text, WithStep(s => s with { ReportText = "x" }) },
        { ReportDifferenceKind.Value, WithMeas(m => m with { Value = Math.BitIncrement(m.Value!.Value) }) },
        { ReportDifferenceKind.Limit, WithMeas(m => m with { LowLimit = 0 }) },
        { ReportDifferenceKind.Limit, WithMeas(m => m with { HighLimit = 0 }) },
        { ReportDifferenceKind.Unit, WithMeas(m => m with { Unit = "mV" }) },
        { ReportDifferenceKind.Comparison, WithMeas(m => m with { CompOp = "GE" }) },
        { ReportDifferenceKind.Status, WithMeas(m => m with { Status = "F" }) },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Every_change_is_listed(ReportDifferenceKind kind, WatsReport changed) =>
        Assert.Contains(ReportComparer.Compare(Report, changed), d => d.Kind == kind);

    [Fact]
    public void Equal_reports_have_no_difference_also_after_a_round_trip_through_text_and_another_offset()
    {
        Assert.Empty(ReportComparer.Compare(Report, Wsjf.Parse(Wsjf.ToUtf8(Report))));
        Assert.Empty(ReportComparer.Compare(Report, Report with { Start = Report.Start!.Value.ToUniversalTime() }));
    }

    [Fact]
    public void A_difference_in_a_step_has_the_path_of_the_server()
    {
        var difference = Assert.Single(ReportComparer.Compare(Report, WithMeas(m => m with { Value = 7 })));
        Assert.Equal(("root -> step Volt", "1", "7"), (difference.Path, difference.Expected, difference.Actual));
    }

    private static WatsReport WithStep(Func<WatsStep, WatsStep> change) =>
        Report with { Root = Report.Root! with { Steps = [change(Report.Root.Steps![0])] } };

    private static WatsReport WithMeas(Func<WatsNumericMeas, WatsNumericMeas> change) =>
        WithStep(s => s with { NumericMeas = [change(s.NumericMeas![0])] });
}
