using System.Net.Security;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Operating.Alerts;

/// <summary>E-mail by a mail server of the plant.</summary>
/// <param name="mail">The server and who gets the mail.</param>
/// <param name="password">Reads the password; null without a login.</param>
internal sealed class MailChannel(MailOptions mail, Func<CancellationToken, Task<string>>? password) : IAlertChannel
{
    public string Name => "mail";

    /// <summary>Judges a certificate that the system does not trust; for tests.</summary>
    public RemoteCertificateValidationCallback? Certificate { get; init; }

    public async Task SendAsync(AlertMessage message, string id, CancellationToken ct)
    {
        using var smtp = new SmtpClient { ServerCertificateValidationCallback = Certificate };
        try
        {
            await smtp.ConnectAsync(mail.Server, mail.Port, mail.Security switch
            {
                MailOptions.Tls => SecureSocketOptions.SslOnConnect,
                MailOptions.Plain => SecureSocketOptions.None,
                _ => SecureSocketOptions.StartTls,
            }, ct).ConfigureAwait(false);
            if (mail.UserName is { } user && password is not null)
                await smtp.AuthenticateAsync(user, await password(ct).ConfigureAwait(false), ct).ConfigureAwait(false);
            await smtp.SendAsync(Mail(message, id), ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not VteWatsException and not OperationCanceledException)
        {
            throw AlertFailures.Make($"mail to {mail.Server}:{mail.Port}", e.Message, e, e switch
            {
                AuthenticationException => "Correct alerts.mail.userName and where alerts.mail.password points.",
                SslHandshakeException => "Have the certificate authority of the mail server put into this machine's trusted roots, use the "
                    + "name that its certificate is made out to, or correct alerts.mail.security and port.",
                NotSupportedException => "The server offers no STARTTLS: correct alerts.mail.port, or alerts.mail.security.",
                SmtpCommandException => "The server refuses the mail: correct alerts.mail.from and alerts.mail.to, or ask its "
                    + "administrator.",
                _ => "Correct alerts.mail.server and alerts.mail.port, and see that the firewall lets this machine reach it.",
            });
        }
        // It has been taken: how the connection ends does not matter.
        try { await smtp.DisconnectAsync(quit: true, ct).ConfigureAwait(false); }
        catch (Exception e) when (e is IOException or SmtpProtocolException or OperationCanceledException) { }
    }

    private MimeMessage Mail(AlertMessage message, string id)
    {
        var from = MailboxAddress.Parse(mail.From);
        var written = new MimeMessage { Subject = message.Title, Body = new TextPart("plain") { Text = message.Text() } };
        written.From.Add(from);
        foreach (var to in mail.To) written.To.Add(MailboxAddress.Parse(to));
        written.Date = message.At;
        // The same when it is sent again, so that a mail server may see that it is no other one.
        written.MessageId = $"{id}@vtewats.{(from.Domain is { Length: > 0 } domain ? domain : "local")}";
        // No answers of people who are on holiday.
        written.Headers.Add("Auto-Submitted", "auto-generated");
        if (message.State == HealthState.Unhealthy && message.Kind is AlertKind.Alert) written.Importance = MessageImportance.High;
        return written;
    }
}
