using System.Net;
using System.Text;
using System.Text.Json;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Sandbox;

/// <summary>The routes of the sandbox, over real HTTP.</summary>
public sealed class SandboxTests : IAsyncLifetime, IDisposable
{
    private SandboxServer _server = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await SandboxServer.StartAsync(new SandboxOptions { ForbiddenToken = "bm90aGluZw==" });
        _client = SandboxClient.For(_server);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task The_version_is_told_without_a_token()
    {
        using var anonymous = new HttpClient { BaseAddress = _server.BaseUrl };
        Assert.Equal("\"2026.1.5.324\"", await anonymous.GetStringAsync("/api/app/version"));
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("d3Jvbmc=", HttpStatusCode.Unauthorized)]
    [InlineData("bm90aGluZw==", HttpStatusCode.Forbidden)]
    public async Task A_missing_wrong_or_weak_token_is_refused_with_a_json_body(string? token, HttpStatusCode expected)
    {
        using var client = new HttpClient { BaseAddress = _server.BaseUrl };
        if (token is not null) client.DefaultRequestHeaders.Add("Authorization", "Basic " + token);
        using var answer = await client.GetAsync("/api/Report/Query/Header?$top=1");
        Assert.Equal(expected, answer.StatusCode);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.NotEqual("", body.RootElement.GetProperty("Message").GetString());
    }

    [Fact]
    public async Task A_good_report_is_stored_and_answered_with_a_list()
    {
        var report = SampleReport.New();
        var (status, text) = await _client.PostReportAsync(report.ToJsonString());
        Assert.True(status == HttpStatusCode.OK, text);
        using var answer = JsonDocument.Parse(text);
        var row = answer.RootElement.EnumerateArray().Single();
        Assert.Equal(report["id"]!.GetValue<string>(), row.GetProperty("ID").GetString());
        Assert.Equal(report["id"]!.GetValue<string>(), row.GetProperty("uuid").GetString());
        Assert.Equal(1, row.GetProperty("Report_ID").GetInt32());
        Assert.Equal(1, _server.Store.Count);
    }

    [Fact]
    public async Task The_same_id_again_overwrites_and_is_counted()
    {
        var report = SampleReport.New();
        await _client.PostReportAsync(report.ToJsonString());
        report["sn"] = "SN-CHANGED";
        await _client.PostReportAsync(report.ToJsonString());
        var stored = Assert.Single(_server.Store.Reports);
        Assert.Equal(("SN-CHANGED", 2), (stored.Header.SerialNumber, stored.ReceiveCount));
        var headers = await _client.QueryHeadersAsync("$filter=serialNumber eq 'SN-CHANGED'");
        Assert.Equal(2, headers[0].GetProperty("receiveCount").GetInt32());
    }

    [Fact]
    public async Task Another_id_of_the_same_unit_operation_and_start_swallows_the_first()
    {
        var first = SampleReport.New();
        var second = first.DeepClone();
        second["id"] = Guid.NewGuid().ToString();
        await _client.PostReportAsync(first.ToJsonString());
        await _client.PostReportAsync(second.ToJsonString());
        var stored = Assert.Single(_server.Store.Reports);
        Assert.Equal(Guid.Parse(second["id"]!.GetValue<string>()), stored.Id);
        var swallowed = Assert.Single(_server.Store.Swallowed);
        Assert.Equal(Guid.Parse(first["id"]!.GetValue<string>()), swallowed.Id);
    }

    [Fact]
    public async Task A_start_in_the_future_is_taken_but_not_visible()
    {
        var report = SampleReport.New(start: DateTimeOffset.UtcNow.AddDays(1));
        var (status, _) = await _client.PostReportAsync(report.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(1, _server.Store.Count);
        Assert.Empty(await _client.QueryHeadersAsync($"$filter=uuid eq {report["id"]!.GetValue<string>()}"));
    }

    [Theory]
    [InlineData(120)]
    [InlineData(500)]
    [InlineData(4711)]
    public async Task An_operation_that_is_no_active_test_operation_is_refused(int code)
    {
        var report = SampleReport.New();
        report["processCode"] = code;
        var (status, text) = await _client.PostReportAsync(report.ToJsonString());
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains($"processCode {code} must be an active test operation", text, StringComparison.Ordinal);
        Assert.Equal(0, _server.Store.Count);
    }

    [Fact]
    public async Task A_report_is_read_back_with_the_nulls_of_an_export()
    {
        var report = SampleReport.New();
        await _client.PostReportAsync(report.ToJsonString());
        using var body = JsonDocument.Parse(await _client.GetStringAsync($"/api/report/wsjf/{report["id"]!.GetValue<string>()}"));
        Assert.Equal(JsonValueKind.Null, body.RootElement.GetProperty("origin").ValueKind);
        Assert.Equal("End of line test", body.RootElement.GetProperty("processName").GetString());
        var parsed = VteWats.Core.Wats.Wsjf.Parse(Encoding.UTF8.GetBytes(body.RootElement.GetRawText()));
        Assert.Equal(report["sn"]!.GetValue<string>(), parsed.Sn);
        using var missing = await _client.GetAsync($"/api/Report/Wsjf/{Guid.NewGuid()}");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task Processes_are_listed_by_kind_and_state()
    {
        static int[] Codes(string json)
        {
            using var document = JsonDocument.Parse(json);
            return [.. document.RootElement.EnumerateArray().Select(p => p.GetProperty("code").GetInt32())];
        }
        Assert.DoesNotContain(120, Codes(await _client.GetStringAsync("/api/App/Processes")));
        var tests = Codes(await _client.GetStringAsync("/api/App/Processes?includeTestOperations=true"));
        Assert.Equal([10, 50, 90, 100, 110], tests);
        Assert.Contains(120, Codes(
            await _client.GetStringAsync("/api/App/Processes?includeTestOperations=true&includeInactiveProcesses=true")));
        var repairs = Codes(await _client.GetStringAsync("/api/App/Processes?includeRepairOperations=true"));
        Assert.Equal([500, 510], repairs);
    }

    [Fact]
    public async Task What_is_no_json_is_refused_in_plain_text()
    {
        var (status, text) = await _client.PostReportAsync("{\"type\":");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith("report: the body is not valid JSON", text, StringComparison.Ordinal);
    }
}
