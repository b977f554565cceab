using System.Text.Json;
using VteWats.Core.Operating.Alerts;

namespace VteWats.Core.Configuration;

/// <summary>The keys about who is told when a site is not healthy.</summary>
internal static class AlertSchema
{
    private const string ReferenceForms =
        "env:NAME, file:PATH or secret:VAULT/NAME. Never the URL itself: whoever knows it may write there.";

    private static readonly ConfigObject Mail = new("E-mail by a mail server.",
    [
        new("server", new ConfigText("Name of the mail server.") { MaxLength = 255 }, Required: true),
        new("port", new ConfigNumber("Its port.", 1, 65_535)),
        new("security", new ConfigText("startTls, tls (encrypted from the first byte, mostly port 465), or none for a relay without login.")
        {
            Choices = [MailOptions.StartTls, MailOptions.Tls, MailOptions.Plain],
        }),
        new("userName", new ConfigText("Login at the mail server; none when left out.") { OrNull = true, MaxLength = 255 }),
        new("password", new ConfigText("Where the login's password is: env:NAME, file:PATH or secret:VAULT/NAME. Never the secret itself.")
        {
            OrNull = true, Check = ConfigurationValidators.Reference, Pattern = ConfigurationValidators.ReferencePattern,
            Confidential = true,
        }),
        new("from", new ConfigText("Address of the sender.") { Check = MailAddresses.WhatIsWrong }, Required: true),
        new("to", new ConfigList("Addresses of those who are told.", new ConfigText("Address.") { Check = MailAddresses.WhatIsWrong }),
            Required: true),
    ])
    {
        OrNull = true,
        Together = [("password", "userName"), ("userName", "password")],
        Rules = [("userName", NoPlainLogin), ("to", Somebody)],
    };

    private static readonly ConfigObject Webhook = new("A receiver of alerts by HTTP.",
    [
        new("url", Url("Where its URL is: "), Required: true),
        new("format", new ConfigText("json; slack for an incoming webhook of Slack; teams for a workflow of Microsoft Teams.")
        {
            Choices = [WebhookOptions.Json, WebhookOptions.Slack, WebhookOptions.Teams],
        }),
    ]);

    public static readonly ConfigObject Alerts = new("Who is told when a site is not healthy. Nobody when left out.",
    [
        new("waitMinutes", new ConfigNumber(
            "Minutes that an incident waits for others of its kind, and to pass by itself, before it is told.", 0, 1440)),
        new("remindHours", new ConfigNumber("Hours after which an open incident is told again.", 1, 720)),
        new("mail", Mail),
        new("webhooks", new ConfigMap("Receivers by a name of yours.", Webhook)
        {
            CheckKey = ConfigurationValidators.SiteName, KeyPattern = ConfigurationValidators.SiteNamePattern, KeysIgnoreCase = true,
        }),
        new("heartbeat", Url("Where the URL of the outgoing heartbeat is, which is called with /start when a sync begins, as it is when it "
            + "went well, and with /fail when not, as healthchecks.io takes it: ") with { OrNull = true }),
    ]);

    private static ConfigText Url(string description) => new(description + ReferenceForms)
    {
        Check = static text => AlertAddress.WrongReference(text) ?? ConfigurationValidators.Reference(text),
        Pattern = ConfigurationValidators.ReferencePattern, Confidential = true,
    };

    private static string? NoPlainLogin(JsonElement mail) => Has(mail, "userName") && mail.TryGetProperty("security", out var security)
        && security.ValueKind == JsonValueKind.String && security.GetString() == MailOptions.Plain
        ? "A password is not sent without encryption: set security to startTls or tls, or leave the login out" : null;

    private static string? Somebody(JsonElement mail) => mail.TryGetProperty("to", out var to) && to.ValueKind == JsonValueKind.Array
        && to.GetArrayLength() == 0 ? "Nobody is named: write an address" : null;

    private static bool Has(JsonElement mail, string key) =>
        mail.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String;
}
