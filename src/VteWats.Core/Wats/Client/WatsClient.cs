using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Wats.Client;

/// <summary>
/// Speaks the part of the WATS REST API that a sender of reports needs. Every request is retried as <see cref="WatsRequestExecutor"/> says,
/// counts
/// against the server's request limit, and carries a correlation id. Posting a report again under its id overwrites it, so a post may be
/// retried like any other request.
/// </summary>
public sealed class WatsClient : IDisposable
{
    // Bytes of an answer: a receipt or a list of ids, and a page of headers or a whole report.
    private const int ShortAnswer = 1 << 20;
    private const int LongAnswer = 1 << 26;

    private const int ShortestPassword = 10;

    // Above this a server that refuses the size says so before it has been sent all of it.
    private const int LargeReport = 1 << 20;

    private readonly HttpClient _http;
    private readonly WatsRequestExecutor _call;
    private readonly TokenBudget _requests;
    private readonly VteWatsLog _log;
    private readonly ExistingReports _existing;
    private volatile bool _expectRefused;

    /// <summary>How far WATS's clock was ahead of this machine's at its last answer, to about a second; null where it told no
    /// time.</summary>
    public TimeSpan? ClockAhead => _call.ClockAhead;

    private WatsClient(Uri baseUrl, HttpClient http, WatsRequestExecutor call, TokenBudget requests, VteWatsLog log)
    {
        _requests = requests;
        _log = log;
        BaseUrl = baseUrl;
        _http = http;
        _call = call;
        _existing = new ExistingReports(this);
    }

    /// <summary>Base URL with a trailing slash, without <c>/api</c>.</summary>
    public Uri BaseUrl { get; }

    /// <param name="wats">The server and its limits.</param>
    /// <param name="token">The token, which goes into <c>Authorization: Basic</c> as it is.</param>
    /// <param name="proxyPassword">Password of <see cref="WatsOptions.ProxyUserName"/>.</param>
    /// <param name="log">Where requests and retries are told.</param>
    /// <exception cref="VteWatsException"><c>ConfigurationInvalid</c>: the base URL is not an http or https URL, or http without
    /// leave.</exception>
    public static WatsClient Create(WatsOptions wats, string token, string? proxyPassword = null, VteWatsLog? log = null) =>
        Create(wats, token, proxyPassword, log, RetryTiming.Default);

    internal static WatsClient Create(WatsOptions wats, string token, string? proxyPassword, VteWatsLog? log, RetryTiming timing)
    {
        var baseUrl = WatsAddress.Parse(wats.BaseUrl, wats.AllowHttp);
        // The text itself is not repeated: it may hold a login.
        if (wats.Proxy is not null && WatsAddress.WrongProxy(wats.Proxy) is { } wrong) throw new VteWatsException(
            ErrorKind.ConfigurationInvalid, $"wats.proxy, or -Proxy, {wrong}.",
            "Give system, none, or the URL of the proxy such as http://proxy:8080; its login goes into -ProxyCredential, or "
            + "wats.proxyUserName and wats.proxyPassword.");
        HideToken(token);
        SecretMask.Add(proxyPassword);
        // The handler, and with it the connections, is shared by the process; the client holds nothing but headers.
        var http = new HttpClient(WatsHandlers.Get(baseUrl, wats, proxyPassword), disposeHandler: false)
        {
            BaseAddress = baseUrl,
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Basic " + token);
        http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("VteWats",
            typeof(WatsClient).Assembly.GetName().Version!.ToString(3)));
        var ours = (log ?? VteWatsLog.None).For<WatsClient>();
        var requests = TokenBudget.For(baseUrl, token, wats.RequestsPerMinute);
        return new WatsClient(baseUrl, http, new WatsRequestExecutor(baseUrl, http, wats, requests, timing, ours), requests, ours);
    }

    /// <summary>Requests that the token's limit has left for this process; null where there is no limit.</summary>
    internal long? RequestsLeft => _requests.Left;

    /// <summary>What requests wait for; null where none waits.</summary>
    public string? WaitsFor => _requests.WaitsFor ?? _call.WaitsFor;

    /// <summary>How long so many requests take at least, by the limit of the token.</summary>
    public TimeSpan LeastTime(long requests) => _requests.LeastTime(requests);

    /// <summary>Version of the server. It needs no right and shows that the address is a WATS server's.</summary>
    public async Task<string> GetVersionAsync(CancellationToken ct)
    {
        var answer = await GetAsync("api/App/Version", ct).ConfigureAwait(false);
        return Read(answer, json => json.ValueKind == JsonValueKind.String ? json.GetString()! : json.ToString());
    }

