using System.Net;
using System.Text.Json;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Sandbox;

/// <summary>Header queries of the sandbox.</summary>
public sealed class SandboxQueryTests : IAsyncLifetime, IDisposable
{
    private static readonly DateTimeOffset First = new(2024, 3, 2, 7, 0, 0, TimeSpan.Zero);
    private readonly Guid[] _ids = [.. Enumerable.Range(0, 14).Select(i => new Guid(i + 1, 0, 0, new byte[8]))];
    private SandboxServer _server = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await SandboxServer.StartAsync();
        _client = SandboxClient.For(_server);
        for (var i = 0; i < _ids.Length; i++)
        {
            var report = SampleReport.New(_ids[i], i == 13 ? "O'Brien + 1" : $"SN-{i:00}", First.AddHours(i));
            if (i % 2 == 0) (report["result"], report["root"]!["status"]) = ("P", "P");
            report["processCode"] = i < 7 ? 100 : 50;
            await _client.PostReportAsync(report.ToJsonString());
        }
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _client.Dispose();

    private async Task<string> FoundAsync(string filter, string more = "&$top=100&$orderby=start")
    {
        var headers = await _client.QueryHeadersAsync("$filter=" + Uri.EscapeDataString(filter) + more);
        return string.Join(' ', headers.Select(h => Array.IndexOf(_ids, h.GetProperty("uuid").GetGuid())));
    }

    [Theory]
    [InlineData("serialNumber eq 'SN-03'", "3")]
    [InlineData("serialNumber eq 'O''Brien + 1'", "13")]
    [InlineData("uuid eq 00000003-0000-0000-0000-000000000000", "2")]
    [InlineData("uuid in (00000003-0000-0000-0000-000000000000, "
        + "00000005-0000-0000-0000-000000000000,0000ffff-0000-0000-0000-000000000000)", "2 4")]
    [InlineData("uuid eq 00000003-0000-0000-0000-000000000000 or uuid eq 00000005-0000-0000-0000-000000000000", "2 4")]
    [InlineData("start ge 2024-03-02T09:00:00Z and start lt 2024-03-02T11:00:00Z", "2 3")]
    [InlineData("start ge 2024-03-02T10:00:00+01:00 and start lt 2024-03-02T12:00:00+01:00", "2 3")]
    [InlineData("start gt 2024-03-02T18:00:00Z and start le 2024-03-02T19:00:00Z", "12")]
    [InlineData("result eq 'Failed' and processCode eq 50", "7 9 11 13")]
    [InlineData("processCode ne 100 and not (result eq 'Failed')", "8 10 12")]
    [InlineData("processCode in (50, 10) and (serialNumber eq 'SN-07' or serialNumber eq 'SN-01')", "7")]
    [InlineData("result eq 'P'", "")]
    [InlineData("startswith(serialNumber,'SN-1')", "10 11 12")]
    [InlineData("contains(tolower(serialNumber),'brien')", "13")]
    [InlineData("endswith(serialNumber, '5') or length(serialNumber) gt 6", "5 13")]
    [InlineData("errorMessage eq null and serialNumber eq 'SN-00'", "0")]
    [InlineData("subUnits/any(s: s/partNumber eq 'PN-7') and serialNumber eq 'SN-01'", "1")]
    [InlineData("miscInfo/any(m: m/description eq 'Info1' and m/value eq 'second')", "")]
    public async Task A_filter_finds(string filter, string expected) => Assert.Equal(expected, await FoundAsync(filter));

    [Theory]
    [InlineData("serialNumber = 'x'")]
    [InlineData("serialNumber eq 'x")]
    [InlineData("noSuchField eq 'x'")]
    [InlineData("uuid eq 'x'")]
    [InlineData("start ge 'x'")]
    [InlineData("processCode eq '100'")]
    [InlineData("processCode add 1 eq 2")]
    [InlineData("(serialNumber eq 'x'")]
    [InlineData("year(start) eq 2026")]
    [InlineData("start ge 2024-03-02T09:00:00")]
    public async Task A_filter_that_is_not_understood_is_refused(string filter)
    {
        using var answer = await _client.GetAsync("/api/Report/Query/Header?$filter=" + Uri.EscapeDataString(filter));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotEmpty(await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Ten_headers_come_unless_more_are_asked_for_latest_first()
    {
        var headers = await _client.QueryHeadersAsync("");
        Assert.Equal(10, headers.Count);
        Assert.Equal(_ids[13], headers[0].GetProperty("uuid").GetGuid());
        Assert.Equal(14, (await _client.QueryHeadersAsync("$top=10000")).Count);
        using var tooMany = await _client.GetAsync("/api/Report/Query/Header?$top=10001");
        Assert.Equal(HttpStatusCode.BadRequest, tooMany.StatusCode);
    }

    [Fact]
    public async Task Pages_follow_each_other()
    {
        Assert.Equal("5 6 7", await FoundAsync("reportType eq 'T'", "&$top=3&$skip=5&$orderby=start asc"));
        Assert.Equal("3 2", await FoundAsync("start le 2024-03-02T10:00:00Z", "&$top=2&$orderby=uuid desc"));
        using var other = await _client.GetAsync("/api/Report/Query/Header?$orderby=result");
        Assert.Equal(HttpStatusCode.BadRequest, other.StatusCode);
    }

    [Theory]
    [InlineData("?%24filter=uuid+eq+00000003-0000-0000-0000-000000000000")]
    [InlineData("?$filter=uuid%20eq%2000000003-0000-0000-0000-000000000000")]
    [InlineData("?reportType=U&%24filter=serialNumber+eq+%27SN-02%27")]
    public async Task Both_ways_of_escaping_are_read(string query)
    {
        using var document = JsonDocument.Parse(await _client.GetStringAsync("/api/Report/Query/Header" + query));
        Assert.Equal(_ids[2], document.RootElement.EnumerateArray().Single().GetProperty("uuid").GetGuid());
    }

    [Fact]
    public async Task Fields_are_selected_and_lists_expanded()
    {
        var rows = await _client.QueryHeadersAsync("$filter=serialNumber eq 'SN-01'&$select=uuid,result&$expand=subunits,miscinfo");
        var row = rows.Single();
        Assert.Equal(["uuid", "result", "subUnits", "miscInfo"], row.EnumerateObject().Select(p => p.Name));
        Assert.Equal("Failed", row.GetProperty("result").GetString());
        Assert.Equal("PN-7", row.GetProperty("subUnits")[0].GetProperty("partNumber").GetString());
        Assert.Equal("first", row.GetProperty("miscInfo")[0].GetProperty("value").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.GetAsync("/api/Report/Query/Header?$count=true")).StatusCode);
    }

    [Fact]
    public async Task A_query_over_the_limit_of_length_is_not_found_and_in_can_be_refused()
    {
        using var tooLong = await _client.GetAsync("/api/Report/Query/Header?$filter="
            + string.Join(" or ", Enumerable.Repeat("serialNumber eq 'SN-01'", 90)));
        Assert.Equal(HttpStatusCode.NotFound, tooLong.StatusCode);
        await using var old = await SandboxServer.StartAsync(new SandboxOptions { RefuseIn = true, ObjectAnswer = true });
        using var client = SandboxClient.For(old);
        using var refused = await client.GetAsync($"/api/Report/Query/Header?$filter=uuid in ({_ids[0]})");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var (_, text) = await client.PostReportAsync(SampleReport.New(_ids[0]).ToJsonString());
        using var answer = JsonDocument.Parse(text);
        Assert.Equal(_ids[0], answer.RootElement.GetProperty("ID").GetGuid());
    }
}
