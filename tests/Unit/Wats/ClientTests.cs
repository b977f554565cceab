using System.Text;
using VteWats.Core.Diagnostics;
using VteWats.Core.Wats.Client;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Wats;

/// <summary>Addresses, answers and errors of the client.</summary>
public class ClientTests
{
    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/api")]
    [InlineData("/API/")]
    public async Task The_base_url_may_end_with_api_or_a_slash(string end)
    {
        await using var server = await SandboxServer.StartAsync();
        using var client = SendingParts.Client(SendingParts.Fast with { BaseUrl = server.BaseUrl.OriginalString + end }, server.Token);
        Assert.Equal("2026.1.5.324", await client.GetVersionAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData("")]
    [InlineData("wats")]
    [InlineData("ftp://wats")]
    [InlineData("https://me:word@wats")]
    public void What_is_no_base_url_is_said_to_be_none(string url) =>
        Assert.Equal(ErrorKind.ConfigurationInvalid,
        Assert.Throws<VteWatsException>(() => SendingParts.Client(SendingParts.Fast with { BaseUrl = url }, "t")).Error);

    [Theory]
    [InlineData("application/json", """{"message":"no"}""", "no")]
    [InlineData("application/json", """{"Message":"no"}""", "no")]
    [InlineData("application/json", """{"error":"no"}""", "no")]
    [InlineData("application/json", """{"title":"Bad","detail":"no"}""", "no\nBad")]
    [InlineData("application/json", """{"errors":["one","two"]}""", """["one","two"]""")]
    [InlineData("application/json", """{"other":1}""", """{"other":1}""")]
    [InlineData("application/json", "\"no\"", "no")]
    [InlineData("text/plain", "root: no", "root: no")]
    [InlineData("text/plain", "{not json", "{not json")]
    [InlineData("text/plain", "", "HTTP 400 without a text.")]
    public void The_findings_are_read_from_every_shape_of_error(string type, string body, string expected) =>
        Assert.Equal(expected, new WatsResponse(System.Net.HttpStatusCode.BadRequest, type, Encoding.UTF8.GetBytes(body), null, null,
        "c").ErrorText());

    [Theory]
    [InlineData("""[{"ID":"00000001-0001-0002-0304-05060708090a"}]""", true)]
    [InlineData("""{"id":"00000001-0001-0002-0304-05060708090A"}""", true)]
    [InlineData("""{"uuid":"00000001-0001-0002-0304-05060708090a"}""", true)]
    [InlineData("""[{"ID":"00000002-0001-0002-0304-05060708090a"}]""", false)]
    [InlineData("""[]""", false)]
    [InlineData("""[{"ID":"00000001""", false)]
    [InlineData("", false)]
    public void A_success_counts_only_when_it_names_the_report(string body, bool expected) =>
        Assert.Equal(expected, new WatsResponse(System.Net.HttpStatusCode.OK, "application/json", Encoding.UTF8.GetBytes(body), null, null,
        "c")
            .Confirms(new Guid(1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)));

    [Fact]
    public async Task Every_request_has_a_correlation_id_that_the_error_names()
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 500 });
        using var client = SendingParts.Client(server, SendingParts.Fast with { MaxAttempts = 3 });
        var error = await Assert.ThrowsAsync<VteWatsException>(() => client.GetProcessesAsync(CancellationToken.None));
        var correlation = Assert.Single(server.Requests.Last.Select(r => r.Correlation).Distinct());
        Assert.Equal(3, server.Requests.Last.Count);
        Assert.Contains(correlation!, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_limit_holds_for_all_clients_of_the_server_in_the_process()
    {
        await using var server = await SandboxServer.StartAsync();
        var wats = SendingParts.Fast with { RequestsPerMinute = 5 };
        using var one = SendingParts.Client(server, wats);
        using var other = SendingParts.Client(server, wats);
        for (var i = 0; i < 5; i++) await (i % 2 == 0 ? one : other).GetVersionAsync(CancellationToken.None);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(400));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => other.GetVersionAsync(patience.Token));
        Assert.Equal(5, server.Requests.Total);
    }
}
