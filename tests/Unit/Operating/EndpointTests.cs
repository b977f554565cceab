using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using VteWats.Core.Diagnostics;
using VteWats.Core.Operating;
using VteWats.Core.Operating.Endpoints;
using VteWats.Core.Operating.Page;
using VteWats.Core.Sync;
using VteWats.Unit.Sync;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Operating;

/// <summary>What is served by HTTP, and to whom.</summary>
public sealed class EndpointTests : IAsyncLifetime, IDisposable
{
    private static readonly DateTimeOffset Now = new(2024, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly int _port = FreePort();
    private SyncRig _rig = null!;
    private EndpointServer? _server;

    public async Task InitializeAsync() => _rig = await SyncRig.StartAsync(Now, new SyncOptions { BatchSize = 10 });

    public async Task DisposeAsync()
    {
        await _rig.DisposeAsync();
        Dispose();
    }

    public void Dispose()
    {
        _server?.Dispose();
        _http.Dispose();
    }

    [Fact]
    public async Task Health_goes_to_503_with_the_sync_and_back()
    {
        Serve();
        _rig.InsertRuns(5);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync("/health/ready")).StatusCode);
        await _rig.RecordAsync();
        await FreshAsync();
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await HealthAsync());
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/health/ready")).StatusCode);
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503 });
        _rig.Insert(_rig.Local.AddMinutes(-2));
        for (var i = 0; i < 6; i++)
        {
            _rig.Time.Advance(TimeSpan.FromMinutes(14));
            await _rig.RecordAsync();
        }
        await FreshAsync();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), await HealthAsync());
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/health/live")).StatusCode);
        _rig.Wats.Faults.Clear();
        await _rig.RecordAsync();
        await FreshAsync();
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await HealthAsync());
        _rig.Time.Advance(TimeSpan.FromHours(1));
        await FreshAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync("/health/live")).StatusCode);
        using var health = JsonDocument.Parse(await (await GetAsync("/health")).Content.ReadAsStringAsync());
        var reason = health.RootElement.GetProperty("sites")[0].GetProperty("reasons")[0];
        Assert.Equal("NoHeartbeat", reason.GetProperty("condition").GetString());
        Assert.NotEmpty(reason.GetProperty("advice").GetString()!);
    }

    [Fact]
    public async Task A_damaged_state_is_answered_and_not_hidden()
    {
        Serve();
        Directory.CreateDirectory(_rig.State);
        await File.WriteAllTextAsync(Path.Combine(_rig.State, "state.db"), new string('x', 9000));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), await HealthAsync());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync("/health/ready")).StatusCode);
        Assert.Contains("cannot be used", await _http.GetStringAsync(Url("/")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/metrics")).StatusCode);
    }

    [Fact]
    public async Task Metrics_are_the_text_of_the_status_and_the_page_is_kept_in_by_its_policy()
    {
        Serve();
        _rig.InsertRuns(5);
        var (_, status, _) = await _rig.RecordAsync();
        var metrics = await GetAsync("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", metrics.Content.Headers.ContentType!.ToString());
        var text = await metrics.Content.ReadAsStringAsync();
        Assert.StartsWith(MetricsText.Render([status]).Split("# HELP vtewats_build_info")[0], text, StringComparison.Ordinal);
        var page = await GetAsync("/");
        Assert.Equal(StatusPage.ContentSecurityPolicy, page.Headers.GetValues("Content-Security-Policy").Single());
        Assert.DoesNotContain("unsafe-inline", StatusPage.ContentSecurityPolicy, StringComparison.Ordinal);
        Assert.Equal("no-store", page.Headers.CacheControl!.ToString());
        Assert.Contains("Oslo", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_looking_is_possible_and_other_paths_are_named()
    {
        Serve();
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _http.PostAsync(Url("/health"), null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/../etc/passwd")).StatusCode);
        var head = await _http.SendAsync(new HttpRequestMessage(HttpMethod.Head, Url("/metrics")));
        Assert.Equal((HttpStatusCode.OK, 0), (head.StatusCode, (await head.Content.ReadAsByteArrayAsync()).Length));
    }

    [Fact]
    public async Task A_token_is_asked_for_as_bearer_or_password_and_everything_is_behind_it()
    {
        Serve(new EndpointOptions { Port = _port, Token = "let-me-look" });
        foreach (var path in new[] { "/", "/health", "/health/live", "/metrics", "/nothing" })
            Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await WithAsync("Bearer let-me-in"));
        Assert.Equal(HttpStatusCode.Unauthorized, await WithAsync("Basic not-base-64"));
        Assert.Equal(HttpStatusCode.OK, await WithAsync("Bearer let-me-look"));
        Assert.Equal(HttpStatusCode.OK, await WithAsync("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("me:let-me-look"))));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("plant-server")]
    [InlineData("10.0.0.1")]
    public void Others_may_call_only_with_a_token(string address)
    {
        var error = Assert.Throws<VteWatsException>(() => new EndpointOptions { Port = 1, Address = address }.EnsureSafe());
        Assert.Contains("TLS", error.Advice, StringComparison.Ordinal);
        new EndpointOptions { Port = 1, Address = address, Token = "t" }.EnsureSafe();
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_and_the_sync_goes_on()
    {
        using var taken = new TcpListener(IPAddress.Loopback, _port);
        taken.Start();
        using var six = new TcpListener(IPAddress.IPv6Loopback, _port);
        try { six.Start(); }
        catch (SocketException) { /* a machine without IPv6 */ }
        var (server, problem) = EndpointServer.TryStart(new EndpointOptions { Port = _port }, Watched);
        Assert.Null(server);
        Assert.Contains("-HealthPort", problem!.Advice, StringComparison.Ordinal);
        _rig.InsertRuns(3);
        Assert.Equal(3, (await _rig.RecordAsync()).Summary.Uploaded);
    }

    private static int FreePort()
    {
        using var any = new TcpListener(IPAddress.Loopback, 0);
        any.Start();
        return ((IPEndPoint)any.LocalEndpoint).Port;
    }

    private WatchedSites Watched() => new()
    {
        StateFolder = _rig.State, Sites = [new WatchedSite(_rig.Site.Name, SyncTestData.Oslo)], Time = _rig.Time,
    };

    private void Serve(EndpointOptions? options = null)
    {
        (_server, var problem) = EndpointServer.TryStart(options ?? new EndpointOptions { Port = _port }, Watched);
        Assert.Null(problem);
    }

    // What was looked at is good for a second.
    private static Task FreshAsync() => Task.Delay(1100);

    private Uri Url(string path) => new($"http://127.0.0.1:{_port}{path}");

    private Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(Url(path));

    private async Task<(HttpStatusCode, string)> HealthAsync()
    {
        var answer = await GetAsync("/health");
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (answer.StatusCode, json.RootElement.GetProperty("status").GetString()!);
    }

    private async Task<HttpStatusCode> WithAsync(string authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Url("/health/live"));
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return (await _http.SendAsync(request)).StatusCode;
    }
}
