using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Unit.Support;

namespace VteWats.Unit.Vte;

/// <summary>Why a server cannot be reached is told, not that "an internal exception was caught".</summary>
public class ConnectionFailureTests
{
    [Fact]
    public async Task A_host_that_does_not_exist_is_told_as_one()
    {
        var failure = await Fails("Server=no-such-host.invalid");
        Assert.Equal(ErrorKind.SqlUnreachable, failure.Error);
        Assert.Matches("there is no host of this name|the name service does not answer", failure.Message);
        Assert.DoesNotContain("internal exception", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_refuses_is_told_as_one()
    {
        var failure = await Fails($"Server=tcp:127.0.0.1,{FreePort()}");
        Assert.Equal(ErrorKind.SqlUnreachable, failure.Error);
        Assert.Contains("the connection was refused: nothing listens at this port", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_instance_that_nobody_knows_is_told_with_its_name()
    {
        var failure = await Fails("Server=127.0.0.1\\NOWHERE");
        Assert.Equal(ErrorKind.SqlUnreachable, failure.Error);
        Assert.Contains("does not tell the port of the instance 'NOWHERE'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost", -1, 9, "self-signed, or issued by an authority that this computer does not know")]
    [InlineData("localhost", -9, -1, "it has expired or is not valid yet")]
    [InlineData("elsewhere", -1, 9, "issued for another name than the one in the connection string")]
    public async Task A_certificate_that_is_refused_is_told_with_the_reason(string name, int from, int to, string reason)
    {
        using var server = new TlsServer(name, DateTimeOffset.UtcNow.AddDays(from), DateTimeOffset.UtcNow.AddDays(to));
        var failure = await Fails($"Server=tcp:localhost,{server.Port};Encrypt=Strict");
        Assert.Equal(ErrorKind.SqlCertificateUntrusted, failure.Error);
        Assert.True(failure.Message.Contains(reason, StringComparison.Ordinal), failure.Message);
    }

    [Theory]
    [InlineData(17809, "Could not connect because the maximum number of '100' user connections has already been reached.")]
    [InlineData(10928, "Resource ID : 2. The session limit for the database is 300 and has been reached.")]
    [InlineData(0, "sorry, too many clients already")]
    public void A_server_that_takes_no_more_connections_is_told_as_one(int number, string text)
    {
        var failure = SqlFailures.From(ReadingConnectionTests.Error(number, 20, text), "plant/VTE9_3", opening: true);
        Assert.Equal(ErrorKind.SqlUnreachable, failure.Error);
        Assert.StartsWith("plant/VTE9_3 takes no more connections", failure.Message, StringComparison.Ordinal);
        Assert.Contains("sys.dm_exec_sessions", failure.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pool_that_is_used_up_is_told_as_one()
    {
        var failure = SqlFailures.From(
            new InvalidOperationException("Timeout expired. The timeout period elapsed prior to obtaining a connection from the pool."),
            "plant/VTE9_3", opening: true);
        Assert.Contains("takes no more connections", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Max Pool Size", failure.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void One_login_has_one_pool_and_another_password_another_one()
    {
        var first = SqlLogins.Get("Server=plant;Database=VTE9_3", "reader", "one");
        Assert.Same(first, SqlLogins.Get("Server=plant;Database=VTE9_3", "reader", "one"));
        Assert.NotSame(first, SqlLogins.Get("Server=plant;Database=Other", "reader", "one"));
        Assert.NotSame(first, SqlLogins.Get("Server=plant;Database=VTE9_3", "writer", "one"));
        var changed = SqlLogins.Get("Server=plant;Database=VTE9_3", "reader", "two");
        Assert.NotSame(first, changed);
        Assert.Same(changed, SqlLogins.Get("Server=plant;Database=VTE9_3", "reader", "two"));
    }

    [Theory]
    [InlineData(null, "SQLSERVER:PLANT\\SQL1/VTE9_3")]
    [InlineData("6f9619ff-8b86-d011-b42d-00cf4fc964ff", "SQLSERVER:GROUP 6F9619FF-8B86-D011-B42D-00CF4FC964FF/VTE9_3")]
    public void A_database_of_an_availability_group_is_the_same_on_every_server(string? group, string identity) =>
        Assert.Equal(identity, VteDatabase.IdentityOf(group, "plant\\SQL1", "VTE9_3"));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<VteWatsException> Fails(string server)
    {
        var text = $"{server};Database=VTE9_3;User ID=x;Connect Timeout=20";
        var site = new SiteOptions
        {
            Name = "Oslo", TimeZone = "Europe/Oslo",
            Connection = new ConnectionOptions
            {
                ConnectionString = text.Contains("Encrypt", StringComparison.Ordinal) ? text
                : text + ";Encrypt=False"
            },
        };
        return await Assert.ThrowsAsync<VteWatsException>(() => TestSource.OpenAsync(site, "secret", CancellationToken.None));
    }

    /// <summary>Begins encrypted sessions with a certificate of its own making.</summary>
    private sealed class TlsServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly X509Certificate2 _certificate;

        public TlsServer(string name, DateTimeOffset from, DateTimeOffset to)
        {
            using var key = RSA.Create(2048);
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(name);
            request.CertificateExtensions.Add(names.Build());
            using var made = request.CreateSelfSigned(from, to);
            _certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
            _listener.Start();
            _ = ServeAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void Dispose()
        {
            _listener.Dispose();
            _certificate.Dispose();
        }

        private async Task ServeAsync()
        {
            while (true)
            {
                try
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    await using var stream = new SslStream(client.GetStream());
                    await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
                    {
                        ServerCertificate = _certificate, ApplicationProtocols = [new SslApplicationProtocol("tds/8.0")],
                    });
                    // The client says what it thinks of the certificate after the handshake: wait for its word.
                    _ = await stream.ReadAsync(new byte[1]);
                }
                catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
                {
                    // This client refused; it may try again.
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
                {
                    return;
                }
            }
        }
    }
}
