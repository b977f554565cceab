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
    private readonly VteWatsLog _log;
    private readonly ExistingReports _existing;

    private WatsClient(Uri baseUrl, HttpClient http, WatsRequestExecutor call, VteWatsLog log)
    {
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
    /// <exception cref="VteWatsException"><c>ConfigurationInvalid</c>: the base URL is not an http or https URL.</exception>
    public static WatsClient Create(WatsOptions wats, string token, string? proxyPassword = null, VteWatsLog? log = null) =>
        Create(wats, token, proxyPassword, log, RetryTiming.Default);

    internal static WatsClient Create(WatsOptions wats, string token, string? proxyPassword, VteWatsLog? log, RetryTiming timing)
    {
        var baseUrl = WatsAddress.Parse(wats.BaseUrl);
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
        return new WatsClient(baseUrl, http, new WatsRequestExecutor(baseUrl, http, wats, timing, ours), ours);
    }

    /// <summary>Version of the server. It needs no right and shows that the address is a WATS server's.</summary>
    public async Task<string> GetVersionAsync(CancellationToken ct)
    {
        var answer = await GetAsync("api/App/Version", ct).ConfigureAwait(false);
        return Read(answer, json => json.ValueKind == JsonValueKind.String ? json.GetString()! : json.ToString());
    }

    /// <summary>Posts one report. A refusal of its content is a result, not an exception.</summary>
    /// <param name="id">Id of the report; the server's answer must name it.</param>
    /// <param name="wsjf">The report as WSJF.</param>
    /// <param name="observer">Told of every attempt; may be null.</param>
    /// <param name="ct">Ends the call, between attempts and within one.</param>
    /// <exception cref="VteWatsException">The server cannot be used: unreachable, unauthorised, throttled, not WATS.</exception>
    public async Task<PostResult> PostAsync(Guid id, byte[] wsjf, IAttemptObserver? observer, CancellationToken ct)
    {
        var answer = await _call.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Post, "api/Report/WSJF")
            {
                Content = new ByteArrayContent(wsjf) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
                Headers = { ExpectContinue = wsjf.Length > LargeReport ? true : null },
            },
            answer => answer.IsSuccess && !answer.Confirms(id),
            observer, ShortAnswer, ct).ConfigureAwait(false);
        if (answer.IsSuccess) return new PostResult(answer.Attempts, null, answer.Correlation);
        if (answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity)
        {
            // A web page with 400 is from something in between; with 413 it is the usual answer of a web server before WATS.
            if (answer.IsHtml && answer.Status != HttpStatusCode.RequestEntityTooLarge) throw Failure(answer);
            var findings = SecretMask.Scrub(answer.ErrorText());
            if (answer.Status == HttpStatusCode.RequestEntityTooLarge)
                findings = $"The report is too large for the server (413). {findings}".TrimEnd();
            _log.Warning("Request {Correlation}: the report of test run {RunId} is refused: {Findings}", answer.Correlation, id, findings);
            return new PostResult(answer.Attempts, findings, answer.Correlation);
        }
        throw Failure(answer, id);
    }

    /// <summary>Those of <paramref name="ids"/> that WATS has. A report that was just posted may not show yet.</summary>
    public Task<IReadOnlySet<Guid>> FindExistingAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) => _existing.FindAsync(ids, ct);

    /// <summary>The verdicts, in the words that WATS lists, of those of <paramref name="ids"/> that it has.</summary>
    public async Task<IReadOnlyDictionary<Guid, string?>> FindResultsAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        await _existing.FindResultsAsync(ids, ct).ConfigureAwait(false);

    /// <summary>The WSJF text of a report; null when WATS does not have it (yet).</summary>
    public async Task<byte[]?> GetReportAsync(Guid id, CancellationToken ct)
    {
        var answer = await _call.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, $"api/Report/Wsjf/{id:D}"), null, null, LongAnswer,
            ct).ConfigureAwait(false);
        if (answer.Status == HttpStatusCode.NotFound) return null;
        if (!answer.IsSuccess) throw Failure(answer);
        return answer.Body;
    }

    /// <summary>Active test operations of the server.</summary>
    public async Task<IReadOnlyList<WatsProcess>> GetProcessesAsync(CancellationToken ct, bool includeAll = false)
    {
        var query = includeAll ? "?includeTestOperations=true&includeRepairOperations=true&includeWipOperations=true&includeInactiveProcesses=true" : "?includeTestOperations=true";
        var answer = await GetAsync("api/App/Processes" + query, ct).ConfigureAwait(false);
        return Read<IReadOnlyList<WatsProcess>>(answer, json => List(json.Deserialize(WatsJsonContext.Default.ListWatsProcess)));
    }

    /// <summary>One page of report headers.</summary>
    public async Task<IReadOnlyList<WatsReportHeader>> QueryHeadersAsync(string filter, string orderBy, int top, int skip,
        CancellationToken ct)
    {
        var query = FormattableString.Invariant(
            $"api/Report/Query/Header?$filter={Uri.EscapeDataString(filter)}&$orderby={Uri.EscapeDataString(orderBy)}&$top={top}&$skip={skip}");
        var answer = await GetAsync(query, ct).ConfigureAwait(false);
        return Read<IReadOnlyList<WatsReportHeader>>(answer, json => List(json.Deserialize(WatsJsonContext.Default.ListWatsReportHeader)));
    }

    public void Dispose() => _http.Dispose();

    internal Task<WatsResponse> QueryAsync(string pathAndQuery, CancellationToken ct) => QueryAsync(pathAndQuery, ShortAnswer, ct);

    private Task<WatsResponse> QueryAsync(string pathAndQuery, int longest, CancellationToken ct) =>
        _call.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, pathAndQuery), answer => answer.IsSuccess && !answer.IsJson, null,
        longest, ct);

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
    internal VteWatsException Failure(WatsResponse answer, Guid? report = null)
    {
        var failure = WatsFailures.From(answer, BaseUrl, report);
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
        var answer = await QueryAsync(pathAndQuery, LongAnswer, ct).ConfigureAwait(false);
        return answer.IsSuccess ? answer : throw Failure(answer);
    }
}

/// <summary>What became of a post: accepted, or refused with the server's text in full.</summary>
/// <param name="Attempts">How often it was posted.</param>
/// <param name="Findings">The server's findings; null when the report was accepted.</param>
/// <param name="Correlation">Id of the request, as the log and the server's own log have it.</param>
public sealed record PostResult(int Attempts, string? Findings, string Correlation)
{
    public bool IsAccepted => Findings is null;
}

/// <summary>Is told of each attempt at a post, so that the sender can follow what the server bears.</summary>
public interface IAttemptObserver
{
    /// <param name="status">HTTP status; 0 when there was no answer.</param>
    /// <param name="latency">From sending to the whole answer.</param>
    void Attempted(int status, TimeSpan latency);

    /// <summary>Cancelled once the pipeline stops: what is under way may end, and nothing is tried again.</summary>
    CancellationToken Halt { get; }
}
