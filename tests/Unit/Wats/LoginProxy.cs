using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VteWats.Unit.Wats;

/// <summary>A proxy that lets through to one server whoever logs on, and tells everybody else to.</summary>
internal sealed class LoginProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _server;
    private readonly string _login;
    private int _passed;

    public LoginProxy(Uri server, string userName, string password)
    {
        _server = server;
        _login = "Proxy-Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{userName}:{password}"));
        _listener.Start();
        _ = Task.Run(() => ScriptedHttpServer.AcceptAsync(_listener, ServeAsync));
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Connections that were let through.</summary>
    public int Passed => _passed;

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync(TcpClient caller)
    {
        using (caller)
        {
            try
            {
                var stream = caller.GetStream();
                var head = await HeadAsync(stream);
                if (!head.Contains(_login, StringComparison.Ordinal))
                {
                    const string Refusal = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"plant\"\r\n"
                        + "Content-Length: 0\r\nConnection: close\r\n\r\n";
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(Refusal));
                    return;
                }
                Interlocked.Increment(ref _passed);
                using var server = new TcpClient();
                await server.ConnectAsync(_server.Host, _server.Port);
                var far = server.GetStream();
                await far.WriteAsync(Encoding.Latin1.GetBytes(head));
                await Task.WhenAny(stream.CopyToAsync(far), far.CopyToAsync(stream));
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                // One side has hung up.
            }
        }
    }

    // To the empty line, byte by byte: what follows it is not for the proxy.
    private static async Task<string> HeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one) == 1)
            head.Append((char)one[0]);
        return head.ToString();
    }
}
