using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Sandbox;

/// <summary>What the sandbox does wrong on request.</summary>
public sealed class SandboxFaultTests : IAsyncLifetime, IDisposable
{
    private SandboxServer _server = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await SandboxServer.StartAsync();
        _client = SandboxClient.For(_server);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _client.Dispose();

    private Task<(HttpStatusCode Status, string Text)> PostAsync(string serial = "SN-1", Guid? id = null) =>
        _client.PostReportAsync(SampleReport.New(id, serial).ToJsonString());

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(413)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_status_meets_the_next_requests_and_no_more(int status)
    {
        _server.Faults.Next(2, status);
        Assert.Equal((HttpStatusCode)status, (await PostAsync()).Status);
        Assert.Equal((HttpStatusCode)status, (await PostAsync()).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync()).Status);
        Assert.Equal(1, _server.Store.StoredPosts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Throttling_says_when_to_come_back_in_both_forms(bool asDate)
    {
        _server.Faults.Next(1, 429, retryAfterSeconds: 7, asDate: asDate);
        using var answer = await _client.GetAsync("/api/App/Processes");
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        if (asDate) Assert.InRange(answer.Headers.RetryAfter!.Date!.Value, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddSeconds(8));
        else Assert.Equal(TimeSpan.FromSeconds(7), answer.Headers.RetryAfter!.Delta);
    }

    [Theory]
    [InlineData(FaultKind.CutBeforeStoring, 0)]
    [InlineData(FaultKind.CutAfterStoring, 1)]
    [InlineData(FaultKind.TruncateAnswer, 1)]
    public async Task A_cut_connection_is_an_error_for_the_client_whether_or_not_the_report_was_stored(FaultKind kind, int stored)
    {
        _server.Faults.Add(new SandboxFault { Kind = kind, Count = 1 });
        await Assert.ThrowsAnyAsync<Exception>(() => PostAsync());
        Assert.Equal(stored, _server.Store.Count);
        Assert.Equal(stored == 1, _server.Requests.Last.Single().Stored);
    }

    [Fact]
    public async Task A_captive_portal_answers_html()
    {
        _server.Faults.Add(new SandboxFault { Kind = FaultKind.CaptivePortal, Count = 1 });
        using var answer = await _client.GetAsync("/api/App/Version");
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Refusals_pick_their_reports_by_serial_number_or_by_content()
    {
        _server.Faults.Add(new SandboxFault { Kind = FaultKind.Refuse, SerialNumber = "BAD*", Finding = "root: no." });
        _server.Faults.Add(new SandboxFault
        {
            Kind = FaultKind.Refuse, Report = r => r.GetProperty("rev").GetString() == "Z",
            Finding = "root: not Z."
        });
        Assert.Equal((HttpStatusCode.BadRequest, "root: no."), await PostAsync("BAD-7"));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("GOOD")).Status);
        var report = SampleReport.New();
        report["rev"] = "Z";
        Assert.Equal((HttpStatusCode.BadRequest, "root: not Z."), await _client.PostReportAsync(report.ToJsonString()));
    }

