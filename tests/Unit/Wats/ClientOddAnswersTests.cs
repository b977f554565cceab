using System.Net;
using System.Net.Http.Headers;
using VteWats.Core.Diagnostics;
using VteWats.Core.Wats.Client;

namespace VteWats.Unit.Wats;

/// <summary>Servers, proxies and networks that answer otherwise than WATS does.</summary>
public partial class ClientOddAnswersTests
{
    private const string Json = "application/json";
    private static readonly Guid Id = Guid.Parse("11111111-2222-3333-4444-555555555555");
    private static readonly byte[] Stored = ScriptedHttpServer.Text("200 OK", Json, $$"""[{"ID":"{{Id}}"}]""");

    private static WatsClient Client(ScriptedHttpServer server, int attempts = 3) =>
        SendingParts.Client(SendingParts.Fast with { BaseUrl = server.Url, Proxy = "none", MaxAttempts = attempts }, "b2RkOmE=");

    private static async Task<VteWatsException> FailureAsync(Func<string, int, byte[]?> answer, Func<WatsClient, Task>? call = null,
        byte[]? withoutEnd = null, int attempts = 3)
    {
        using var server = new ScriptedHttpServer(answer) { WithoutEnd = withoutEnd };
        using var client = Client(server, attempts);
        return await Assert.ThrowsAsync<VteWatsException>(() => (call ?? PostAsync)(client));
    }

    private static async Task PostAsync(WatsClient client) =>
        throw (await client.PostAsync(Id, [1], null, CancellationToken.None)).Failure
            ?? throw new InvalidOperationException("It got through.");

    private static async Task<PostResult> ResultAsync(params byte[]?[] answers)
    {
        using var server = new ScriptedHttpServer((_, n) => answers[Math.Min(n, answers.Length) - 1]);
        using var client = Client(server);
        return await client.PostAsync(Id, new byte[100], null, CancellationToken.None);
    }

    [Theory]
    [InlineData("429 Too Many Requests")]
    [InlineData("408 Request Timeout")]
    [InlineData("503 Service Unavailable")]
    public async Task What_passes_is_tried_again_also_when_it_is_said_with_a_web_page(string status) =>
        Assert.Equal(2, (await ResultAsync(ScriptedHttpServer.Text(status, "text/html", "<html>busy</html>"), Stored)).Attempts);

    [Fact]
    public async Task A_network_that_wants_a_log_on_is_told_at_once()
    {
        var failure = await FailureAsync((_, _) => ScriptedHttpServer.Text("511 Network Authentication Required", "text/html",
            "<html>log on</html>"));
        Assert.Same(ErrorKind.WatsNotWats, failure.Error);
    }

