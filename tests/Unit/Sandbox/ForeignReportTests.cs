using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using VteWats.Core.Diagnostics;
using VteWats.Core.Wats.Rules;
using VteWats.Unit.Wats;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Sandbox;

/// <summary>What other clients send and servers export: real servers take it, so it may be odd but is not wrong.</summary>
public sealed class ForeignReportTests
{
    /// <summary>In the shape that Virinco's Python client gives a report: no startUTC, ids only where somebody set one, values of
    /// booleans.</summary>
    private const string FromPython = """
        {"id":"2da05816-266e-47f9-89a6-0158cff19280","type":"T","pn":"PN-1","sn":"SN-1","rev":"A","processCode":100,"result":"P",
         "machineName":"S","location":"L","purpose":"P","start":"2024-03-02T08:15:30+01:00",
         "uut":{"user":"op","fixtureId":"Fixture"},"subUnits":[],"binaryData":[],"miscInfos":[{"description":"d","text":"v"}],
         "root":{"stepType":"SequenceCall","name":"MainSequence Callback","group":"M","status":"P",
          "seqCall":{"path":"C:/SequenceCall.seq","name":"TestSequence.seq","version":"1.0.0"},
          "steps":[
           {"id":1,"stepType":"ET_PFT","name":"Bool","group":"M","status":"P","booleanMeas":[{"status":"P","value":true}]},
           {"id":2,"stepType":"ET_NLT","name":"Num","group":"M","status":"P",
            "numericMeas":[{"status":"P","value":3.3,"unit":"","compOp":"LOG"}]},
           {"stepType":"SequenceCall","name":"Sub","group":"M","status":"P",
            "seqCall":{"path":"C:/SequenceCall.seq","name":"TestSequence.seq","version":"1.0.0"},
            "steps":[{"id":3,"stepType":"Action","name":"Act","group":"M","status":"P"}]}]}}
        """;

    [Fact]
    public async Task A_report_of_the_python_client_is_stored()
    {
        await using var server = await SandboxServer.StartAsync();
        using var client = SandboxClient.For(server);
        var (status, text) = await client.PostReportAsync(FromPython);
        Assert.True(status == HttpStatusCode.OK, text);
        Assert.Single(server.Store.Reports);
    }

    [Theory]
    [InlineData("root", "id", "null", "Wsjf.Step.id.All")]
    [InlineData("", "binaryData", "[]", "Wsjf.Header.binaryData.Empty")]
    [InlineData("root.steps[5].callExe", "exitCode", "0.0", "Wsjf.CallExe.exitCode.Form")]
    [InlineData("root.steps[0].numericMeas[0]", "unit", "null", "Wsjf.NumericMeas.unit.Required")]
    [InlineData("root.steps[0].numericMeas[0]", "unit", "\"\"", "Wsjf.NumericMeas.unit.Required")]
    public void What_servers_take_or_write_themselves_is_a_warning(string owner, string name, string value, string rule)
    {
        var report = RulesReport.New();
        report.At(owner)[name] = JsonNode.Parse(value);
        var finding = Assert.Single(ReportRules.Validate(Encoding.UTF8.GetBytes(report.ToJsonString())));
        Assert.Equal((rule, FindingSeverity.Warning), (finding.RuleId, finding.Severity));
    }
}