    [Fact]
    public async Task A_report_is_met_by_its_id_and_others_pass()
    {
        var id = Guid.NewGuid();
        _server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 409, ReportId = id });
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync(id: id)).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("OTHER")).Status);
    }

    [Fact]
    public async Task An_old_proxy_refuses_the_question_whether_to_go_on()
    {
        _server.Faults.Add(new SandboxFault { Kind = FaultKind.RefuseExpect });
        Assert.Equal(HttpStatusCode.OK, (await PostAsync()).Status);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/Report/WSJF") { Content = new StringContent("{}") };
        request.Headers.ExpectContinue = true;
        using var answer = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.ExpectationFailed, answer.StatusCode);
    }

    [Fact]
    public async Task A_list_may_begin_at_its_first_row_whatever_skip_says()
    {
        for (var i = 0; i < 3; i++) await PostAsync($"SN-{i}");
        const string Second = "/api/Report/Query/Header?$top=1&$skip=1&$select=uuid";
        var honest = await _client.GetStringAsync(Second);
        _server.Faults.Add(new SandboxFault { Kind = FaultKind.IgnoreSkip });
        Assert.NotEqual(honest, await _client.GetStringAsync(Second));
        Assert.Equal(await _client.GetStringAsync("/api/Report/Query/Header?$top=1&$select=uuid"), await _client.GetStringAsync(Second));
    }

    [Fact]
    public async Task Latency_delays_and_combines_with_another_fault()
    {
        _server.Faults.Add(new SandboxFault { Kind = FaultKind.Latency, DelayMilliseconds = 60 });
        _server.Faults.Next(1, 503);
        var watch = Stopwatch.StartNew();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await PostAsync()).Status);
        Assert.True(watch.ElapsedMilliseconds >= 50);
    }

    [Fact]
    public async Task Accepted_reports_can_stay_hidden_for_a_while()
    {
        _server.Faults.HideFor = TimeSpan.FromHours(1);
        var id = Guid.NewGuid();
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(id: id)).Status);
        Assert.Empty(await _client.QueryHeadersAsync($"$filter=uuid eq {id}"));
        using var back = await _client.GetAsync($"/api/Report/Wsjf/{id}");
        Assert.Equal(HttpStatusCode.NotFound, back.StatusCode);
        Assert.Contains(id, _server.Store.Ids);
    }

    [Fact]
    public async Task The_rate_limit_refuses_what_is_over_it()
    {
        _server.Faults.RequestsPerMinute = 3;
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, (await PostAsync($"SN-{i}")).Status);
        using var answer = await _client.GetAsync("/api/App/Version");
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
    }

    [Fact]
    public async Task A_probability_is_drawn_from_the_seed()
    {
        async Task<string> ShotsAsync()
        {
            _server.Faults.Clear();
            _server.Faults.Seed(42);
            _server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 500, Probability = 0.5 });
            var shots = new StringBuilder();
            for (var i = 0; i < 30; i++)
            {
                using var answer = await _client.GetAsync("/api/App/Version");
                shots.Append((int)answer.StatusCode == 500 ? 'x' : '.');
            }
            return shots.ToString();
        }
        var first = await ShotsAsync();
        Assert.Contains('x', first);
        Assert.Contains('.', first);
        Assert.Equal(first, await ShotsAsync());
    }

    [Fact]
    public async Task The_control_routes_set_faults_and_tell_the_record()
    {
        using var outside = new HttpClient { BaseAddress = _server.BaseUrl };
        using (var set = await outside.PostAsJsonAsync("/sandbox/faults",
            new object[] { new { kind = "Status", status = 502, count = 1 },
            new { kind = "Refuse", serialNumber = "X", finding = "root: X." } }))
            Assert.True(set.IsSuccessStatusCode);
        Assert.Equal(2, _server.Faults.Current.Count);
        Assert.Equal(HttpStatusCode.BadGateway, (await PostAsync()).Status);
        Assert.Equal("root: X.", (await PostAsync("X")).Text);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("Y")).Status);
        using var counts = JsonDocument.Parse(await outside.GetStringAsync("/sandbox/counts"));
        Assert.Equal(1, counts.RootElement.GetProperty("reports").GetInt32());
        Assert.Equal(3, counts.RootElement.GetProperty("posts").GetInt32());
        using var reports = JsonDocument.Parse(await outside.GetStringAsync("/sandbox/reports"));
        Assert.Equal("Y", reports.RootElement[0].GetProperty("serialNumber").GetString());
        using (var settings = await outside.PostAsJsonAsync("/sandbox/settings",
            new { hideMilliseconds = 5000, requestsPerMinute = 9 })) Assert.True(settings.IsSuccessStatusCode);
        Assert.Equal((TimeSpan.FromSeconds(5), 9), (_server.Faults.HideFor, _server.Faults.RequestsPerMinute));
        using (await outside.DeleteAsync("/sandbox/faults")) Assert.Empty(_server.Faults.Current);
    }

    [Fact]
    public async Task The_log_keeps_the_correlation_and_the_peak_of_requests_at_once()
    {
        _server.Faults.Add(new SandboxFault { Kind = FaultKind.Latency, DelayMilliseconds = 150 });
        _client.DefaultRequestHeaders.Add("X-Correlation-ID", "abc");
        await Task.WhenAll(Enumerable.Range(0, 5).Select(i => PostAsync($"SN-{i}")));
        Assert.Equal(5, _server.Requests.PeakConcurrency);
        Assert.All(_server.Requests.Last, r => Assert.Equal("abc", r.Correlation));
        Assert.Equal(5, _server.Requests.Posts);
    }

    [Fact]
    public async Task Without_bodies_header_size_and_hash_stay()
    {
        await using var small = await SandboxServer.StartAsync(new SandboxOptions { KeepBodies = false });
        using var client = SandboxClient.For(small);
        var json = SampleReport.New().ToJsonString();
        await client.PostReportAsync(json);
        var stored = Assert.Single(small.Store.Reports);
        Assert.Null(stored.Body);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(json))), stored.Hash);
        Assert.Equal(json.Length.ToString(CultureInfo.InvariantCulture), stored.Size.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task An_untrusted_certificate_is_one()
    {
        await using var secure = await SandboxServer.StartAsync(new SandboxOptions { UntrustedHttps = true });
        Assert.Equal("https", secure.BaseUrl.Scheme);
        using var client = SandboxClient.For(secure);
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("/api/App/Version"));
        Assert.Equal(HttpRequestError.SecureConnectionError, error.HttpRequestError);
    }

    [Fact]
    [Trait("Category", "Process")]
    public async Task The_program_prints_address_and_token_in_one_line_and_ends_on_request()
    {
        Uri address;
        await using (var program = await SandboxProcess.StartAsync(Repository.Sandbox))
        {
            address = new Uri(program.BaseUrl);
            using var client = new HttpClient { BaseAddress = address };
            client.DefaultRequestHeaders.Add("Authorization", "Basic " + program.Token);
            Assert.Equal(HttpStatusCode.OK, (await client.PostReportAsync(SampleReport.New().ToJsonString())).Status);
            Assert.True(address.IsLoopback);
        }
        using var late = new HttpClient { BaseAddress = address };
        await Assert.ThrowsAsync<HttpRequestException>(() => late.GetStringAsync("/api/App/Version"));
    }
}