    [Fact]
    public async Task Retry_After_is_as_far_ahead_as_the_servers_own_clock_says()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = new StringContent("") };
        response.Headers.Date = DateTimeOffset.UtcNow.AddMinutes(-10);
        response.Headers.RetryAfter = new RetryConditionHeaderValue(response.Headers.Date.Value.AddSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(2), (await WatsResponse.ReadAsync(response, 100, "", CancellationToken.None)).RetryAfter);
    }

    [Fact]
    public async Task Waiting_for_our_own_limit_takes_nothing_from_the_time_of_a_call()
    {
        var budget = new CallBudget(TimeSpan.FromMinutes(1));
        await budget.WithoutAsync(async () => await Task.Delay(2000));
        Assert.True(budget.Left > TimeSpan.FromSeconds(59), budget.Left.ToString());
    }

    [Fact]
    public async Task A_pause_that_would_outlast_the_call_is_not_begun()
    {
        using var server = new ScriptedHttpServer((_, _) => ScriptedHttpServer.Text("503 Service Unavailable", "text/plain", "later",
            "Retry-After: 600"));
        using var client = Client(server);
        Assert.Same(ErrorKind.WatsUnavailable, (await Assert.ThrowsAsync<VteWatsException>(() => PostAsync(client))).Error);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_connection_that_breaks_before_it_is_encrypted_is_tried_again_and_no_question_of_trust()
    {
        using var server = new ScriptedHttpServer((_, _) => null);
        using var client = SendingParts.Client(SendingParts.Fast with
        {
            BaseUrl = $"https://127.0.0.1:{server.Port}",
            Proxy = "none",
            MaxAttempts = 3
        }, "b2RkOmE=");
        Assert.Same(ErrorKind.WatsUnavailable, (await Assert.ThrowsAsync<VteWatsException>(() => PostAsync(client))).Error);
        Assert.Equal(3, server.Requests);
    }

    [Fact]
    public async Task A_port_without_TLS_is_told_as_one()
    {
        using var server = new ScriptedHttpServer((_, _) => ScriptedHttpServer.Text("400 Bad Request", "text/html", "plain HTTP"));
        using var client = SendingParts.Client(SendingParts.Fast with
        {
            BaseUrl = $"https://127.0.0.1:{server.Port}",
            Proxy = "none",
            MaxAttempts = 3
        }, "b2RkOmE=");
        var failure = await Assert.ThrowsAsync<VteWatsException>(() => PostAsync(client));
        Assert.Same(ErrorKind.WatsNotWats, failure.Error);
        Assert.Contains("does not speak TLS", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("503 Service Unavailable", 3, "reaches WATS")]
    [InlineData("407 Proxy Authentication Required", 1, "proxyUserName")]
    public async Task A_proxy_that_makes_no_connection_for_now_is_asked_again_and_one_that_wants_a_login_is_not(string status,
    int requests, string advice)
    {
        using var proxy = new ScriptedHttpServer((_, _) => ScriptedHttpServer.Text(status, "text/html", "no"));
        using var client = SendingParts.Client(SendingParts.Fast with
        {
            BaseUrl = "https://wats.invalid",
            Proxy = proxy.Url,
            MaxAttempts = 3
        }, "b2RkOmE=");
        var failure = await Assert.ThrowsAsync<VteWatsException>(() => PostAsync(client));
        Assert.Same(ErrorKind.WatsProxyFailed, failure.Error);
        Assert.Contains(advice, failure.Advice, StringComparison.Ordinal);
        Assert.Equal(requests, proxy.Requests);
    }

    [Fact]
    public async Task A_proxy_whose_name_is_not_known_is_named_and_not_the_server()
    {
        using var client = SendingParts.Client(SendingParts.Fast with
        {
            BaseUrl = "http://127.0.0.1:1",
            Proxy = "http://no-such-proxy.invalid:8080",
            MaxAttempts = 1
        }, "b2RkOmE=");
        var failure = await Assert.ThrowsAsync<VteWatsException>(() => PostAsync(client));
        Assert.Same(ErrorKind.WatsUnreachable, failure.Error);
        Assert.Contains("proxy no-such-proxy.invalid", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://joe:hunter22hunter22@127.0.0.1:5812")]
    [InlineData("foo bar")]
    public void A_proxy_that_is_none_is_refused_and_its_login_not_repeated(string proxy)
    {
        var failure = Assert.Throws<VteWatsException>(() =>
            WatsClient.Create(SendingParts.Fast with { BaseUrl = "http://127.0.0.1:1", Proxy = proxy }, "b2RkOmE="));
        Assert.Same(ErrorKind.ConfigurationInvalid, failure.Error);
        Assert.DoesNotContain("hunter22hunter22", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_login_in_a_URL_is_masked_whoever_says_it() =>
        Assert.Equal($"proxy 'http://{SecretMask.Mask}@127.0.0.1:5812/' failed",
        SecretMask.Scrub("proxy 'http://joe:pass-w0rd@127.0.0.1:5812/' failed"));

    [Fact]
    public void Only_the_login_is_masked()
    {
        Assert.Equal($"http://{SecretMask.Mask}@host", SecretMask.Scrub("http://joe:p@ss-w@host"));
        const string Plain = """{"url":"http://h:1","mail":"joe@plant"}""";
        Assert.Equal(Plain, SecretMask.Scrub(Plain));
    }

    [Fact]
    public void An_exception_that_quotes_a_login_stays_out_of_the_error()
    {
        var inner = new HttpRequestException(HttpRequestError.ProxyTunnelError,
            "The proxy tunnel request to proxy 'http://joe:pa55-word@127.0.0.1:1/' failed with status code '407'.");
        var failure = WatsFailures.From(inner, null, new Uri("https://wats.invalid/"), null, 1, "id");
        Assert.DoesNotContain("pa55-word", failure.ToString(), StringComparison.Ordinal);
        Assert.Same(ErrorKind.WatsProxyFailed, failure.Error);
    }

    [Theory]
    [InlineData("tök€n-of-wats")]
    [InlineData("dG9rZW4=\n")]
    [InlineData("")]
    public void A_token_that_cannot_be_one_is_refused_before_it_is_sent(string token) =>
        Assert.Same(ErrorKind.SecretUnavailable,
        Assert.Throws<VteWatsException>(() => WatsClient.Create(SendingParts.Fast with { BaseUrl = "http://127.0.0.1:1" }, token)).Error);

    [Fact]
    public void The_login_in_a_token_is_masked_too()
    {
        using var client = WatsClient.Create(SendingParts.Fast with { BaseUrl = "http://127.0.0.1:1" },
            Convert.ToBase64String("robot:s3cretPassw0rd!"u8));
        Assert.Equal($"Login failed for {SecretMask.Mask}, {SecretMask.Mask}",
            SecretMask.Scrub("Login failed for robot:s3cretPassw0rd!, s3cretPassw0rd!"));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[{\"uuid\":null}]")]
    [InlineData("[{\"start\":\"2024-01-01\"}]")]
    [InlineData("[\"a\"]")]
    [InlineData("{\"Message\":\"hello\"}")]
    public async Task A_list_of_another_shape_is_no_answer_of_WATS(string body) =>
        Assert.Same(ErrorKind.WatsNotWats,
        (await FailureAsync((_, _) => ScriptedHttpServer.Text("200 OK", Json, body),
        c => c.FindExistingAsync([Id], CancellationToken.None))).Error);

    [Fact]
    public async Task Operations_and_headers_of_another_shape_are_no_answer_of_WATS()
    {
        foreach (var body in new[] { "{}", "null", "[null]" })
            Assert.Same(ErrorKind.WatsNotWats,
                (await FailureAsync((_, _) => ScriptedHttpServer.Text("200 OK", Json, body),
                c => c.GetProcessesAsync(CancellationToken.None))).Error);
        Assert.Same(ErrorKind.WatsNotWats,
            (await FailureAsync((_, _) => ScriptedHttpServer.Text("200 OK", Json, """[{"uuid":7}]"""),
            c => c.QueryHeadersAsync("", "", 1, 0, null, CancellationToken.None))).Error);
    }

    [Fact]
    public async Task A_list_that_is_wrapped_as_OData_does_is_read()
    {
        using var server = new ScriptedHttpServer((_, _) => ScriptedHttpServer.Text("200 OK", Json, $$"""{"value":[{"uuid":"{{Id}}"}]}"""));
        using var client = Client(server);
        Assert.Equal([Id], await client.FindExistingAsync([Id], CancellationToken.None));
    }

    [Fact]
    public async Task A_filter_that_is_refused_once_is_tried_otherwise_and_what_never_worked_is_not_remembered()
    {
        using var server = new ScriptedHttpServer((head, n) => n <= 3 ? ScriptedHttpServer.Text("400 Bad Request", "text/plain", "no")
            : ScriptedHttpServer.Text("200 OK", Json, "[]"));
        using var client = Client(server);
        await Assert.ThrowsAsync<VteWatsException>(() => client.FindExistingAsync([Id], CancellationToken.None));
        Assert.Empty(await client.FindExistingAsync([.. Enumerable.Range(0, 40).Select(_ => Guid.NewGuid())], CancellationToken.None));
        Assert.Equal(4, server.Requests);
    }

    [Fact]
    public async Task An_answer_that_is_packed_badly_or_without_end_is_broken_and_asked_for_again()
    {
        var garbage = ScriptedHttpServer.Bytes("200 OK", Json, [1, 2, 3, 4, 5], "Content-Encoding: gzip");
        Assert.Equal(2, (await ResultAsync(garbage, Stored)).Attempts);
        var failure = await FailureAsync((_, _) => "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"u8.ToArray(),
            withoutEnd: new byte[65536], attempts: 1);
        Assert.Same(ErrorKind.WatsNotWats, failure.Error);
    }
}
