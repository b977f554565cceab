using System.Text;
using System.Text.Json.Nodes;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Client;
using VteWats.Core.Wats.Files;
using VteWats.Core.Wats.Sending;
using VteWats.Unit.Support;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Wats;

/// <summary>What the model does not know of a report survives being read, and gets through sending.</summary>
public sealed class UnknownMemberTests : IDisposable
{
    private const string Test = """
        {"type":"T","id":"6f1c2b1a-55f0-4f3e-9a61-2b7d1d8f0001","pn":"PN-1","sn":"SN-1","rev":"A","processCode":100,
        "processName":"End of line test","result":"P","machineName":"S","location":"L","purpose":"P",
        "start":"2024-03-02T08:15:30.0000000+01:00",
        "startUTC":"2024-03-02T07:15:30.0000000Z","uut":{"user":"op","batchLoopIndex":3},
        "miscInfos":[{"description":"d","text":"v","typedef":"t"}],"additionalData":[{"name":"Station info","props":[]}],
        "root":{"id":1,"group":"M","stepType":"SequenceCall","name":"Main","status":"P","seqCall":{"path":"a","name":"b","version":"1"},
        "start":"2024-03-02T08:15:30+01:00","steps":[
        {"id":2,"group":"M","stepType":"WATS_XYGMNLT","name":"Curve","status":"P","totTime":1.50,"tsGuid":"abc",
        "chart":{"chartType":"Line","label":"l","xLabel":"x","yLabel":"y","series":[{"dataType":"XYG","name":"n","xdata":"1;2",
        "ydata":"3;4","colour":"red"}]}},
        {"id":3,"group":"M","stepType":"NI_Wait","name":"Loop","status":"P","loop":{"num":2,"endingIndex":1,"passed":2,"failed":0}},
        {"id":6,"group":"M","stepType":"NI_Wait","name":"Loop","status":"P","loop":{"idx":0}},
        {"id":7,"group":"M","stepType":"NI_Wait","name":"Loop","status":"P","loop":{"idx":1}},
        {"id":4,"group":"M","stepType":"CallExecutable","name":"Call","status":"P","callExe":{"exitCode":0.0}},
        {"id":5,"group":"M","stepType":"ET_NLT","name":"V","status":"P","numericMeas":[{"compOp":"LOG","status":"P","unit":"V","value":1,
        "valueFormat":"%f"}]}]}}
        """;

    private const string Repair = """
        {"type":"R","id":"6f1c2b1a-55f0-4f3e-9a61-2b7d1d8f0002","pn":"PN-1","sn":"SN-1","rev":"A","processCode":500,"result":"P",
        "machineName":"REP","location":"L","purpose":"Repair","start":"2024-03-02T10:00:00.0000000+01:00",
        "startUTC":"2024-03-02T09:00:00.0000000Z","subUnits":[{"partType":"Main","pn":"PN-1","sn":"SN-1","rev":"A","idx":0,
        "failures":[{"category":"Component","code":"Defect","comRef":"U3"}]}],
        "uur":{"user":"tech","processCode":100,"refUUT":"6f1c2b1a-55f0-4f3e-9a61-2b7d1d8f0001","execTime":1800}}
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Test)]
    [InlineData(Repair)]
    public void A_report_that_is_read_and_written_is_the_same(string text) =>
        Same(text, Wsjf.ToUtf8(Wsjf.Parse(Encoding.UTF8.GetBytes(text))));

    [Theory]
    [InlineData(Test)]
    [InlineData(Repair)]
    public async Task A_report_that_is_imported_and_sent_arrives_whole(string text)
    {
        var path = _folder.File("report.wsjf");
        await File.WriteAllTextAsync(path, text);
        await using var server = await SandboxServer.StartAsync();
        var wats = new WatsOptions { BaseUrl = server.BaseUrl.OriginalString, RequestsPerMinute = 0, Proxy = "none" };
        using var client = WatsClient.Create(wats, server.Token);
        var report = ReportFiles.Read(path);
        var receipts = await new WatsSender(client, SendOptions.From(wats)).SendAsync(new[] { report }.ToAsyncEnumerable(), default)
            .ToListAsync();
        Assert.True(Assert.Single(receipts).State == WatsReceiptState.Uploaded, receipts[0].Reason);
        Same(text, server.Store.Find(report.Id!.Value)!.Body!);
    }

    [Fact]
    [Trait("Category", "Process")]
    public async Task A_report_that_is_fetched_from_WATS_and_sent_again_arrives_whole()
    {
        var plant = await Commands.CmdletPlant.StartAsync();
        try
        {
            var id = Guid.Parse("6f1c2b1a-55f0-4f3e-9a61-2b7d1d8f0001");
            using var client = WatsClient.Create(new WatsOptions
            {
                BaseUrl = plant.Wats.BaseUrl.OriginalString, RequestsPerMinute = 0, Proxy = "none",
            }, plant.Wats.Token);
            Assert.Null((await client.PostAsync(id, Encoding.UTF8.GetBytes(Test), null, default)).Findings);
            plant.Run("Get-WatsReport -Id $x | Send-WatsReport -Force", ("x", id)).Clean();
            Assert.Equal(2, plant.Wats.Store.Find(id)!.ReceiveCount);
            Same(Test, plant.Wats.Store.Find(id)!.Body!);
        }
        finally
        {
            await plant.DisposeAsync();
        }
    }

    [Fact]
    public void What_only_a_server_writes_is_not_sent_back_to_it()
    {
        var exported = JsonNode.Parse(Test)!;
        exported["origin"] = "server";
        exported["productName"] = "Widget";
        exported["uut"]!["referencedByUURs"] = new JsonArray();
        exported["uut"]!["comment"] = null;
        exported["root"]!["steps"]![0]!["attachment"] = null;
        exported["root"]!["steps"]![0]!["chart"]!["xUnit"] = null;
        Same(Test, Wsjf.ToUtf8(Wsjf.Parse(Encoding.UTF8.GetBytes(exported.ToJsonString()))));
    }

    [Fact]
    public void A_number_keeps_the_form_that_it_had_where_the_model_does_not_know_it() => Assert.Contains(
        "\"exitCode\":0.0", Encoding.UTF8.GetString(Wsjf.ToUtf8(Wsjf.Parse(Encoding.UTF8.GetBytes(Test)))), StringComparison.Ordinal);

    private static void Same(string expected, byte[] actual) => Assert.True(
        JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), Encoding.UTF8.GetString(actual));
}
