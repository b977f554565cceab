using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.ComponentModel;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace VteWats.Unit.Operating.Alerts;

/// <summary>A real mail server on loopback, with a certificate of its own, that asks for a login.</summary>
internal sealed class MailReceiver : IAsyncDisposable
{
    public const string User = "plant", Password = "mail-password-8231";

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public static MailReceiver Start() => new();

    private MailReceiver()
    {
        var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var options = new SmtpServerOptionsBuilder().ServerName("localhost").Endpoint(endpoint => endpoint
            .Endpoint(new IPEndPoint(IPAddress.Loopback, Port)).Certificate(Certificate()).AuthenticationRequired()
            .AllowUnsecureAuthentication(false)).Build();
        var services = new ServiceProvider();
        services.Add(new Store(this));
        services.Add(new Login(this));
        _serving = new SmtpServer.SmtpServer(options, services).StartAsync(_stop.Token);
    }

    public int Port { get; }
    public ConcurrentQueue<MimeMessage> Got { get; } = new();
    public int Logins { get; private set; }
    public bool Refuses { get; set; }

    // What the test trusts is this certificate and no other.
    public string Thumbprint { get; private set; } = "";

    private X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Thumbprint = made.Thumbprint;
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try { await _serving; }
        catch (OperationCanceledException) { /* that was asked for */ }
        _stop.Dispose();
    }

    private sealed class Store(MailReceiver owner) : MessageStore
    {
        public override async Task<SmtpResponse> SaveAsync(ISessionContext context, IMessageTransaction transaction,
            ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            if (owner.Refuses) return SmtpResponse.TransactionFailed;
            using var stream = new MemoryStream(buffer.ToArray());
            owner.Got.Enqueue(await MimeMessage.LoadAsync(stream, cancellationToken));
            return SmtpResponse.Ok;
        }
    }

    private sealed class Login(MailReceiver owner) : IUserAuthenticator
    {
        public Task<bool> AuthenticateAsync(ISessionContext context, string user, string password, CancellationToken cancellationToken)
        {
            owner.Logins++;
            return Task.FromResult(user == User && password == Password);
        }
    }
}
