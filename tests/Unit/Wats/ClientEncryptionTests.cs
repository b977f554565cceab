using VteWats.Core.Diagnostics;
using VteWats.Core.Wats.Client;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Wats;

/// <summary>The token travels encrypted, to whom it belongs, and as often as the server bears.</summary>
public class ClientEncryptionTests
{
    [Theory]
    [InlineData("http://wats.plant.example")]
    [InlineData("http://10.1.2.3:8080/api")]
    [InlineData("http://localhost.example")]
    public void A_server_without_TLS_is_refused_and_the_key_that_allows_it_is_named(string url)
    {
        var wats = SendingParts.Fast with { BaseUrl = url };
        var failure = Assert.Throws<VteWatsException>(() => WatsClient.Create(wats, "dG9rZW4="));
        Assert.Same(ErrorKind.ConfigurationInvalid, failure.Error);
        Assert.Contains("wats.allowHttp", failure.Message, StringComparison.Ordinal);
        Assert.Contains("wats.allowHttp", failure.Advice, StringComparison.Ordinal);
        WatsClient.Create(wats with { AllowHttp = true }, "dG9rZW4=").Dispose();
        WatsClient.Create(wats with { BaseUrl = url.Replace("http:", "https:", StringComparison.Ordinal) }, "dG9rZW4=").Dispose();
    }

    [Theory]
    [InlineData("http://localhost:1")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://[::1]:1")]
    public void This_machine_itself_needs_no_TLS(string url) =>
        WatsClient.Create(SendingParts.Fast with { BaseUrl = url }, "dG9rZW4=").Dispose();

    [Fact]
    public async Task A_token_has_its_requests_a_minute_for_itself_and_all_clients_with_it_share_them()
    {
        await using var server = await SandboxServer.StartAsync(new SandboxOptions { ForbiddenToken = "b3RoZXI=" });
        var wats = SendingParts.Fast with { BaseUrl = server.BaseUrl.OriginalString, RequestsPerMinute = 3 };
        using var one = SendingParts.Client(wats, server.Token);
        using var same = SendingParts.Client(wats, server.Token);
        using var other = SendingParts.Client(wats, "b3RoZXI=");
        for (var i = 0; i < 3; i++)
        {
            await (i == 1 ? one : same).GetVersionAsync(CancellationToken.None);
            await other.GetVersionAsync(CancellationToken.None);
        }
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one.GetVersionAsync(patience.Token));
        Assert.Equal(6, server.Requests.Total);

        // A limit that was changed in the configuration holds from the next client on, for all.
        using var raised = SendingParts.Client(wats with { RequestsPerMinute = 0 }, server.Token);
        await one.GetVersionAsync(CancellationToken.None);
    }
}
