using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace VteWats.Core.Wats.Client;

/// <summary>A whole answer of the server, read to its end.</summary>
internal sealed partial record WatsResponse(HttpStatusCode Status, string? MediaType, byte[] Body, TimeSpan? RetryAfter, Uri? Location,
    string Correlation)
{
    private const int LongestPage = 300;
    private const int LongestMarkup = 8 * 1024;

    private static readonly string[] MessageKeys = ["message", "Message", "error", "errors", "detail", "title", "ModelState"];

    // What ASP.NET puts around a message and says nothing about the report.
    private static readonly string[] SilentKeys = ["type", "status", "traceId", "instance"];

    private readonly Lazy<JsonDocument?> _json = new(() => Parsed(Body));

    private Encoding Charset { get; init; } = Encoding.UTF8;

    /// <summary>True when the answer was longer than it may be and <see cref="Body"/> holds its begin.</summary>
    public bool IsCut { get; private init; }

    /// <summary>Reads an answer to its end, or to <paramref name="longest"/> bytes.</summary>
    public static async Task<WatsResponse> ReadAsync(HttpResponseMessage response, int longest, string correlation, CancellationToken ct)
    {
        var body = response.Content.Headers.ContentLength <= longest
            ? await response.Content.ReadAsByteArrayAsync(ct).ConfigureAwait(false)
            : await ReadAsync(response.Content, longest + 1, ct).ConfigureAwait(false);
        var cut = body.Length > longest;
        if (cut) body = body[..longest];
        if (body is [0xEF, 0xBB, 0xBF, ..]) body = body[3..];
        // A date is as far ahead as the server's own clock says.
        var retryAfter = response.Headers.RetryAfter;
        var wait = retryAfter?.Delta ?? (retryAfter?.Date is { } date ? date - (response.Headers.Date ?? DateTimeOffset.UtcNow) : null);
        var type = response.Content.Headers.ContentType;
        return new WatsResponse(response.StatusCode, type?.MediaType, body, wait, response.Headers.Location, correlation)
        {
            IsCut = cut,
            Charset = CharsetOf(type?.CharSet)
        };
    }

    /// <summary>How often the request was sent.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>False for a web page too: a network's log-on page says 200 to everything, and nothing has arrived.</summary>
    public bool IsSuccess => (int)Status is >= 200 and < 300 && !IsHtml;

    /// <summary>A log-on page of a network, or some other web server, instead of WATS.</summary>
    public bool IsHtml => MediaType is "text/html" or "application/xhtml+xml";

    public bool IsRedirect => (int)Status is >= 300 and < 400;

    /// <summary>False for an answer that was cut off or is something else.</summary>
    public bool IsJson => _json.Value is not null;

    /// <summary>Reads the answer; a list may be wrapped as OData does.</summary>
    /// <exception cref="InvalidResponseException">It is well-formed, but not what was asked for.</exception>
    public T ReadJson<T>(Func<JsonElement, T> read)
    {
        try
        {
            var root = _json.Value?.RootElement ?? throw new FormatException("No JSON.");
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("value", out var list)
                && list.ValueKind == JsonValueKind.Array) root = list;
            return read(root);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidResponseException(e);
        }
    }

    /// <summary>True when the answer, a list or an object, names the report <paramref name="id"/> as received.</summary>
    public bool Confirms(Guid id)
    {
        var result = _json.Value?.RootElement ?? default;
        if (result.ValueKind == JsonValueKind.Array) result = result.GetArrayLength() > 0 ? result[0] : default;
        if (result.ValueKind != JsonValueKind.Object) return false;
        foreach (var name in (ReadOnlySpan<string>)["ID", "id", "uuid"])
        {
            if (result.TryGetProperty(name, out var sent) && sent.ValueKind != JsonValueKind.Null)
                return sent.ValueKind == JsonValueKind.String && sent.TryGetGuid(out var received) && received == id;
        }
        return false;
    }

    /// <summary>The error in words, whatever its shape: an object with one of the usual keys, a JSON string, plain text.</summary>
    public string ErrorText()
    {
        var text = Charset.GetString(Body).Trim();
        if (text.Length == 0) return $"HTTP {(int)Status} without a text.";
        if (IsHtml) return $"HTTP {(int)Status} with a web page instead of a message: {WordsOf(text)}";
        return IsCut ? $"{text}\n(The answer goes on; this is its begin.)" : MessageOf(text);
    }

    // The words come first; where an object holds more than the words, all of it follows, because nobody else keeps it.
    private static string MessageOf(string text)
    {
        if (text[0] is not ('{' or '"')) return text;
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind == JsonValueKind.String)
                return json.RootElement.GetString() is { Length: > 0 } words ? words : text;
            var parts = MessageKeys.Where(key => json.RootElement.TryGetProperty(key, out _))
                .Select(key => json.RootElement.GetProperty(key))
                .Select(value => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.ToString())
                .Where(part => part.Trim().Length > 0).ToList();
            var more = json.RootElement.EnumerateObject()
                .Any(property => !MessageKeys.Contains(property.Name) && !SilentKeys.Contains(property.Name));
            if (more || parts.Count == 0) parts.Add(text);
            return string.Join("\n", parts);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    // Who made the page often says so in it, with a number that the network's administrator can look up.
    private static string WordsOf(string page)
    {
        var begin = page.Length <= LongestMarkup ? page : page[..LongestMarkup];
        var words = Blanks().Replace(Markup().Replace(begin, " "), " ").Trim();
        return words.Length <= LongestPage ? words : words[..LongestPage] + "…";
    }

    private static JsonDocument? Parsed(byte[] body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<byte[]> ReadAsync(HttpContent content, int most, CancellationToken ct)
    {
        var stream = await content.ReadAsStreamAsync(ct).ConfigureAwait(false);
        await using var reading = stream.ConfigureAwait(false);
        using var body = new MemoryStream();
        var chunk = new byte[16 * 1024];
        while (body.Length < most)
        {
            var read = await stream.ReadAsync(chunk.AsMemory(0, (int)Math.Min(chunk.Length, most - body.Length)), ct).ConfigureAwait(false);
            if (read == 0) break;
            body.Write(chunk, 0, read);
        }
        return body.ToArray();
    }

    [GeneratedRegex(@"<(script|style)\b.*?</\1\s*>|<[^>]*>", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Markup();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    private static Encoding CharsetOf(string? name)
    {
        try
        {
            // Those of Windows are with the code pages.
            return name is null ? Encoding.UTF8
                : CodePagesEncodingProvider.Instance.GetEncoding(name.Trim('"')) ?? Encoding.GetEncoding(name.Trim('"'));
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8;
        }
    }
}
