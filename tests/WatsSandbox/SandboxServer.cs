using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VteWats.WatsSandbox;

/// <summary>
/// A stand-in for a WATS server on 127.0.0.1. It takes and refuses reports by the same rules, answers in the same shapes, and can be
/// told to misbehave. Usable in a test's own process and as a program.
/// </summary>
public sealed class SandboxServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SandboxServer(WebApplication app, SandboxOptions options, string token)
    {
        _app = app;
        Options = options;
        Token = token;
        Store = new SandboxStore();
        Faults = new SandboxFaults();
        Requests = new RequestLog(options.KeepRequests);
    }

    public SandboxOptions Options { get; }

    /// <summary>Base URL without a trailing slash.</summary>
    public Uri BaseUrl { get; private set; } = null!;

    /// <summary>The token to put, as it is, into <c>Authorization: Basic</c>.</summary>
    public string Token { get; }

    public SandboxStore Store { get; }
    public SandboxFaults Faults { get; }
    public RequestLog Requests { get; }

    public static async Task<SandboxServer> StartAsync(SandboxOptions? options = null, CancellationToken ct = default)
    {
        options ??= new SandboxOptions();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        // Ctrl+C belongs to the program or test that hosts the sandbox, not to the sandbox.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore();
        if (options.UntrustedHttps) builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 256 * 1024 * 1024;
            kestrel.Limits.MaxRequestLineSize = 64 * 1024;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(IPAddress.Loopback, options.Port, listen =>
            {
                if (options.UntrustedHttps) listen.UseHttps(SelfSigned());
            });
        });
        var app = builder.Build();
        var server = new SandboxServer(app, options, options.Token ?? NewToken());
        var routes = new SandboxRoutes(server);
        app.Run(routes.AnswerAsync);
        await app.StartAsync(ct).ConfigureAwait(false);
        server.BaseUrl = new Uri(app.Urls.Single().TrimEnd('/'));
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        try { await _app.StopAsync(now.Token).ConfigureAwait(false); }
        catch (OperationCanceledException) { /* connections that a client holds open are cut */ }
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    private static string NewToken() =>
        Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes("sandbox:"
        + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))));

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
