using System.Diagnostics;
using System.Net;
using Polly;
using Polly.CircuitBreaker;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Wats.Client;

/// <summary>
/// Sends one request until it is answered for good: 408, 429, 5xx, timeouts, broken connections and broken answers are tried again,
/// with exponential pauses and full jitter or after the server's <c>Retry-After</c>, within the attempts and the seconds of the
/// configuration. When nearly everything fails, a circuit breaker holds all requests back and lets a single one probe.
/// </summary>
internal sealed class WatsRequestExecutor
{
    // The server needs no more to say what is wrong; a body without end must not become memory, a dead letter or a log.
    private const int LongestError = 64 * 1024;

    private readonly Uri _baseUrl;
    private readonly HttpClient _http;
    private readonly WatsOptions _wats;
    private readonly TokenBudget _requests;
    private readonly RetryTiming _timing;
    private readonly VteWatsLog _log;
    private readonly ResiliencePipeline<Attempt> _breaker;
    private volatile string? _pause;

    /// <summary>What a request waits for that is tried again; null where none is.</summary>
    public string? WaitsFor => _pause;

    /// <summary>How far the server's clock was ahead of this machine's at its last answer, to about a second; null where it told no
    /// time.</summary>
    public TimeSpan? ClockAhead { get; private set; }

