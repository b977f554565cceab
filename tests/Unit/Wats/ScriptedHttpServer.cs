using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VteWats.Unit.Wats;

/// <summary>A server that answers each request with the bytes it is told to; null for hanging up.</summary>
internal sealed class ScriptedHttpServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, int, byte[]?> _answer;
    private int _requests;

    /// <param name="answer">What to answer to a request line with headers, and the number of the request, from 1 on.</param>
    public ScriptedHttpServer(Func<string, int, byte[]?> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = Task.Run(() => AcceptAsync(_listener, ServeAsync));
    }

    public string Url => $"http://127.0.0.1:{Port}";

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Requests so far; connections, where somebody speaks TLS to it.</summary>
    public int Requests => _requests;

    /// <summary>Sends these bytes again and again behind the answer, until the caller has enough.</summary>
    public byte[]? WithoutEnd { get; init; }

    public static byte[] Text(string status, string type, string body, params string[] headers) =>
        Bytes(status, type, Encoding.UTF8.GetBytes(body), headers);

    public static byte[] Bytes(string status, string type, byte[] body, params string[] headers) =>
    [
        .. Encoding.Latin1.GetBytes(
            $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: "
            + $"{body.Length}\r\n{string.Concat(headers.Select(h => h + "\r\n"))}\r\n"), .. body,
    ];

    public void Dispose() => _listener.Dispose();

    /// <summary>Serves everybody who comes, until the listener is closed.</summary>
    public static async Task AcceptAsync(TcpListener listener, Func<TcpClient, Task> serve)
    {
        try
        {
            while (true) _ = serve(await listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient caller)
    {
        using (caller)
        {
            try
            {
                var stream = caller.GetStream();
                while (await HeadAsync(stream) is { } head)
                {
                    var answer = _answer(head, Interlocked.Increment(ref _requests));
                    if (answer is null)
                    {
                        caller.LingerState = new LingerOption(true, 0);
                        return;
                    }
                    // Who is asked whether to go on waits for the answer before the body.
                    if (!head.Contains("100-continue", StringComparison.OrdinalIgnoreCase)) await BodyAsync(stream, head);
                    await stream.WriteAsync(answer);
                    while (WithoutEnd is not null) await stream.WriteAsync(WithoutEnd);
                }
            }
            catch (IOException)
            {
                // The caller has gone.
            }
        }
    }

    private static async Task<string?> HeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one) == 0) return null;
            // A greeting of TLS is all that there will be.
            if (head.Length == 0 && one[0] == 0x16) return "TLS";
            head.Append((char)one[0]);
        }
        return head.ToString();
    }

    private static async Task BodyAsync(NetworkStream stream, string head)
    {
        var line = head.Split("\r\n").FirstOrDefault(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        if (line is not null) await stream.ReadExactlyAsync(new byte[int.Parse(line[15..],
            System.Globalization.CultureInfo.InvariantCulture)]);
    }
}
