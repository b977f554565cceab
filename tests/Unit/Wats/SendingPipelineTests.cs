using VteWats.Core.Wats;
using VteWats.Core.Wats.Client;
using VteWats.Core.Wats.Sending;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Wats;

public class SendingPipelineTests
{
    [Fact]
    public async Task Each_report_is_stored_once_and_receipts_come_in_input_order()
    {
        await using var server = await SandboxServer.StartAsync();
        var reports = Enumerable.Range(0, 300).Select(Report).ToList();
        var receipts = await SendAsync(server, reports, new SendOptions { ThrottleLimit = 8 });
        Assert.Equal(reports.Select(r => r.Id!.Value), receipts.Select(r => r.RunId));
        Assert.All(receipts, r => Assert.Equal(WatsReceiptState.Uploaded, r.State));
        Assert.Equal(300, server.Store.Count);

        var again = await SendAsync(server, reports, new SendOptions { ThrottleLimit = 8 });
        Assert.All(again, r => Assert.Equal(WatsReceiptState.Skipped, r.State));
    }

    [Fact]
    public async Task Mixed_faults_lose_nothing_and_store_nothing_twice()
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.CutAfterStoring, Probability = 0.05 });
        server.Faults.Add(new SandboxFault { Kind = FaultKind.CutBeforeStoring, Probability = 0.05 });
        server.Faults.Add(new SandboxFault { Kind = FaultKind.TruncateAnswer, Probability = 0.05 });
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503, Probability = 0.05 });
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 429, RetryAfterSeconds = 0, Probability = 0.05 });
        var reports = Enumerable.Range(0, 500).Select(Report).ToList();
        var receipts = await SendAsync(server, reports, new SendOptions { ThrottleLimit = 8 });
        Assert.Equal(reports.Select(r => r.Id!.Value), receipts.Select(r => r.RunId));
        Assert.All(receipts, r => Assert.Equal(WatsReceiptState.Uploaded, r.State));
        Assert.Equal(500, server.Store.Count);
    }

    private static async Task<List<WatsReceipt>> SendAsync(SandboxServer server, IEnumerable<WatsReport> reports, SendOptions options)
    {
        using var client = WatsClient.Create(
            new WatsOptions { BaseUrl = server.BaseUrl.ToString(), RequestsPerMinute = 0, MaxAttempts = 12 }, server.Token, null, null,
            new RetryTiming(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(50)));
        var receipts = new List<WatsReceipt>();
        await foreach (var receipt in new WatsSender(client, options).SendAsync(reports.ToAsyncEnumerable(), CancellationToken.None))
            receipts.Add(receipt);
        return receipts;
    }

    private static WatsReport Report(int n) => SendingParts.Report(n, n % 50);
}
