using System.Net;
using System.Text;
using System.Text.Json;
using VteWats.Core.Diagnostics;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Rules;
using VteWats.Unit.Sandbox;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Wats;

/// <summary>The rule set against the table of broken reports.</summary>
public class RulesTests
{
    [Fact]
    public void A_report_with_every_part_there_is_has_no_finding() =>
        Assert.Equal([], ReportRules.Validate(Encoding.UTF8.GetBytes(RulesReport.New().ToJsonString())));

    [Fact]
    public void Every_rule_has_two_broken_reports_at_least()
    {
        var cases = RulesCases.All.GroupBy(c => c.RuleId).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal([], ReportRules.All.Where(r => cases.GetValueOrDefault(r.Id) < 2).Select(r => r.Id));
        Assert.Equal([], cases.Keys.Except(ReportRules.All.Select(r => r.Id)));
    }

    [Fact]
    public void Rule_ids_are_unique() =>
        Assert.Equal(ReportRules.All.Count, ReportRules.All.Select(r => r.Id).Distinct(StringComparer.OrdinalIgnoreCase).Count());

    [Fact]
    public void Each_broken_report_gives_the_finding_expected()
    {
        var missed = new List<string>();
        foreach (var broken in RulesCases.All)
        {
            var findings = ReportRules.Validate(Encoding.UTF8.GetBytes(broken.Json));
            if (!findings.Any(f => f.RuleId == broken.RuleId && f.Severity == broken.Severity && f.ToString() == broken.Line))
                missed.Add($"{broken.RuleId} expected <{broken.Line}> found <{string.Join(" | ", findings.Take(5))}>");
        }
        Assert.Equal([], missed);
    }

    [Fact]
    public async Task The_sandbox_refuses_each_error_with_that_finding_and_takes_mere_warnings()
    {
        await using var server = await SandboxServer.StartAsync();
        using var client = SandboxClient.For(server);
        var wrong = new List<string>();
        foreach (var broken in RulesCases.All)
        {
            var (status, text) = await client.PostReportAsync(broken.Json);
            var right = broken.Severity == FindingSeverity.Error
                ? status == HttpStatusCode.BadRequest && text.Split("\r\n\r\n").Contains(broken.Line)
                : status == HttpStatusCode.OK || !text.Contains(broken.Line, StringComparison.Ordinal);
            if (!right) wrong.Add($"{broken.RuleId}: {status} {text}");
        }
        Assert.Equal([], wrong);
        Assert.All(server.Store.Reports, r => Assert.NotEqual(default, r.Id));
    }

    [Fact]
    public void A_typed_report_is_judged_as_it_would_be_written()
    {
        var report = Wsjf.Parse(Encoding.UTF8.GetBytes(SampleReport.New().ToJsonString()));
        Assert.Equal([], ReportRules.Validate(report));
        var finding = Assert.Single(ReportRules.Validate(report with { Sn = "" }));
        Assert.Equal("report: sn is required; it is empty.", finding.ToString());
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_number_that_is_none_is_found_and_does_not_throw(double value)
    {
        var report = Wsjf.Parse(Encoding.UTF8.GetBytes(SampleReport.New().ToJsonString()));
        var step = report.Root!.Steps![0];
        var broken = report with
        {
            Root =
            report.Root with { Steps = [step with { NumericMeas = [step.NumericMeas![0] with { Value = value }] }] }
        };
        Assert.Contains(ReportRules.Validate(broken), f => f.RuleId == "Wsjf.NumericMeas.value.Type");
    }

    [Fact]
    public void A_number_too_large_for_a_double_is_found()
    {
        var json = RulesReport.New().ToJsonString().Replace("\"value\":0.35", "\"value\":1e999", StringComparison.Ordinal);
        Assert.Contains(ReportRules.Validate(Encoding.UTF8.GetBytes(json)), f => f.RuleId == "Wsjf.NumericMeas.value.Type");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"type\":NaN}")]
    public void Text_that_is_no_json_is_a_finding(string text) =>
        Assert.Equal("Wsjf.Report.Type", Assert.Single(ReportRules.Validate(Encoding.UTF8.GetBytes(text))).RuleId);

    [Fact]
    public void A_finding_is_one_line_whatever_the_names_hold()
    {
        var report = RulesReport.New();
        report.At("root.steps[3]")["name"] = "two\r\nlines";
        report.At("root.steps[3]")["status"] = "F";
        Assert.Contains("root -> step two  lines: Status cannot be different from measurement status.",
            ReportRules.Validate(Encoding.UTF8.GetBytes(report.ToJsonString())).Select(f => f.ToString()));
    }

    [Fact]
    public void The_page_of_rules_is_current()
    {
        var file = Path.Combine(Repository.Root, "docs", "report-rules.md");
        var expected = RulesPage.Text();
        if (Environment.GetEnvironmentVariable("VTEWATS_WRITE_DOCS") == "1") File.WriteAllText(file, expected);
        Assert.Equal(expected, File.ReadAllText(file).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Explicit_nulls_and_what_the_server_adds_are_no_errors()
    {
        var report = RulesReport.New();
        foreach (var name in (string[])["processName", "processCodeFormat", "uur", "binaryData", "origin", "productName", "assetStats"])
            report[name] = null;
        report.At("root.steps[0]")["loop"] = null;
        Assert.Equal([], ReportRules.Validate(Encoding.UTF8.GetBytes(report.ToJsonString())));
    }

    [Fact]
    public void Judging_takes_any_json_without_throwing()
    {
        string[] members = ["null", "true", "5", "\"x\"", "[]", "{}", "[null]", "[[]]", "[5]", "[{}]"];
        foreach (var property in RulesReport.New().Select(p => p.Key).Concat(["additionalData", "binaryData"]))
        {
            foreach (var member in members)
            {
                using var document = JsonDocument.Parse($"{{\"{property}\":{member}}}");
                Assert.NotEmpty(ReportRules.Validate(document.RootElement));
            }
        }
        foreach (var part in (string[])["steps", "numericMeas", "stringMeas", "booleanMeas", "seqCall", "chart", "loop", "attachment",
            "callExe", "messagePopup", "additionalResults", "name", "status", "id"])
        {
            foreach (var member in members)
            {
                using var document = JsonDocument.Parse(
                    $"{{\"root\":{{\"seqCall\":{{}},\"steps\":[{{\"loop\":{{}},"
                    + $"\"name\":\"a\"}},{{\"loop\":{{\"idx\":0}},\"name\":\"a\",\"{part}\":{member}}}]}}}}");
                Assert.NotEmpty(ReportRules.Validate(document.RootElement));
            }
        }
    }
}
