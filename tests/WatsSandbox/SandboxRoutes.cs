using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VteWats.Core.Diagnostics;
using VteWats.Core.Wats.Rules;
using VteWats.WatsSandbox.Query;

namespace VteWats.WatsSandbox;

/// <summary>The routes of the WATS API that a sender of reports uses, answered as a server answers them.</summary>
internal sealed class SandboxRoutes
{
    private static readonly byte[] CaptivePortal =
        Encoding.UTF8.GetBytes("<!DOCTYPE html><html><head><title>Log on</title></head><body><form>Guest network: please log "
        + "on</form></body></html>");

    private readonly SandboxServer _server;
    private readonly SandboxOptions _options;
    private readonly ControlRoutes _control;
    private readonly Queue<DateTimeOffset> _window = [];

    public SandboxRoutes(SandboxServer server)
    {
        _server = server;
        _options = server.Options;
        _control = new ControlRoutes(server);
    }

    public async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        if (path.StartsWith("/sandbox", StringComparison.OrdinalIgnoreCase))
        {
            await _control.AnswerAsync(context, path).ConfigureAwait(false);
            return;
        }
        var exchange = new Exchange(context);
        _server.Requests.Enter();
        try
        {
            await AnswerAsync(exchange, path).ConfigureAwait(false);
        }
        finally
        {
            var isPost = IsReportPost(context.Request, path);
            _server.Requests.Leave(
                new LoggedRequest
                {
                    At = _options.Clock.GetUtcNow(), Method = context.Request.Method, Path = path,
                    Query = context.Request.QueryString.Value ?? "",
                    Correlation = context.Request.Headers["X-Correlation-ID"].FirstOrDefault(), Status = exchange.Cut ? 0
                        : context.Response.StatusCode,
                    ReportId = exchange.ReportId, SerialNumber = exchange.SerialNumber, Stored = exchange.Stored,
                    Hash = exchange.Hash, Order = exchange.Order,
                    LeftByClient = !exchange.Cut && context.RequestAborted.IsCancellationRequested,
                    Fault = exchange.Fault?.Kind,
                },
                isPost);
        }
    }

    private async Task AnswerAsync(Exchange exchange, string path)
    {
        var request = exchange.Context.Request;
        var (delay, fault) = _server.Faults.Draw(request.Method, path, report: null);
        exchange.Fault = fault;
        if (delay > 0) await Task.Delay(delay, exchange.Context.RequestAborted).ConfigureAwait(false);
        switch (fault?.Kind)
        {
            case FaultKind.Status: await RefuseAsync(exchange, fault).ConfigureAwait(false); return;
            case FaultKind.RefuseExpect when request.Headers.Expect.Count > 0:
                await RefuseAsync(exchange, fault with { Status = 417 }).ConfigureAwait(false); return;
            case FaultKind.CutBeforeStoring: exchange.Abort(); return;
            case FaultKind.CaptivePortal:
                await exchange.WriteAsync(200, "text/html; charset=utf-8", CaptivePortal).ConfigureAwait(false);
                return;
        }
        if (OverRateLimit() is { } seconds)
        {
            await RefuseAsync(exchange, new SandboxFault { Status = 429, RetryAfterSeconds = seconds }).ConfigureAwait(false);
            return;
        }
        if ((request.QueryString.Value?.Length ?? 0) > _options.MaxQueryLength)
        {
            await exchange.WriteTextAsync(404, "text/html; charset=us-ascii",
                "<html><body><h2>HTTP Error 404.15 - Not Found</h2>The request filtering module is configured to deny a request where "
                + "the query string is too long.</body></html>").ConfigureAwait(false);
            return;
        }
        // Only the version is told to everybody.
        var isVersion = Is(path, "/api/App/Version");
        if (!isVersion && Unauthorized(request) is { } status)
        {
            var text = status == 401 ? "Authorization has been denied for this request." : "The token lacks the right to do this.";
            await exchange.WriteJsonAsync(status, writer =>
            {
                writer.WriteStartObject(); writer.WriteString("Message", text);
                writer.WriteEndObject();
            }).ConfigureAwait(false);
            return;
        }
        if (isVersion && Get(request))
            await exchange.WriteJsonAsync(200, writer => writer.WriteStringValue("2026.1.5.324")).ConfigureAwait(false);
        else if (IsReportPost(request, path)) await PostAsync(exchange).ConfigureAwait(false);
        else if (Is(path, "/api/Report/Query/Header") && Get(request))
            await HeaderQuery.AnswerAsync(exchange, _server).ConfigureAwait(false);
        else if (path.StartsWith("/api/Report/Wsjf/", StringComparison.OrdinalIgnoreCase) && Get(request))
            await ReportById.AnswerAsync(exchange, _server, path["/api/Report/Wsjf/".Length..]).ConfigureAwait(false);
        else if (Is(path, "/api/App/Processes") && Get(request)) await ProcessesAsync(exchange).ConfigureAwait(false);
        else await exchange.WriteJsonAsync(404, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("Message",
                $"No HTTP resource was found that matches the request URI '{request.Scheme}://{request.Host}{path}'.");
            writer.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private async Task PostAsync(Exchange exchange)
    {
        var body = await exchange.ReadBodyAsync().ConfigureAwait(false);
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body);
        }
        catch (JsonException e)
        {
            await exchange.WriteTextAsync(400, "text/plain; charset=utf-8", $"report: the body is not valid JSON: {e.Message}")
                .ConfigureAwait(false);
            return;
        }
        using (document)
        {
            var report = document.RootElement;
            if (report.ValueKind == JsonValueKind.Object)
            {
                if (report.TryGetProperty("id", out var sent) && sent.ValueKind == JsonValueKind.String && sent.TryGetGuid(out var guid))
                    exchange.ReportId = guid;
                if (report.TryGetProperty("sn", out var sn) && sn.ValueKind == JsonValueKind.String) exchange.SerialNumber = sn.GetString();
            }
            var (delay, fault) = _server.Faults.Draw("POST", exchange.Context.Request.Path.Value!, report);
            if (fault is not null) exchange.Fault = fault;
            if (delay > 0) await Task.Delay(delay, exchange.Context.RequestAborted).ConfigureAwait(false);
            switch (fault?.Kind)
            {
                case FaultKind.Status: await RefuseAsync(exchange, fault).ConfigureAwait(false); return;
                case FaultKind.CutBeforeStoring: exchange.Abort(); return;
                case FaultKind.CaptivePortal:
                    await exchange.WriteAsync(200, "text/html; charset=utf-8", CaptivePortal)
                    .ConfigureAwait(false); return;
                case FaultKind.Refuse:
                    await exchange.WriteTextAsync(400, "text/plain; charset=utf-8", fault.Finding)
                    .ConfigureAwait(false); return;
            }
            var findings = Findings(report);
            if (findings.Count > 0)
            {
                await exchange.WriteTextAsync(400, "text/plain; charset=utf-8", string.Join("\r\n\r\n", findings)).ConfigureAwait(false);
                return;
            }
            var id = exchange.ReportId!.Value;
            var header = ReportHeader.From(report, ProcessName);
            var now = _options.Clock.GetUtcNow();
            var visibleFrom = header.Start > now ? header.Start : now + _server.Faults.HideFor;
            var stored = _server.Store.Put(
                id, header, body.Length, Convert.ToHexStringLower(SHA256.HashData(body)), _options.KeepBodies ? body : null, visibleFrom);
            (exchange.Hash, exchange.Order) = (stored.Hash, stored.Order);
            await exchange.WriteJsonAsync(200, writer => WriteInserted(writer, id, stored.Order)).ConfigureAwait(false);
        }
    }

    private List<string> Findings(JsonElement report)
    {
        if (!_options.Validate) return [];
        var findings = ReportRules.Validate(report, _options.Clock.GetUtcNow()).Where(f => f.Severity == FindingSeverity.Error)
            .Select(f => f.ToString()).ToList();
        if (findings.Count == 0 && report.TryGetProperty("processCode", out var sent) && sent.TryGetInt32(out var code))
        {
            var repair = report.GetProperty("type").GetString() == "R";
            var process = _options.Processes.FirstOrDefault(p => p.Code == code);
            if (process is null || process.State != 1 || (repair ? !process.IsRepair : !process.IsTest))
                findings.Add(string.Create(CultureInfo.InvariantCulture,
                    $"report: processCode {code} must be an active {(repair ? "repair" : "test")} operation of the server."));
            else if (report.TryGetProperty("processName", out var name) && name.ValueKind == JsonValueKind.String
                && name.GetString() != process.Name)
                findings.Add($"report: processName must be '{process.Name}', the name of the operation on the server.");
        }
        return findings;
    }

    private void WriteInserted(Utf8JsonWriter writer, Guid id, long number)
    {
        if (!_options.ObjectAnswer) writer.WriteStartArray();
        writer.WriteStartObject();
        writer.WriteString("ID", id);
        writer.WriteString("uuid", id);
        writer.WriteNumber("Report_ID", number);
        writer.WriteEndObject();
        if (!_options.ObjectAnswer) writer.WriteEndArray();
    }

    private Task ProcessesAsync(Exchange exchange)
    {
        var query = exchange.Context.Request.Query;
        bool Asked(string name) => bool.TryParse(query[name], out var value) && value;
        bool test = Asked("includeTestOperations"), repair = Asked("includeRepairOperations"), wip = Asked("includeWipOperations");
        var all = !test && !repair && !wip;
        var inactive = Asked("includeInactiveProcesses");
        var processes = _options.Processes.Where(p => (inactive || p.State == 1)
            && (all || (test && p.IsTest) || (repair && p.IsRepair) || (wip && p.IsWip)));
        return exchange.WriteJsonAsync(200, writer =>
        {
            writer.WriteStartArray();
            var index = 0;
            foreach (var process in processes)
            {
                writer.WriteStartObject();
                writer.WriteNumber("code", process.Code);
                writer.WriteString("name", process.Name);
                writer.WriteString("description", "");
                writer.WriteBoolean("isTestOperation", process.IsTest);
                writer.WriteBoolean("isRepairOperation", process.IsRepair);
                writer.WriteBoolean("isWipOperation", process.IsWip);
                writer.WriteNumber("processIndex", ++index);
                writer.WriteNumber("state", process.State);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        });
    }

    private static Task RefuseAsync(Exchange exchange, SandboxFault fault)
    {
        if (fault.RetryAfterSeconds is { } seconds)
        {
            exchange.Context.Response.Headers.RetryAfter = fault.RetryAfterAsDate
                ? DateTimeOffset.UtcNow.AddSeconds(seconds).ToString("R", CultureInfo.InvariantCulture)
                : seconds.ToString(CultureInfo.InvariantCulture);
        }
        return exchange.WriteJsonAsync(fault.Status, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("Message", fault.Status switch
            {
                401 => "Authorization has been denied for this request.",
                403 => "The token lacks the right to do this.",
                404 => "No HTTP resource was found that matches the request URI.",
                429 => "Too many requests.",
                _ => "An error has occurred.",
            });
            writer.WriteEndObject();
        }, keepFault: false);
    }

    // Seconds until the window has room again; null when there is room now.
    private int? OverRateLimit()
    {
        var limit = _server.Faults.RequestsPerMinute;
        if (limit <= 0) return null;
        var now = _options.Clock.GetUtcNow();
        lock (_window)
        {
            while (_window.Count > 0 && now - _window.Peek() >= TimeSpan.FromMinutes(1)) _window.Dequeue();
            if (_window.Count >= limit)
                return Math.Max(1, (int)Math.Ceiling((TimeSpan.FromMinutes(1) - (now - _window.Peek())).TotalSeconds));
            _window.Enqueue(now);
            return null;
        }
    }

    private int? Unauthorized(HttpRequest request)
    {
        var sent = request.Headers.Authorization.ToString();
        if (sent == "Basic " + _server.Token) return null;
        return _options.ForbiddenToken is { } forbidden && sent == "Basic " + forbidden ? 403 : 401;
    }

    private string? ProcessName(int code) => _options.Processes.FirstOrDefault(p => p.Code == code)?.Name;
    private static bool Get(HttpRequest request) => HttpMethods.IsGet(request.Method);
    private static bool IsReportPost(HttpRequest request, string path) =>
        HttpMethods.IsPost(request.Method) && Is(path, "/api/Report/WSJF");
    private static bool Is(string path, string route) => path.TrimEnd('/').Equals(route, StringComparison.OrdinalIgnoreCase);
}
