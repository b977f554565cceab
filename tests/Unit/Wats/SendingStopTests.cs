using System.Net;
using System.Net.Sockets;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Sending;
using VteWats.Unit.Support;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Wats;

/// <summary>What stops the sending, and what is known then.</summary>
public class SendingStopTests
{
    [Theory]
    [InlineData("401", "VteWats.WatsUnauthorized", "token")]
    [InlineData("403", "VteWats.WatsForbidden", "right")]
    [InlineData("404", "VteWats.WatsRouteMissing", "baseUrl")]
    [InlineData("portal", "VteWats.WatsNotWats", "browser")]
    [InlineData("portal for posts", "VteWats.WatsNotWats", "browser")]
    [InlineData("refused", "VteWats.WatsUnreachable", "firewall")]
    [InlineData("unknown host", "VteWats.WatsUnreachable", "name")]
    [InlineData("certificate", "VteWats.WatsCertificateUntrusted", "trusted roots")]
    [InlineData("407", "VteWats.WatsProxyFailed", "proxy")]
    public async Task Each_way_of_not_reaching_WATS_has_its_own_error_and_advice_and_leaves_no_letter(string trouble, string id,
    string advice)
    {
        await using var server =
            await SandboxServer.StartAsync(new SandboxOptions
            {
                ForbiddenToken = "Zm9yYmlkZGVu",
                UntrustedHttps = trouble == "certificate"
            });
        using var proxy = new LoginProxy(server.BaseUrl, "plant", "another word");
        var wats = SendingParts.Fast with { BaseUrl = server.BaseUrl.OriginalString, Proxy = "none", TotalTimeoutSeconds = 20 };
        var token = server.Token;
        switch (trouble)
        {
            case "401": token = "d3Jvbmc="; break;
            case "403": token = "Zm9yYmlkZGVu"; break;
            case "404": wats = wats with { BaseUrl = server.BaseUrl.OriginalString + "/elsewhere" }; break;
            case "portal": server.Faults.Add(new SandboxFault { Kind = FaultKind.CaptivePortal }); break;
            case "portal for posts": server.Faults.Add(new SandboxFault { Kind = FaultKind.CaptivePortal, Path = "WSJF" }); break;
            case "refused": wats = wats with { BaseUrl = $"http://127.0.0.1:{FreePort()}" }; break;
            case "unknown host": wats = wats with { BaseUrl = "https://wats.invalid" }; break;
            case "407": wats = wats with { Proxy = proxy.Url }; break;
        }
        using var folder = new TempFolder();
        var letters = new DeadLetterSink(folder.Path, new DeadLetterLimits());
        using var client = SendingParts.Client(wats, token);
        var (receipts, failure) =
            await SendingParts.SendAsync(client, SendingParts.Reports(30, withRuns: true), new SendOptions { Rejected = letters });
        Assert.Empty(receipts);
        var error = Assert.IsType<VteWatsException>(failure);
        Assert.Equal(id, error.Error.Id);
        Assert.True(error.Error.Terminates);
        Assert.Contains(advice, error.Advice, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(token, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(Letters.In(folder.Path));
    }

    [Fact]
    public async Task Every_report_that_was_stored_has_its_receipt_when_the_token_is_withdrawn_in_between_and_no_other_one()
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 401, Report = _ => server.Store.Count >= 49 });
        using var client = SendingParts.Client(server);
        var (receipts, failure) = await SendingParts.SendAsync(client, SendingParts.Reports(200), new SendOptions { ThrottleLimit = 8 });
        Assert.Equal(ErrorKind.WatsUnauthorized, Assert.IsType<VteWatsException>(failure).Error);
        Assert.Equal(server.Store.Ids.Order(), receipts.Select(r => r.RunId).Order());
        Assert.All(receipts, r => Assert.Equal(WatsReceiptState.Uploaded, r.State));
        Assert.InRange(receipts.Count, 1, 199);
    }

    [Fact]
    public async Task Exhausted_attempts_stop_the_pipeline_and_the_next_try_finishes_it()
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503, Report = _ => server.Store.Count >= 7 });
        var reports = SendingParts.Reports(120);
        using var client = SendingParts.Client(server, SendingParts.Fast with { MaxAttempts = 3 });
        var (receipts, failure) = await SendingParts.SendAsync(client, reports, new SendOptions { ThrottleLimit = 8 });
        Assert.Equal(ErrorKind.WatsUnavailable, Assert.IsType<VteWatsException>(failure).Error);
        Assert.Equal(server.Store.Ids.Order(), receipts.Select(r => r.RunId).Order());

        server.Faults.Clear();
        var before = receipts.Select(r => r.RunId).ToHashSet();
        (receipts, failure) = await SendingParts.SendAsync(client, reports, new SendOptions { ThrottleLimit = 8 });
        Assert.Null(failure);
        Assert.All(receipts, r => Assert.Equal(before.Contains(r.RunId) ? WatsReceiptState.Skipped : WatsReceiptState.Uploaded, r.State));
        Assert.Equal(120, server.Store.Count);
        Assert.All(server.Store.Reports, r => Assert.Equal(1, r.ReceiveCount));
    }

    [Fact]
    public async Task Mass_rejection_stops_and_every_refused_report_has_its_letter_and_its_receipt()
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Refuse, Finding = "root -> step Volt: no." });
        using var folder = new TempFolder();
        var letters = new DeadLetterSink(folder.Path, new DeadLetterLimits());
        using var client = SendingParts.Client(server);
        var (receipts, failure) = await SendingParts.SendAsync(
            client, SendingParts.Reports(200, withRuns: true), new SendOptions { ThrottleLimit = 4, Rejected = letters });
        Assert.Equal(ErrorKind.MassRejection, Assert.IsType<VteWatsException>(failure).Error);
        Assert.InRange(receipts.Count, 20, 60);
        Assert.All(receipts, r => Assert.Equal(WatsReceiptState.Failed, r.State));
        Assert.Equal(receipts.Count, Letters.In(folder.Path).Count);
    }

    [Fact]
    public async Task A_halt_ends_the_long_pause_that_another_report_is_in()
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503, RetryAfterSeconds = 200, SerialNumber = "SN-0001" });
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 401, Report = _ => server.Store.Count >= 30 });
        using var client = SendingParts.Client(server, SendingParts.Fast with { TotalTimeoutSeconds = 300 });
        var sending = SendingParts.SendAsync(client, SendingParts.Reports(60), new SendOptions { ThrottleLimit = 4 });
        var (receipts, failure) = await sending.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(ErrorKind.WatsUnauthorized, Assert.IsType<VteWatsException>(failure).Error);
        Assert.Equal(server.Store.Ids.Order(), receipts.Select(r => r.RunId).Order());
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
