using System.Text;
using VteWats.Core.Mapping;
using VteWats.Core.Vte;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Rules;

namespace VteWats.Unit.Mapping;

/// <summary>Fields that a site fills where it has something for them.</summary>
public class ReportFieldTests
{
    private static readonly MappingOptions Full = Runs.Options with
    {
        FixtureId = "{Info1}",
        TestSocketIndex = "{Info2}",
        Comment = "Order {Info3}",
        Purpose = "{Testplan.Variant}",
        ErrorCode = "{ExitCode}",
        ErrorMessages = new Dictionary<int, string> { [-7] = "Stopped by the operator" },
    };

    private static readonly VteTestRun Run =
        Runs.Plain(Runs.Numeric(1, 1)) with { Info1 = "FX-3", Info2 = "2", Info3 = "4711", ExitCode = -7, ResultCode = 3 };

    [Fact]
    public void Templates_fill_fixture_socket_comment_purpose_and_error()
    {
        var report = Run.Map(Full);
        Assert.Equal(
            new WatsUut
            {
                User = "op1", ExecTime = 41.5, BatchSn = "LOT-9", FixtureId = "FX-3", TestSocketIndex = 2, Comment = "Order 4711",
                ErrorCode = -7, ErrorMessage = "Stopped by the operator",
            },
            report.Uut);
        Assert.Equal("Full", report.Purpose);
        Assert.DoesNotContain(ReportRules.Validate(report), f => f.RuleId.Contains("Uut", StringComparison.Ordinal));
    }

    [Fact]
    public void The_root_has_the_time_of_the_test() => Assert.Equal(41.5, Run.Map().Root!.TotTime);

    [Fact]
    public void A_socket_that_is_no_number_is_left_out_and_noted()
    {
        var report = (Run with { Info2 = "left" }).Map(Full);
        Assert.Null(report.Uut!.TestSocketIndex);
        Assert.Contains(NoteRules.FieldLeftOut, report.Rules());
    }

    [Fact]
    public void A_purpose_that_comes_out_empty_is_Production() =>
        Assert.Equal("Production", (Run with { Testplan = Run.Testplan with { Variant = null } }).Map(Full).Purpose);

    [Fact]
    public void A_run_that_passed_with_code_0_has_no_error()
    {
        var uut = (Run with { ExitCode = 0, ResultCode = 1 }).Map(Full).Uut!;
        Assert.Equal((null, null), (uut.ErrorCode, uut.ErrorMessage));
    }

    [Fact]
    public void Every_report_bears_the_fingerprint_of_its_mapping()
    {
        var info = Run.Map(Full).MiscInfos!.Single(m => m.Description == "VTE Mapping");
        Assert.Equal(Full.FingerprintText(), info.Text);
        Assert.NotEqual(info.Text, Run.Map().MiscInfos!.Single(m => m.Description == "VTE Mapping").Text);
        Assert.Matches("^[0-9a-f]{16}$", info.Text!);
    }

    [Theory]
    [InlineData("SN_1", null, null, true)]
    [InlineData(null, "PN_1", null, true)]
    [InlineData(null, null, "VTE_07", true)]
    [InlineData(null, null, null, false)]
    public void An_underscore_in_serial_part_or_station_is_noted_because_WATS_takes_it_for_a_wildcard(
        string? serial, string? part, string? station, bool noted)
    {
        var run = Runs.Plain(Runs.Numeric(1, 1));
        run = run with
        {
            Unit = run.Unit with { SerialNumber = serial ?? "SN-1" },
            Product = run.Product with { Name = part ?? "PN-1" },
            Station = run.Station with { Name = station ?? "VTE-07" },
        };
        Assert.Equal(noted, run.Map().Rules().Contains(NoteRules.SearchCharacters));
    }

    [Fact]
    public void Components_have_one_order_whatever_the_database_gave()
    {
        VteComponent[] parts = [new("B", "2", null, null), new("A", "9", null, null), new("A", "1", null, null)];
        var one = (Run with { Station = Run.Station with { Components = parts } }).Map();
        var other = (Run with { Station = Run.Station with { Components = [.. parts.Reverse()] } }).Map();
        Assert.Equal(Wsjf.ToUtf8(one), Wsjf.ToUtf8(other));
    }

    [Theory]
    [InlineData("VTE-0?", null, null, null, true)]
    [InlineData("host07", null, null, null, true)]
    [InlineData("VTE-1*", null, null, null, false)]
    [InlineData(null, "hall 2", null, null, true)]
    [InlineData(null, null, "Wid*", null, true)]
    [InlineData(null, null, null, "/^1\\./", true)]
    [InlineData("VTE-07", "Hall 3", null, null, false)]
    public void An_operation_is_chosen_by_station_site_product_type_and_plan_revision(
        string? station, string? site, string? type, string? revision, bool matches)
    {
        var rule = new OperationRule { Station = station, Site = site, ProductType = type, Revision = revision, ProcessCode = 7 };
        Assert.Equal(matches ? 7 : 100, Run.Map(Runs.Options with { Operations = [rule] }).ProcessCode);
    }
}
