using System.Globalization;
using VteWats.Core.Diagnostics;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Client;
using VteWats.Core.Wats.Sending;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Wats;

/// <summary>What lies between the client and the server: proxies, packed answers, pages.</summary>
public class ClientTransportTests
{
    [Fact]
    public async Task Reports_go_through_a_proxy_that_wants_the_configured_login()
    {
        await using var server = await SandboxServer.StartAsync();
        using var proxy = new LoginProxy(server.BaseUrl, "plant", "let me out");
        var wats = SendingParts.Fast with { BaseUrl = server.BaseUrl.OriginalString, Proxy = proxy.Url, ProxyUserName = "plant" };
        using var client = WatsClient.Create(wats, server.Token, "let me out");
        var (receipts, failure) = await SendingParts.SendAsync(client, SendingParts.Reports(50), new SendOptions { ThrottleLimit = 4 });
        Assert.Null(failure);
        Assert.All(receipts, r => Assert.Equal(WatsReceiptState.Uploaded, r.State));
        Assert.Equal(50, server.Store.Count);
        Assert.InRange(proxy.Passed, 1, 200);
    }

    [Fact]
    public async Task An_answer_that_comes_packed_is_read()
    {
        await using var server = await SandboxServer.StartAsync();
        using var client = SendingParts.Client(server);
        await SendingParts.SendAsync(client, SendingParts.Reports(40), new SendOptions());
        var url = new Uri(server.BaseUrl, "api/Report/Query/Header?$top=40");
        using var plain = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get,
            url)
        { Headers = { { "Authorization", "Basic " + server.Token }, { "Accept-Encoding", "gzip" } } };
        using var packed = await plain.SendAsync(request);
        Assert.Equal("gzip", Assert.Single(packed.Content.Headers.ContentEncoding));
        Assert.Equal(40, (await client.QueryHeadersAsync("reportType eq 'T'", "start", 40, 0, null, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task Headers_of_one_and_the_same_start_come_once_each_over_the_borders_of_pages()
    {
        await using var server = await SandboxServer.StartAsync();
        using var client = SendingParts.Client(server);
        var start = DateTimeOffset.Parse("2024-03-02T08:00:00+01:00", CultureInfo.InvariantCulture);
        var reports = SendingParts.Reports(101).ConvertAll(r => r with { Start = start, StartUtc = start });
        await SendingParts.SendAsync(client, reports, new SendOptions());
        var headers = await new HeaderQuery { PageSize = 10 }.RunAsync(client, CancellationToken.None).ToListAsync();
        Assert.Equal(server.Store.Ids.Order(), headers.Select(h => h.Uuid).Order());
        Assert.Equal(25, await new HeaderQuery { PageSize = 10, First = 25 }.RunAsync(client, CancellationToken.None).CountAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(25)]
    public async Task A_server_that_ignores_skip_is_told_instead_of_being_paged_for_ever(int first)
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.IgnoreSkip, Path = "Query" });
        using var client = SendingParts.Client(server);
        await SendingParts.SendAsync(client, SendingParts.Reports(40), new SendOptions());
        var query = new HeaderQuery { PageSize = 10, First = first == 0 ? null : first };
        var failure = await Assert.ThrowsAsync<VteWatsException>(async () =>
            await query.RunAsync(client, CancellationToken.None).CountAsync());
        Assert.Equal(ErrorKind.WatsNotWats, failure.Error);
        Assert.Contains("$skip", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_ends_with_a_full_page_is_no_repetition()
    {
        await using var server = await SandboxServer.StartAsync();
        using var client = SendingParts.Client(server);
        await SendingParts.SendAsync(client, SendingParts.Reports(40), new SendOptions());
        Assert.Equal(40, await new HeaderQuery { PageSize = 10 }.RunAsync(client, CancellationToken.None).CountAsync());
    }

    [Fact]
    public async Task Only_the_fields_that_are_wanted_are_asked_for()
    {
        await using var server = await SandboxServer.StartAsync();
        using var client = SendingParts.Client(server);
        await SendingParts.SendAsync(client, SendingParts.Reports(1), new SendOptions());
        var header = Assert.Single(
            await client.QueryHeadersAsync("reportType eq 'T'", "start", 1, 0, "uuid,result", CancellationToken.None));
        Assert.Equal((server.Store.Ids.Single(), "Passed", null), (header.Uuid, header.Result, header.SerialNumber));
    }

    [Fact]
    public async Task A_proxy_that_does_not_know_Expect_gets_the_large_report_without_it_and_the_next_one_at_once()
    {
        await using var server = await SandboxServer.StartAsync(new SandboxOptions { Validate = false });
        server.Faults.Add(new SandboxFault { Kind = FaultKind.RefuseExpect });
        using var client = SendingParts.Client(server);
        var large = SendingParts.Reports(2).ConvertAll(r => r with { Uut = r.Uut! with { Comment = new string('x', 2 << 20) } });
        var first = await client.PostAsync(large[0].Id!.Value, Wsjf.ToUtf8(large[0]), null, CancellationToken.None);
        var second = await client.PostAsync(large[1].Id!.Value, Wsjf.ToUtf8(large[1]), null, CancellationToken.None);
        Assert.Equal((PostOutcome.Accepted, 2), (first.Outcome, first.Attempts));
        Assert.Equal((PostOutcome.Accepted, 1), (second.Outcome, second.Attempts));
        Assert.Equal(2, server.Store.Count);
    }
}
