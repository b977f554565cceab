using System.Diagnostics;
using System.Net;
using System.Threading.RateLimiting;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Wats.Client;

/// <summary>
/// Sends one request until it is answered for good: 408, 429, 5xx, timeouts, broken connections and broken answers are tried again,
/// with exponential pauses and full jitter or after the server's <c>Retry-After</c>, within the attempts and the seconds of the
/// configuration. When nearly everything fails, a circuit breaker holds all requests back and lets a single one probe.
/// </summary>
internal sealed class WatsRequestExecutor
{
    private static readonly ResiliencePropertyKey<Request> RequestKey = new("request");

    // The server needs no more to say what is wrong; a body without end must not become memory, a dead letter or a log.
    private const int LongestError = 64 * 1024;

    private readonly Uri _baseUrl;
    private readonly HttpClient _http;
    private readonly WatsOptions _wats;
    private readonly VteWatsLog _log;
    private readonly RateLimiter? _limiter;
    private readonly ResiliencePipeline<WatsResponse> _pipeline;

    public WatsRequestExecutor(Uri baseUrl, HttpClient http, WatsOptions wats, RetryTiming timing, VteWatsLog log)
    {
        _baseUrl = baseUrl;
        _http = http;
        _wats = wats;
        _log = log;
        _limiter = WatsHandlers.Limiter(baseUrl, wats.RequestsPerMinute);
        _pipeline = new ResiliencePipelineBuilder<WatsResponse>()
            .AddRetry(new RetryStrategyOptions<WatsResponse>
            {
                MaxRetryAttempts = int.MaxValue,   // Request counts: pauses of the circuit breaker are no attempts
                ShouldHandle = args => ValueTask.FromResult(ShouldRetry(args.Outcome, RequestFrom(args.Context), timing)),
                DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(RequestFrom(args.Context).Pause),
                OnRetry = args =>
                {
                    _log.Debug("Request {Correlation} is tried again in {Delay} after {Reason}", RequestFrom(args.Context).Correlation,
                        args.RetryDelay, Describe(args.Outcome));
                    return default;
                },
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<WatsResponse>
            {
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is not null ? IsTransient(args.Outcome.Exception)
                    : (int)args.Outcome.Result!.Status >= 500),
                FailureRatio = 0.95,
                MinimumThroughput = 20,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = timing.Base * 2 > TimeSpan.FromMilliseconds(500) ? timing.Base * 2 : TimeSpan.FromMilliseconds(500),
            })
            .Build();
    }