    public WatsRequestExecutor(Uri baseUrl, HttpClient http, WatsOptions wats, TokenBudget requests, RetryTiming timing, VteWatsLog log)
    {
        _baseUrl = baseUrl;
        _http = http;
        _wats = wats;
        _requests = requests;
        _timing = timing;
        _log = log;
        _breaker = new ResiliencePipelineBuilder<Attempt>()
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<Attempt>
            {
                ShouldHandle = static args => ValueTask.FromResult(args.Outcome.Result is { IsServerTrouble: true }),
                FailureRatio = 0.95,
                MinimumThroughput = 20,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = timing.Base * 2 > TimeSpan.FromMilliseconds(500) ? timing.Base * 2 : TimeSpan.FromMilliseconds(500),
            })
            .Build();
    }

    /// <param name="request">The request.</param>
    /// <param name="ct">Ends the call.</param>
    /// <exception cref="OperationCanceledException">It was ended, or the observer's halt ended a pause: no attempt is made after
    /// it.</exception>
    public async Task<WatsOutcome> SendAsync(WatsRequest request, CancellationToken ct)
    {
        // A halt ends pauses and starts no attempt; the attempt that is under way may end, so that its outcome is known.
        using var between = CancellationTokenSource.CreateLinkedTokenSource(ct, request.Observer?.Halt ?? CancellationToken.None);
        var call = new Call(request, Guid.NewGuid().ToString("D"), new CallBudget(TimeSpan.FromSeconds(_wats.TotalTimeoutSeconds)), ct,
            between.Token);
        var most = request.MaxAttempts ?? _wats.MaxAttempts;
        Attempt? last = null;
        for (var attempts = 0; ;)
        {
            TimeSpan pause;
            try
            {
                last = await _breaker.ExecuteAsync(static (state, _) => state.Executor.AttemptAsync(state.Call),
                    (Executor: this, Call: call), between.Token).ConfigureAwait(false);
                attempts++;
                pause = last.PauseBefore(attempts, _timing);
                if (!last.MayPass || attempts >= most) return Ended(last, attempts, call);
            }
            catch (BrokenCircuitException held)
            {
                // No attempt was made.
                pause = held.RetryAfter is { } wait && wait > TimeSpan.Zero ? wait : _timing.Base;
                last ??= new Attempt(null, held);
            }
            // A pause that lasts longer than the call may is not begun.
            if (pause >= call.Budget.Left) return Ended(last, attempts, call);
            _log.Debug("Request {Correlation} is tried again in {Delay} after {Reason}", call.Correlation, pause, last.ToString());
            _log.Tell($"Attempt {attempts} of {most} at {_baseUrl}: {last.Why()}. It is tried again in {pause.TotalSeconds:0.#} s.");
            var mine = _pause = $"{_baseUrl.Host}, which is asked again after {last.Why()}";
            try { await Task.Delay(pause, between.Token).ConfigureAwait(false); }
            finally
            {
                // Another one may wait still, and tells so at its next pause.
                if (ReferenceEquals(_pause, mine)) _pause = null;
            }
        }
    }

    private async ValueTask<Attempt> AttemptAsync(Call call)
    {
        // Our own limit is not the server being slow.
        await call.Budget.WithoutAsync(() => _requests.TakeAsync(call.Between)).ConfigureAwait(false);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(call.Stop);
        timeout.CancelAfter(TimeSpan.FromSeconds(Math.Clamp(call.Budget.Left.TotalSeconds, 0.001, _wats.TimeoutSeconds)));
        var since = Stopwatch.GetTimestamp();
        WatsResponse? answer = null;
        var status = 0;
        try
        {
            using var message = call.Request.Make();
            message.Headers.TryAddWithoutValidation("X-Correlation-ID", call.Correlation);
            using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, timeout.Token)
                .ConfigureAwait(false);
            status = (int)response.StatusCode;
            if (response.Headers.Date is { } date) ClockAhead = date - DateTimeOffset.UtcNow;
            answer = await WatsResponse.ReadAsync(response, status >= 400 ? LongestError : call.Request.Longest, call.Correlation,
                timeout.Token).ConfigureAwait(false);
            var broken = answer.IsSuccess && (answer.IsCut || call.Request.IsBroken?.Invoke(answer) == true);
            return new Attempt(answer, broken ? new InvalidResponseException() : null) { Status = status };
        }
        catch (OperationCanceledException e) when (!call.Stop.IsCancellationRequested)
        {
            // The connection was not even made: that is another limit, and another fault.
            return new Attempt(answer, e.InnerException is TimeoutException
                ? new HttpRequestException(HttpRequestError.ConnectionError,
                    $"no connection within {WatsHandlers.ConnectTimeout(_wats).TotalSeconds:0.#} s.", null)
                : new TimeoutException($"No answer within {_wats.TimeoutSeconds} s."));
        }
        catch (InvalidDataException)
        {
            // Packed, it says, and is not.
            return new Attempt(answer, new InvalidResponseException()) { Status = status };
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new Attempt(answer, e) { Status = status };
        }
        finally
        {
            var took = Stopwatch.GetElapsedTime(since);
            call.Request.Observer?.Attempted(status, took);
            _log.Debug("Request {Correlation}: HTTP {Status} in {Milliseconds} ms", call.Correlation, status, (long)took.TotalMilliseconds);
        }
    }

    private WatsOutcome Ended(Attempt last, int attempts, Call call)
    {
        if (last.Failure is not { } why)
            return new WatsOutcome(last.Answer! with { Attempts = attempts }, null, attempts, call.Correlation)
            {
                Status = last.Status, MayPass = last.MayPass,
            };
        var failure = WatsFailures.From(why, last.Answer, _baseUrl, WatsHandlers.ProxyOf(_baseUrl, _wats), attempts, call.Correlation);
        _log.Warning("Request {Correlation} failed for good: {Message}", call.Correlation, failure.Message);
        return new WatsOutcome(null, failure, attempts, call.Correlation)
        {
            Status = last.Status > 0 ? last.Status : null, MayPass = last.MayPass,
        };
    }

    private sealed record Call(WatsRequest Request, string Correlation, CallBudget Budget, CancellationToken Stop,
        CancellationToken Between);

    /// <summary>How one attempt ended. An answer with a failure beside it is broken.</summary>
    private sealed record Attempt(WatsResponse? Answer, Exception? Failure)
    {
        public int Status { get; init; }

        /// <summary>True when the same request may have better luck.</summary>
        // What stands before WATS says these with web pages. 511 is a network that wants a log-on.
        public bool MayPass => Failure is not null ? IsTransient(Failure)
            : Status is (int)HttpStatusCode.RequestTimeout or (int)HttpStatusCode.TooManyRequests
                or >= 500 and not (int)HttpStatusCode.NetworkAuthenticationRequired;

        /// <summary>True when it counts against the server, for all requests.</summary>
        public bool IsServerTrouble => Failure is not null ? IsTransient(Failure) : Status >= 500;

        /// <summary>The pause before the attempt that follows the first <paramref name="attempts"/>.</summary>
        // A server that asks for no pause at all would have all attempts within a second.
        public TimeSpan PauseBefore(int attempts, RetryTiming timing)
        {
            var own = timing.Pause(attempts - 1);
            return Failure is null && Answer?.RetryAfter is { } asked && asked > own ? asked : own;
        }

        /// <summary>Why there was no answer for good, in plain words: the innermost cause says most.</summary>
        public string Why()
        {
            var cause = Failure;
            while (cause?.InnerException is { } inner) cause = inner;
            return cause is System.Net.Sockets.SocketException socket ? socket.SocketErrorCode switch
            {
                System.Net.Sockets.SocketError.HostNotFound or System.Net.Sockets.SocketError.NoData => "no such host",
                System.Net.Sockets.SocketError.ConnectionRefused => "connection refused",
                System.Net.Sockets.SocketError.TimedOut => "timed out",
                _ => socket.Message,
            } : cause?.Message.TrimEnd('.') ?? $"HTTP {Status}";
        }

        public override string ToString() => Failure is { } e ? $"{e.GetType().Name}: {e.Message}" : $"HTTP {Status}";

        private static bool IsTransient(Exception e) => e switch
        {
            TimeoutException or InvalidResponseException or IOException => true,
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } tls => WatsFailures.BrokeOff(tls),
            HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } proxy =>
                WatsFailures.TunnelStatus(proxy) is null or 429 or >= 500,
            HttpRequestException => true,
            _ => false,
        };
    }
}

/// <summary>The server said 200, but what it sent is cut off or does not name the report.</summary>
internal sealed class InvalidResponseException : Exception
{
    public InvalidResponseException(Exception? inner = null)
        : base("The answer of the server is not complete, or not what was asked for.", inner) { }
}
