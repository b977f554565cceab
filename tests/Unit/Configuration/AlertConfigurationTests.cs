using VteWats.Core.Configuration;
using VteWats.Unit.Support;

namespace VteWats.Unit.Configuration;

/// <summary>What the configuration says of alerts, and refuses.</summary>
public sealed class AlertConfigurationTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    private string Write(string alerts)
    {
        var path = _temp.File("vtewats.json");
        File.WriteAllText(path, $$"""{ "alerts": {{alerts}} }""");
        return path;
    }

    [Theory]
    [InlineData("""{ "webhooks": { "a": { "url": "https://plant.webhook.office.com/webhookb2/secret-4431" } } }""",
        "$.alerts.webhooks.a.url",
        "Office 365 connector")]
    [InlineData("""{ "webhooks": { "a": { "url": "https://hooks.example.com/secret-4431" } } }""", "$.alerts.webhooks.a.url", "env:NAME")]
    [InlineData("""{ "heartbeat": "https://hc.example.com/secret-4431" }""", "$.alerts.heartbeat", "env:NAME")]
    [InlineData("""{ "webhooks": { "a": { } } }""", "$.alerts.webhooks.a.url", "Missing")]
    [InlineData("""{ "webhooks": { "a": { "url": "env:A", "format": "mattermost" } } }""", "$.alerts.webhooks.a.format", "slack")]
    [InlineData("""{ "mail": { "server": "smtp", "from": "nobody", "to": ["a@example.com"] } }""", "$.alerts.mail.from", "mail address")]
    [InlineData("""{ "mail": { "server": "smtp", "from": "a@example.com", "to": [] } }""", "$.alerts.mail.to", "Nobody")]
    [InlineData("""{ "mail": { "server":"s", "from":"a@b.c", "to":["a@b.c"], "security": "none", "userName": "u", "password": "env:A" }}""",
        "$.alerts.mail.userName", "without encryption")]
    [InlineData("""{ "mail": { "server": "s", "from": "a@b.c", "to": ["a@b.c"], "userName": "u", "password": "secret-4431" } }""",
        "$.alerts.mail.password", "reference")]
    public void What_cannot_be_is_refused_with_the_reason_and_no_secret(string alerts, string path, string reason)
    {
        var finding = Assert.Single(ConfigurationFile.Check(Write(alerts)), finding => finding.Path == path);
        Assert.Contains(reason, finding.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("4431", finding.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void References_to_files_begin_at_the_folder_of_the_configuration()
    {
        var alerts = ConfigurationFile.Load(Write(
            """
            { "waitMinutes": 1, "heartbeat": "file:beat", "webhooks": { "ops": { "url": "file:hook", "format": "teams" } },
              "mail": { "server": "smtp", "from": "a@example.com", "to": ["Shift <b@example.com>"], "userName": "u",
                "password": "file:pw" } }
            """)).Alerts;
        Assert.Equal("file:" + _temp.File("beat"), alerts.Heartbeat);
        Assert.Equal("file:" + _temp.File("hook"), alerts.Webhooks["OPS"].Url);
        Assert.Equal("file:" + _temp.File("pw"), alerts.Mail!.Password);
        Assert.Equal((1, 24, 587, "startTls"), (alerts.WaitMinutes, alerts.RemindHours, alerts.Mail.Port, alerts.Mail.Security));
    }
}
