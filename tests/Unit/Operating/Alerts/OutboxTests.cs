using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using VteWats.Core.Diagnostics;
using VteWats.Core.Operating;
using VteWats.Core.Operating.Alerts;
using static VteWats.Unit.Operating.Alerts.AlertRig;

namespace VteWats.Unit.Operating.Alerts;

/// <summary>Alerts reach real receivers, also those that hang, refuse or fail for a while.</summary>
public sealed class OutboxTests : IAsyncLifetime
{
    private AlertRig _rig = null!;
    private MailReceiver _mail = null!;

    public Task InitializeAsync()
    {
        (_rig, _mail) = (AlertRig.Start(), MailReceiver.Start());
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _mail.DisposeAsync();
        await _rig.DisposeAsync();
    }

    private MailChannel Mail(string password = MailReceiver.Password, bool trusted = true) => new(
        new MailOptions
        {
            Server = "localhost", Port = _mail.Port, UserName = MailReceiver.User, Password = "env:NONE", From = "vtewats@example.com",
            To = ["shift@example.com", "Plant <plant@example.com>"],
        }, _ => Task.FromResult(password))
    {
        Certificate = trusted ? (_, certificate, _, _) => certificate!.GetCertHashString() == _mail.Thumbprint : null,
    };

    [Fact]
    public async Task Mail_goes_encrypted_with_a_login_and_says_what_and_what_to_do_once_for_each_incident()
    {
        _rig.More.Add(Mail());
        for (var i = 0; i < 300; i++) await _rig.RoundAsync(5, Site("Oslo", "SyncFails", "NoProgress"));
        for (var i = 0; i < 3; i++) await _rig.RoundAsync(5, Site("Oslo"));
        Assert.Equal(["VteWats: SyncFails at Oslo", "VteWats: still SyncFails at Oslo", "VteWats: SyncFails is over at Oslo"],
            _mail.Got.Select(mail => mail.Subject));
        var alert = _mail.Got.First();
        Assert.Equal(2, alert.To.Count);
        Assert.Contains("What to do: Do something.", alert.TextBody, StringComparison.Ordinal);
        Assert.Equal("auto-generated", alert.Headers["Auto-Submitted"]);
        Assert.Equal(3, _mail.Logins);
        Assert.Equal(3, _mail.Got.Select(mail => mail.MessageId).Distinct().Count());
        Assert.Equal(3, _rig.Told.Count);
    }

    [Fact]
    public async Task A_certificate_that_nobody_trusts_and_a_wrong_password_are_told_without_the_password()
    {
        const string Wrong = "wrong-password-5521";
        SecretMask.Add(Wrong);
        var outbox = new Outbox(_rig.State, [], _rig.Time);
        var message = AlertMessage.Test(_rig.Time.GetUtcNow());
        var untrusted = await outbox.AttemptAsync(Mail(trusted: false), message, "1", CancellationToken.None);
        Assert.Contains("trusted roots", untrusted!.Advice, StringComparison.Ordinal);
        var refused = await outbox.AttemptAsync(Mail(Wrong), message, "1", CancellationToken.None);
        Assert.Contains("alerts.mail.password", refused!.Advice, StringComparison.Ordinal);
        Assert.DoesNotContain(Wrong, $"{refused} {refused.InnerException}", StringComparison.Ordinal);
        Assert.Empty(_mail.Got);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(404)]
    [InlineData(302)]
    [InlineData(0)]
    public async Task A_receiver_that_fails_or_hangs_holds_up_no_other_and_gets_it_later(int status)
    {
        _rig.More.Add(Mail());
        _rig.Receiver.Status = status;
        _rig.Options = new AlertOptions { WaitMinutes = 0 };
        // Only what hangs is waited for to the end; the mail beside it has all that time.
        var problem = await _rig.Desk(TimeSpan.FromSeconds(status == 0 ? 5 : 60)).RunAsync([Site("Oslo", "Lag")], CancellationToken.None);
        Assert.Equal(ErrorKind.AlertNotSent, problem!.Error);
        Assert.DoesNotContain("/secret/path", problem.ToString(), StringComparison.Ordinal);
        Assert.Single(_mail.Got);
        Assert.Single(_rig.Receiver.Got);
        // Not again at once.
        Assert.Null(await _rig.RoundAsync(0, Site("Oslo", "Lag")));
        Assert.Single(_rig.Receiver.Got);
        _rig.Receiver.Status = 200;
        Assert.Null(await _rig.RoundAsync(3, Site("Oslo", "Lag")));
        Assert.Equal(2, _rig.Receiver.Got.Count);
        Assert.Single(_rig.Receiver.Got.Select(got => JsonDocument.Parse(got.Body).RootElement.GetProperty("id").GetString()).Distinct());
        Assert.Null(await _rig.RoundAsync(60, Site("Oslo", "Lag")));
        Assert.Equal((1, 2), (_mail.Got.Count, _rig.Receiver.Got.Count));
    }