    /// <summary>Posts one report. What is answered to it, or that nothing is, is a result and not an exception: whether it is about the
    /// report or about the server is not to be seen from one post.</summary>
    /// <param name="id">Id of the report; the server's answer must name it.</param>
    /// <param name="wsjf">The report as WSJF.</param>
    /// <param name="observer">Told of every attempt; may be null.</param>
    /// <param name="ct">Ends the call, between attempts and within one.</param>
    /// <param name="serialNumber">Serial number, for messages.</param>
    /// <param name="maxAttempts">Attempts; those of the configuration without it.</param>
    /// <exception cref="VteWatsException">There was no connection: server, proxy or certificate cannot be used.</exception>
    internal async Task<PostResult> PostAsync(Guid id, byte[] wsjf, IAttemptObserver? observer, CancellationToken ct,
        string? serialNumber = null, int? maxAttempts = null)
    {
        var announce = wsjf.Length > LargeReport && !_expectRefused;
        var request = new WatsRequest(() => new HttpRequestMessage(HttpMethod.Post, "api/Report/WSJF")
        {
            Content = new ByteArrayContent(wsjf) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            Headers = { ExpectContinue = announce ? true : null },
        })
        {
            IsBroken = answer => !answer.Confirms(id), Observer = observer, Longest = ShortAnswer, MaxAttempts = maxAttempts,
        };
        var outcome = await _call.SendAsync(request, ct).ConfigureAwait(false);
        if (announce && outcome.Status == (int)HttpStatusCode.ExpectationFailed)
        {
            // What stands in between does not know the question whether to go on, and will not for the next report either.
            _expectRefused = true;
            announce = false;
            var again = await _call.SendAsync(request, ct).ConfigureAwait(false);
            outcome = again with { Attempts = outcome.Attempts + again.Attempts };
        }
        return ResultOf(outcome, id, serialNumber);
    }

    private PostResult ResultOf(WatsOutcome outcome, Guid id, string? serialNumber)
    {
        var (answer, failure, attempts, correlation) = outcome;
        var result = new PostResult(PostOutcome.Accepted, attempts, correlation) { Status = outcome.Status, MayPass = outcome.MayPass };
        if (answer is { IsSuccess: true }) return result;
        // A web page with 400 is from something in between; with 413 it is the usual answer of a web server before WATS.
        var isContent = answer?.Status is HttpStatusCode.RequestEntityTooLarge
            || answer is { Status: HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity, IsHtml: false };
        if (isContent)
        {
            var findings = SecretMask.Scrub(answer!.ErrorText());
            if (answer.Status == HttpStatusCode.RequestEntityTooLarge)
                findings = $"The report is too large for the server (413). {findings}".TrimEnd();
            _log.Warning("Request {Correlation}: the report of test run {RunId} is refused: {Findings}", correlation, id, findings);
            return result with { Outcome = PostOutcome.Refused, Findings = findings };
        }
        failure = WatsFailures.About(failure ?? Failure(answer! with { Attempts = attempts }), id, serialNumber);
        if (WatsFailures.IsWithoutConnection(failure)) throw failure;
        return result with
        {
            Outcome = PostOutcome.Failed,
            Failure = failure,
            Findings = answer is null ? failure.Message : SecretMask.Scrub(answer.ErrorText()),
        };
    }

    /// <summary>Whether the server is well: it answers a query for one header, at the first attempt.</summary>
    /// <returns>Null when it does; else what is wrong.</returns>
    public async Task<VteWatsException?> ProbeAsync(CancellationToken ct)
    {
        const string OneHeader = "api/Report/Query/Header?$top=1&$select=uuid";
        var outcome = await QueryAsync(OneHeader, ShortAnswer, ct, maxAttempts: 1).ConfigureAwait(false);
        return outcome.Answer is { IsSuccess: true } ? null : outcome.Failure ?? Failure(outcome.Answer!);
    }

    /// <summary>Whether the token may submit reports: an empty one is posted, which no server can keep.</summary>
    /// <returns>Null when it may; else what is wrong.</returns>
    internal async Task<VteWatsException?> ProbeSubmitAsync(CancellationToken ct)
    {
        var outcome = await _call.SendAsync(new WatsRequest(static () => new HttpRequestMessage(HttpMethod.Post, "api/Report/WSJF")
        {
            Content = new ByteArrayContent("{}"u8.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        })
        {
            Longest = ShortAnswer, MaxAttempts = 1,
        }, ct).ConfigureAwait(false);
        // Who may not submit is turned away before anybody looks at the report.
        if (outcome.Answer is { Status: HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity, IsHtml: false }) return null;
        return outcome.Failure ?? Failure(outcome.Answer!);
    }

    /// <summary>Those of <paramref name="ids"/> that WATS has. A report that was just posted may not show yet.</summary>
    public Task<IReadOnlySet<Guid>> FindExistingAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) => _existing.FindAsync(ids, ct);

    /// <summary>The verdicts, in the words that WATS lists, of those of <paramref name="ids"/> that it has.</summary>
    public async Task<IReadOnlyDictionary<Guid, string?>> FindResultsAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        await _existing.FindResultsAsync(ids, ct).ConfigureAwait(false);

