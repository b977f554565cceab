using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Operating.Endpoints;

/// <summary>
/// Serves <c>/health</c>, <c>/health/live</c>, <c>/health/ready</c>, <c>/metrics</c> and the status page by the listener that is in .NET.
/// It reads the state and writes nothing; the sync does not know of it.
/// </summary>
public sealed class EndpointServer : IDisposable
{
    private const int AtOnce = 8;
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WritePatience = TimeSpan.FromSeconds(10);

    private readonly HttpListener _listener = new();
    private readonly SemaphoreSlim _room = new(AtOnce);
    private readonly EndpointAnswers _answers;
    private readonly byte[]? _token;
    private readonly VteWatsLog _log;

    private EndpointServer(EndpointOptions options, Func<WatchedSites> watched, VteWatsLog log)
    {
        _answers = new EndpointAnswers(watched);
        _token = options.Token is { Length: > 0 } token ? Hash(token) : null;
        _log = log.For<EndpointServer>();
        foreach (var prefix in options.Prefixes()) _listener.Prefixes.Add(prefix);
        _listener.IgnoreWriteExceptions = true;
    }

    /// <summary>Starts it.</summary>
    /// <param name="options">Where.</param>
    /// <param name="watched">What is watched over; asked for each answer.</param>
    /// <param name="log">Where failures are told.</param>
    /// <returns>The server, or why it could not be started: a port that is taken must not keep runs from WATS.</returns>
    public static (EndpointServer? Server, VteWatsException? Problem) TryStart(
        EndpointOptions options, Func<WatchedSites> watched, VteWatsLog? log = null)
    {
        SecretMask.Add(options.Token);
        EndpointServer? server = null;
        try
        {
            server = new EndpointServer(options, watched, log ?? VteWatsLog.None);
            server._listener.Start();
            _ = Task.Run(server.ListenAsync);
            return (server, null);
        }
        catch (Exception e) when (e is HttpListenerException or InvalidOperationException or ArgumentException or SocketException)
        {
            server?.Dispose();
            var problem = new VteWatsException(
                ErrorKind.FileUnusable,
                    FormattableString.Invariant($"Health and metrics are not served: port {options.Port} of {options.Address} ")
                + $"cannot be opened ({e.Message}). The sync goes on without them.",
                "Choose another -HealthPort, or end what has the port. On Windows another address than localhost needs the right to it: "
                + FormattableString.Invariant($"netsh http add urlacl url=http://{options.Address}:{options.Port}/ user=ACCOUNT."),
                    options.Port, e);
            server?._log.Warning(e, "{Problem}", problem.Message);
            return (null, problem);
        }
    }

    /// <summary>Ends it; answers under way are cut off.</summary>
    public void Dispose()
    {
        try { _listener.Close(); }
        catch (ObjectDisposedException) { /* it never started */ }
    }

    private async Task ListenAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync().ConfigureAwait(false);
                _ = Task.Run(() => AnswerAsync(context));
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                if (!_listener.IsListening) return;
                // One caller's trouble.
                await Task.Delay(50).ConfigureAwait(false);
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var inside = await _room.WaitAsync(0).ConfigureAwait(false);
        try
        {
            var answer = inside ? await AnswerOfAsync(context.Request).ConfigureAwait(false)
                : EndpointAnswer.Text(503, "Too many requests at once.\n");
            await WriteAsync(context, answer).WaitAsync(WritePatience).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException or InvalidOperationException
            or TimeoutException)
        {
            context.Response.Abort();
        }
        finally
        {
            if (inside) _room.Release();
        }
    }

    private async Task<EndpointAnswer> AnswerOfAsync(HttpListenerRequest request)
    {
        if (_token is not null && !IsAllowed(request.Headers["Authorization"])) return EndpointAnswer.Text(401, "A token is needed.\n") with
        {
            Headers = [("WWW-Authenticate", "Basic realm=\"VteWats\", charset=\"UTF-8\"")],
        };
        if (request.HttpMethod is not ("GET" or "HEAD")) return EndpointAnswer.Text(405, "GET and HEAD only.\n") with
        {
            Headers = [("Allow", "GET, HEAD")],
        };
        try
        {
            var path = request.Url?.AbsolutePath ?? "/";
            return await Task.Run(() => _answers.For(path)).WaitAsync(AnswerPatience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return EndpointAnswer.Text(503, "The state does not answer.\n");
        }
        catch (Exception e)
        {
            _log.Warning(e, "{Path} could not be answered", request.RawUrl);
            return EndpointAnswer.Text(500, SecretMask.Scrub($"{e.GetType().Name}: {PrintableText.Line(e.Message)}\n"));
        }
    }

    private static async Task WriteAsync(HttpListenerContext context, EndpointAnswer answer)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.ContentLength64 = answer.Body.Length;
        response.Headers["Cache-Control"] = "no-store";
        response.Headers["X-Content-Type-Options"] = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Content-Security-Policy"] = answer.Policy;
        foreach (var (name, value) in answer.Headers) response.Headers[name] = value;
        if (context.Request.HttpMethod != "HEAD") await response.OutputStream.WriteAsync(answer.Body).ConfigureAwait(false);
        response.Close();
    }

    // As bearer token, or as the password that a browser asks for.
    private bool IsAllowed(string? authorization)
    {
        if (authorization is null) return false;
        if (authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return IsToken(authorization[7..].Trim());
        if (!authorization.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return false;
        try
        {
            var login = Encoding.UTF8.GetString(Convert.FromBase64String(authorization[6..].Trim()));
            return IsToken(login[(login.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private bool IsToken(string given) => CryptographicOperations.FixedTimeEquals(Hash(given), _token);

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
