using System.Net;
using System.Text;
using System.Text.Json;

namespace VteWats.Core.Wats.Client;

/// <summary>A whole answer of the server, read to its end.</summary>
internal sealed record WatsAnswer(HttpStatusCode Status, string? MediaType, byte[] Body, TimeSpan? RetryAfter, Uri? Location, string Correlation)
{
    private static readonly string[] MessageKeys = ["message", "Message", "error", "errors", "detail", "title"];

    /// <summary>How often the request was sent.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>False for a web page too: a network's log-on page says 200 to everything, and nothing has arrived.</summary>
    public bool IsSuccess => (int)Status is >= 200 and < 300 && !IsHtml;

    /// <summary>A log-on page of a network, or some other web server, instead of WATS.</summary>
    public bool IsHtml => MediaType is "text/html" or "application/xhtml+xml";

    public bool IsRedirect => (int)Status is >= 300 and < 400;

    /// <summary>False for an answer that was cut off or is something else.</summary>
    public bool IsJson
    {
        get
        {
            try
            {
                using var json = JsonDocument.Parse(Body);
                return true;
            }
            catch (JsonException)
            {
                return false;
            }
        }
    }

    public T ReadJson<T>(Func<JsonElement, T> read)
    {
        using var json = JsonDocument.Parse(Body);
        return read(json.RootElement);
    }

    /// <summary>True when the answer, a list or an object, names the report <paramref name="id"/> as received.</summary>
    public bool Confirms(Guid id)
    {
        try
        {
            using var json = JsonDocument.Parse(Body);
            var result = json.RootElement;
            if (result.ValueKind == JsonValueKind.Array) result = result.GetArrayLength() > 0 ? result[0] : default;
            if (result.ValueKind != JsonValueKind.Object) return false;
            foreach (var name in (ReadOnlySpan<string>)["ID", "id", "uuid"])
            {
                if (result.TryGetProperty(name, out var sent)) return sent.ValueKind == JsonValueKind.String && sent.TryGetGuid(out var received) && received == id;
            }
            return false;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The error in words, whatever its shape: an object with one of the usual keys, a JSON string, plain text.</summary>
    public string ErrorText()
    {
        var text = Encoding.UTF8.GetString(Body).Trim().TrimStart('\uFEFF');
        if (text.Length == 0) return $"HTTP {(int)Status} without a text.";
        if (IsHtml) return $"HTTP {(int)Status} with a web page instead of a message.";
        if (text[0] is not ('{' or '"')) return text;
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind == JsonValueKind.String) return json.RootElement.GetString()!;
            var parts = MessageKeys.Where(key => json.RootElement.TryGetProperty(key, out _)).Select(key => json.RootElement.GetProperty(key))
                .Select(value => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.ToString()).ToList();
            if (json.RootElement.TryGetProperty("ModelState", out var state)) parts.Add(state.ToString());
            return parts.Count > 0 ? string.Join("\n", parts) : text;
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