    /// <summary>The WSJF text of a report; null when WATS does not have it (yet).</summary>
    public async Task<byte[]?> GetReportAsync(Guid id, CancellationToken ct)
    {
        var request = new WatsRequest(() => new HttpRequestMessage(HttpMethod.Get, $"api/Report/Wsjf/{id:D}")) { Longest = LongAnswer };
        var answer = (await _call.SendAsync(request, ct).ConfigureAwait(false)).Required();
        if (answer.Status == HttpStatusCode.NotFound) return null;
        if (!answer.IsSuccess) throw Failure(answer);
        return answer.Body;
    }

    /// <summary>Active test operations of the server.</summary>
    public async Task<IReadOnlyList<WatsProcess>> GetProcessesAsync(CancellationToken ct, bool includeAll = false)
    {
        var more = includeAll ? "&includeRepairOperations=true&includeWipOperations=true&includeInactiveProcesses=true" : "";
        var answer = await GetAsync("api/App/Processes?includeTestOperations=true" + more, ct).ConfigureAwait(false);
        return Read<IReadOnlyList<WatsProcess>>(answer, json => List(json.Deserialize(WatsJsonContext.Default.ListWatsProcess)));
    }

    /// <summary>One page of report headers.</summary>
    /// <param name="filter">OData filter.</param>
    /// <param name="orderBy">Fields to order by; WATS takes start, uuid, serialNumber and timestamp.</param>
    /// <param name="top">Headers at most, 1 to 10,000.</param>
    /// <param name="skip">Headers to leave out first.</param>
    /// <param name="select">Fields that are wanted, with commas between; all of them without it.</param>
    /// <param name="ct">Ends the call.</param>
    public async Task<IReadOnlyList<WatsReportHeader>> QueryHeadersAsync(string filter, string orderBy, int top, int skip, string? select,
        CancellationToken ct)
    {
        var query = $"api/Report/Query/Header?$filter={Uri.EscapeDataString(filter)}&$orderby={Uri.EscapeDataString(orderBy)}"
            + FormattableString.Invariant($"&$top={top}&$skip={skip}");
        var answer = await GetAsync(select is null ? query : query + "&$select=" + Uri.EscapeDataString(select), ct).ConfigureAwait(false);
        return Read<IReadOnlyList<WatsReportHeader>>(answer, json => List(json.Deserialize(WatsJsonContext.Default.ListWatsReportHeader)));
    }

    public void Dispose() => _http.Dispose();

    internal async Task<WatsResponse> QueryAsync(string pathAndQuery, CancellationToken ct) =>
        (await QueryAsync(pathAndQuery, ShortAnswer, ct).ConfigureAwait(false)).Required();

    private Task<WatsOutcome> QueryAsync(string pathAndQuery, int longest, CancellationToken ct, int? maxAttempts = null) =>
        _call.SendAsync(new WatsRequest(() => new HttpRequestMessage(HttpMethod.Get, pathAndQuery))
        {
            IsBroken = static answer => !answer.IsJson, Longest = longest, MaxAttempts = maxAttempts,
        }, ct);

    /// <exception cref="VteWatsException"><c>WatsNotWats</c>: it is JSON, but not what was asked for.</exception>
    internal T Read<T>(WatsResponse answer, Func<JsonElement, T> read)
    {
        try
        {
            return answer.ReadJson(read);
        }
        catch (InvalidResponseException e)
        {
            var failure = WatsFailures.From(e, answer, BaseUrl, null, answer.Attempts, answer.Correlation);
            _log.Warning("Request {Correlation} failed: {Message}", answer.Correlation, failure.Message);
            throw failure;
        }
    }

    private static List<T> List<T>(List<T>? list) =>
        list is not null && !list.Exists(one => one is null) ? list : throw new FormatException("No list, or one with gaps.");

    /// <summary>The failure that an answer means, which is told in the log, too.</summary>
    internal VteWatsException Failure(WatsResponse answer)
    {
        var failure = WatsFailures.From(answer, BaseUrl);
        _log.Warning("Request {Correlation} failed: {Message}", answer.Correlation, failure.Message);
        return failure;
    }

    // A token may be name and password in base64, and who knows them has it. A short one is a word that messages need.
    private static void HideToken(string token)
    {
        if (token.Length == 0 || token.Any(c => c is <= ' ' or > '~')) throw new VteWatsException(
            ErrorKind.SecretUnavailable,
            "The token of the WATS server holds characters that no token has: blanks, line breaks or letters beyond ASCII.",
            "Copy the token anew from the WATS settings, and see that its file or variable holds nothing else.");
        SecretMask.Add(token);
        try
        {
            var login = System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(token));
            if (login.Any(char.IsControl) || login.Contains('\uFFFD', StringComparison.Ordinal)) return;
            foreach (var secret in (string[])[login, login.Split(':', 2)[^1]])
                if (secret.Length >= ShortestPassword) SecretMask.Add(secret);
        }
        catch (FormatException)
        {
            // No base64: nothing to decode.
        }
    }

    private async Task<WatsResponse> GetAsync(string pathAndQuery, CancellationToken ct)
    {
        var answer = (await QueryAsync(pathAndQuery, LongAnswer, ct).ConfigureAwait(false)).Required();
        return answer.IsSuccess ? answer : throw Failure(answer);
    }
}
