using VteWats.Core.Vte;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Sending;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Wats;

/// <summary>Runs of one unit with one start, whose reports lie a tick apart: WATS must end up with all of them.</summary>
public class SendingTwinTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(90)]
    public async Task A_twin_with_a_smaller_id_that_comes_later_costs_the_older_ones_nothing(int between)
    {
        await using var server = await SandboxServer.StartAsync();
        using var client = SendingParts.Client(server);
        var session = new ReadSession("Oslo", "test");
        await SendingParts.SendAsync(client, [Twin(2, 0), Twin(3, 1)], new SendOptions());
        Assert.Equal(2, server.Store.Count);

        // A third one, read with the others days later. Other units have runs of that time too.
        var others = Enumerable.Range(100, between).Select(n => SendingParts.Report(n, n, session));
        List<WatsReport> reports = [Twin(1, 0), .. others, Twin(2, 1), Twin(3, 2)];
        var (receipts, failure) = await SendingParts.SendAsync(client, reports, new SendOptions { ThrottleLimit = 8 });
        Assert.Null(failure);
        Assert.Equal(reports.Select(r => r.Id!.Value), receipts.Select(r => r.RunId));
        Assert.Equal(reports.Select(r => r.Id!.Value).Order(), server.Store.Ids.Order());
        Assert.All(receipts, r => Assert.Equal(WatsReceiptState.Uploaded, r.State));
    }

    [Fact]
    public async Task Twins_that_WATS_has_are_skipped_and_one_before_the_first_that_is_posted_stays()
    {
        await using var server = await SandboxServer.StartAsync();
        using var client = SendingParts.Client(server);
        await SendingParts.SendAsync(client, [Twin(1, 0), Twin(2, 1)], new SendOptions());
        var (receipts, _) = await SendingParts.SendAsync(client, [Twin(1, 0), Twin(2, 1)], new SendOptions());
        Assert.All(receipts, r => Assert.Equal(WatsReceiptState.Skipped, r.State));
        (receipts, _) = await SendingParts.SendAsync(client, [Twin(1, 0), Twin(2, 1), Twin(3, 2)], new SendOptions());
        Assert.Equal([WatsReceiptState.Skipped, WatsReceiptState.Skipped, WatsReceiptState.Uploaded], receipts.Select(r => r.State));
        Assert.Equal(3, server.Store.Count);
    }

    [Fact]
    public async Task Twins_are_posted_in_their_order()
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.CutBeforeStoring, Probability = 0.3 });
        using var client = SendingParts.Client(server, SendingParts.Fast with { MaxAttempts = 20 });
        await SendingParts.SendAsync(client, [.. Enumerable.Range(0, 30).Select(n => Twin(n, n))], new SendOptions { ThrottleLimit = 16 });
        Assert.Equal(Enumerable.Range(0, 30).Select(Id), server.Store.Reports.Select(r => r.Id));
    }

    private static Guid Id(int n) => new(n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

    // As the mapper makes it: the start moved by a tick a twin.
    private static WatsReport Twin(int id, int index)
    {
        var report = SendingParts.Report(0, 0, new ReadSession("Oslo", "test"));
        var start = report.Source!.Start.AddTicks(index);
        var run = report.Source with { Id = Id(id), DuplicateIndex = index };
        return report with { Id = Id(id), Start = start, StartUtc = start, Source = run };
    }
}