    [Fact]
    public async Task A_mail_server_that_refuses_gets_it_later_and_one_that_is_not_there_is_told()
    {
        _rig.More.Add(Mail());
        _rig.Options = new AlertOptions { WaitMinutes = 0 };
        _mail.Refuses = true;
        Assert.Equal(ErrorKind.AlertNotSent, (await _rig.RoundAsync(0, Site("Oslo", "Lag")))!.Error);
        _mail.Refuses = false;
        Assert.Null(await _rig.RoundAsync(3, Site("Oslo", "Lag")));
        Assert.Single(_mail.Got);
        var nowhere = new MailChannel(
            new MailOptions { Server = "127.0.0.1", Port = FreePort(), From = "a@example.com", To = ["b@example.com"] }, null);
        var problem = await new Outbox(_rig.State, [], _rig.Time).AttemptAsync(nowhere, AlertMessage.Test(_rig.Time.GetUtcNow()), "1",
            CancellationToken.None);
        Assert.Contains("alerts.mail.server", problem!.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_process_that_was_killed_had_in_hand_is_sent_by_the_next_one()
    {
        _rig.Options = new AlertOptions { WaitMinutes = 0 };
        _rig.Receiver.Status = 0;
        using var killed = new CancellationTokenSource();
        var hanging = _rig.Desk().RunAsync([Site("Oslo", "Lag")], killed.Token);
        while (_rig.Receiver.Got.IsEmpty) await Task.Delay(10);
        _rig.Receiver.Status = 200;
        // It is still in hand: another process leaves it alone.
        await _rig.RoundAsync(1, Site("Oslo", "Lag"));
        Assert.Single(_rig.Receiver.Got);
        await _rig.RoundAsync(2, Site("Oslo", "Lag"));
        Assert.Equal(2, _rig.Receiver.Got.Count);
        await killed.CancelAsync();
        await hanging;
    }

    [Fact]
    public async Task What_nobody_takes_for_a_week_is_forgotten()
    {
        _rig.Options = new AlertOptions { WaitMinutes = 0 };
        _rig.Receiver.Status = 500;
        for (var day = 0; day < 9; day++) await _rig.RoundAsync(24 * 60, Site("Oslo", "Lag"));
        var tries = _rig.Receiver.Got.Count;
        Assert.True(tries > 3);
        Assert.InRange(new Core.Sync.State.StateDatabase(_rig.State).Read(connection =>
            Dapper.SqlMapper.ExecuteScalar<long>(connection, "SELECT COUNT(*) FROM Outgoing")), 1, 8);
    }

    [Theory]
    [InlineData(WebhookOptions.Slack)]
    [InlineData(WebhookOptions.Teams)]
    public void What_Slack_and_Teams_get_is_within_their_limits_and_no_text_becomes_a_link(string format)
    {
        var sites = Enumerable.Range(0, 300).Select(i => Site($"Site {i}", "Lag") with
        {
            Reasons =
            [
                new HealthReason("Lag", HealthState.Degraded, $"{i} <!channel> [here](https://evil.example) " + new string('x', 3000),
                    "Do."),
            ],
        });
        var incidents = sites.Select(site => new Incident
        {
            Site = site.Site, Condition = "Lag", Message = site.Reasons[0].Message, Advice = "Do.",
        }).ToList();
        var body = WebhookBody.Of(AlertMessage.Of(AlertKind.Alert, incidents, _rig.Time.GetUtcNow()), format, "1");
        Assert.True(body.Length < 28_000);
        using var json = JsonDocument.Parse(body);
        if (format == WebhookOptions.Slack)
        {
            var blocks = json.RootElement.GetProperty("blocks");
            Assert.InRange(blocks.GetArrayLength(), 2, 50);
            Assert.Equal("header", blocks[0].GetProperty("type").GetString());
            Assert.All(blocks.EnumerateArray().Skip(1),
                block => Assert.True(block.GetProperty("text").GetProperty("text").GetString()!.Length <= 3000));
            Assert.DoesNotContain("<!channel>", json.RootElement.ToString(), StringComparison.Ordinal);
        }
        else
        {
            var card = json.RootElement.GetProperty("attachments")[0];
            Assert.Equal("application/vnd.microsoft.card.adaptive", card.GetProperty("contentType").GetString());
            Assert.Equal(("AdaptiveCard", "1.2"), (card.GetProperty("content").GetProperty("type").GetString(),
                card.GetProperty("content").GetProperty("version").GetString()));
            Assert.DoesNotContain(card.GetProperty("content").GetProperty("body").EnumerateArray(),
                block => block.GetProperty("text").GetString()!.Contains(" [here]", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("https://plant.webhook.office.com/webhookb2/x", "Office 365 connector")]
    [InlineData("http://example.com/hook-of-the-plant", "https")]
    [InlineData("not-a-url-at-all", "not a URL")]
    public void A_URL_that_cannot_be_used_is_refused_with_the_reason_and_is_not_repeated(string url, string reason)
    {
        var failure = Assert.Throws<VteWatsException>(() => AlertAddress.Parse("alerts.webhooks.x.url", url));
        Assert.Equal(ErrorKind.ConfigurationInvalid, failure.Error);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(url, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_heartbeat_says_start_then_how_it_ended_in_this_order_and_hangs_nobody()
    {
        var heartbeat = Heartbeat(TimeSpan.FromMinutes(1));
        _ = heartbeat.Start();
        Assert.Null(await heartbeat.End([]));
        _ = heartbeat.Start();
        Assert.Null(await heartbeat.End(["Oslo: VteWats.WatsUnreachable"]));
        Assert.Equal(["/start", "", "/start", "/fail"], _rig.Receiver.Paths.Select(path => path["/check-5512-uuid".Length..]));
        Assert.Equal("Oslo: VteWats.WatsUnreachable", _rig.Receiver.Got.Last().Body);
        _rig.Receiver.Status = 0;
        var problem = await Heartbeat(TimeSpan.FromMilliseconds(300)).Start();
        Assert.Equal(ErrorKind.AlertNotSent, problem!.Error);
        Assert.DoesNotContain("5512", problem.ToString(), StringComparison.Ordinal);
    }

    private OutgoingHeartbeat Heartbeat(TimeSpan patience) => new(_ => Task.FromResult(_rig.Receiver.Base + "/check-5512-uuid"))
    {
        Patience = patience,
    };

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
