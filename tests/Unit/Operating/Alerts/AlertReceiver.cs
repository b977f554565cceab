using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace VteWats.Unit.Operating.Alerts;

/// <summary>A real receiver of HTTP on loopback that keeps what it gets, and behaves as it is told.</summary>
internal sealed class AlertReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<HttpListenerContext> _hanging = [];
    private readonly Task _serving;

    public static AlertReceiver Start() => new();

    private AlertReceiver()
    {
        var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Base = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
        probe.Stop();
        _listener.Prefixes.Add(Base + "/");
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    public string Base { get; }

    /// <summary>What came, as path and body, also what was answered with a failure.</summary>
    public ConcurrentQueue<(string Path, string Body)> Got { get; } = new();

    /// <summary>Status of the answer; 0 for none at all.</summary>
    public int Status { get; set; } = 200;

    public IEnumerable<string> Paths => Got.Select(got => got.Path);

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            HttpListenerContext context;
            try { context = await _listener.GetContextAsync(); }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException) { return; }
            using var reader = new StreamReader(context.Request.InputStream);
            var body = await reader.ReadToEndAsync();
            Got.Enqueue((context.Request.Url!.AbsolutePath, body));
            if (Status == 0)
            {
                _hanging.Add(context);
                continue;
            }
            context.Response.StatusCode = Status;
            context.Response.Close();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var context in _hanging) context.Response.Abort();
        _listener.Close();
        await _serving;
        _stop.Dispose();
    }
}