    /// <param name="make">Makes the request anew for each attempt.</param>
    /// <param name="isBroken">Answers that count as broken and are tried again; null for none.</param>
    /// <param name="observer">Told of every attempt.</param>
    /// <param name="longest">Bytes that the answer may have; a longer one is broken.</param>
    /// <param name="ct">Ends the call.</param>
    public async Task<WatsResponse> SendAsync(Func<HttpRequestMessage> make, Func<WatsResponse, bool>? isBroken,
        IAttemptObserver? observer, int longest, CancellationToken ct)
    {
        // A halt ends pauses and starts no attempt; the attempt that is under way may end, so that its outcome is known.
        using var between = CancellationTokenSource.CreateLinkedTokenSource(ct, observer?.Halt ?? CancellationToken.None);
        var request = new Request(make, isBroken, observer, longest, new CallBudget(TimeSpan.FromSeconds(_wats.TotalTimeoutSeconds)),
            Guid.NewGuid().ToString("D"), ct);
        var context = ResilienceContextPool.Shared.Get(between.Token);
        context.Properties.Set(RequestKey, request);
        try
        {
            var answer = await _pipeline.ExecuteAsync(AttemptAsync, context).ConfigureAwait(false);
            return answer with { Attempts = request.Attempts };
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutRejectedException or BrokenCircuitException
            or InvalidResponseException)
        {
            var failure = WatsFailures.From(request.LastFailure ?? e, request.LastAnswer, _baseUrl, WatsHandlers.ProxyOf(_baseUrl, _wats),
                request.Attempts, request.Correlation);
            _log.Warning("Request {Correlation} failed for good: {Message}", request.Correlation, failure.Message);
            throw failure;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<WatsResponse> AttemptAsync(ResilienceContext context)
    {
        var request = RequestFrom(context);
        var ct = request.Stop;
        // Our own limit is no slowness of the server.
        if (_limiter is not null)
            await request.Budget.WithoutAsync(async () => { using (await _limiter.AcquireAsync(1, context.CancellationToken)
                .ConfigureAwait(false)) { } }).ConfigureAwait(false);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(TimeSpan.FromSeconds(Math.Clamp(request.Budget.Left.TotalSeconds, 0.001, _wats.TimeoutSeconds)));
        var since = Stopwatch.GetTimestamp();
        var status = 0;
        request.Attempts++;
        try
        {
            using var message = request.Make();
            message.Headers.TryAddWithoutValidation("X-Correlation-ID", request.Correlation);
            using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, timeout.Token)
                .ConfigureAwait(false);
            status = (int)response.StatusCode;
            var answer = await WatsResponse.ReadAsync(response, status >= 400 ? LongestError
                : request.Longest, request.Correlation, timeout.Token).ConfigureAwait(false);
            request.LastAnswer = answer;
            request.LastFailure = null;
            if (answer.IsSuccess && answer.IsCut || !answer.IsHtml && request.IsBroken?.Invoke(answer) == true)
                throw new InvalidResponseException();
            return answer;
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            // The connection was not even made: that is another limit, and another fault.
            request.LastFailure = e.InnerException is TimeoutException
                ? new HttpRequestException(HttpRequestError.ConnectionError,
                $"no connection within {WatsHandlers.ConnectTimeout(_wats).TotalSeconds:0.#} s.", null)
                : new TimeoutRejectedException($"No answer within {_wats.TimeoutSeconds} s.");
            throw request.LastFailure;
        }
        catch (InvalidDataException)
        {
            // Packed, it says, and is not.
            request.LastFailure = new InvalidResponseException();
            throw request.LastFailure;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidResponseException)
        {
            request.LastFailure = e;
            throw;
        }
        finally
        {
            var took = Stopwatch.GetElapsedTime(since);
            request.Observer?.Attempted(status, took);
            _log.Debug("Request {Correlation} attempt {Attempt}: HTTP {Status} in {Milliseconds} ms", request.Correlation,
                request.Attempts, status, (long)took.TotalMilliseconds);
        }
    }

    // A pause that lasts longer than the call may is not begun.
    private bool ShouldRetry(Outcome<WatsResponse> outcome, Request request, RetryTiming timing)
    {
        if (!Passes(outcome, request)) return false;
        request.Pause = Pause(outcome, request, timing);
        return request.Pause < request.Budget.Left;
    }

    private bool Passes(Outcome<WatsResponse> outcome, Request request)
    {
        if (outcome.Exception is BrokenCircuitException) return true;   // no attempt was made
        if (request.Attempts >= _wats.MaxAttempts) return false;
        if (outcome.Exception is not null) return IsTransient(outcome.Exception);
        // What stands before WATS says these with web pages. 511 is a network that wants a log-on.
        var status = outcome.Result!.Status;
        return status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
            || (int)status >= 500 && status != HttpStatusCode.NetworkAuthenticationRequired;
    }

    private static TimeSpan Pause(Outcome<WatsResponse> outcome, Request request, RetryTiming timing)
    {
        if (outcome.Exception is BrokenCircuitException broken)
            return broken.RetryAfter is { } wait && wait > TimeSpan.Zero ? wait : timing.Base;
        // A server that asks for no pause at all would have all attempts within a second.
        var own = timing.Pause(request.Attempts - 1);
        return outcome.Result?.RetryAfter is { } asked && asked > own ? asked : own;
    }

    private static bool IsTransient(Exception e) => e switch
    {
        TimeoutRejectedException or InvalidResponseException or IOException => true,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } tls => WatsFailures.BrokeOff(tls),
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } proxy =>
            WatsFailures.TunnelStatus(proxy) is null or 429 or >= 500,
        HttpRequestException => true,
        _ => false,
    };

    private static string Describe(Outcome<WatsResponse> outcome) =>
        outcome.Exception is { } e ? $"{e.GetType().Name}: {e.Message}" : $"HTTP {(int)outcome.Result!.Status}";

    private static Request RequestFrom(ResilienceContext context) => context.Properties.GetValue(RequestKey, null!);

    private sealed class Request(
        Func<HttpRequestMessage> make, Func<WatsResponse, bool>? isBroken, IAttemptObserver? observer, int longest, CallBudget budget,
        string correlation, CancellationToken stop)
    {
        public CallBudget Budget => budget;
        public int Longest => longest;
        public CancellationToken Stop => stop;
        public Func<HttpRequestMessage> Make => make;
        public Func<WatsResponse, bool>? IsBroken => isBroken;
        public IAttemptObserver? Observer => observer;
        public string Correlation => correlation;
        public int Attempts { get; set; }
        public TimeSpan Pause { get; set; }
        public WatsResponse? LastAnswer { get; set; }
        public Exception? LastFailure { get; set; }
    }
}

/// <summary>The server said 200, but what it sent is cut off or does not name the report.</summary>
internal sealed class InvalidResponseException : Exception
{
    public InvalidResponseException(Exception? inner = null)
        : base("The answer of the server is not complete, or not what was asked for.", inner) { }
}
