using System.Globalization;
using System.Text.Json;

namespace VteWats.WatsSandbox.Query;

/// <summary><c>GET /api/Report/Query/Header</c>: filter, order, page, select, expand.</summary>
internal static class HeaderQuery
{
    private const int DefaultTop = 10;
    private const int MaxTop = 10_000;
    private static readonly string[] Options = ["$filter", "$top", "$skip", "$orderby", "$select", "$expand", "reportType"];
    private static readonly string[] OrderFields = ["start", "uuid", "serialNumber", "timeStamp"];

    public static async Task AnswerAsync(Exchange exchange, SandboxServer server)
    {
        var query = exchange.Context.Request.Query;
        try
        {
            foreach (var name in query.Keys)
            {
                if (!Options.Contains(name, StringComparer.OrdinalIgnoreCase) && name.StartsWith('$'))
                    throw new QueryException($"The query parameter '{name}' is not supported.");
            }
            var (matches, ids) = ODataFilter.Parse(query["$filter"].FirstOrDefault() is { Length: > 0 } filter ? filter
                : "true", server.Options.RefuseIn);
            var top = Number(query["$top"], DefaultTop, "$top");
            if (top > MaxTop) throw new QueryException(
                $"The limit of '{MaxTop}' for Top query has been exceeded. The value from the incoming request is '{top}'.");
            if (server.Faults.MostHeaders is > 0 and var most) top = Math.Min(top, most);
            var skip = exchange.Fault?.Kind == FaultKind.IgnoreSkip ? 0 : Number(query["$skip"], 0, "$skip");
            string? type = query["reportType"].FirstOrDefault()?.ToUpperInvariant() switch
            {
                null or "" => null,
                "U" or "T" => "T",
                "R" =>
                "R",
                var other => throw new QueryException($"reportType '{other}' is not known.")
            };
            var select = Names(query["$select"], HeaderRow.Fields.Keys);
            var expand = Names(query["$expand"], HeaderRow.Lists.Keys);
            var rows = server.Store.Visible(server.Options.Clock.GetUtcNow(), ids)
                .Select(r => new HeaderRow(r))
                .Where(r => (type is null || r.Report.Header.ReportType == type) && matches(r));
            var page = Ordered(rows, query["$orderby"].FirstOrDefault()).Skip(skip).Take(top).ToList();
            await exchange.WriteJsonAsync(200, writer => Write(writer, page, select, expand ?? [])).ConfigureAwait(false);
        }
        catch (QueryException e)
        {
            await exchange.WriteTextAsync(400, "text/plain; charset=utf-8", e.Message).ConfigureAwait(false);
        }
    }

    private static int Number(string? text, int otherwise, string name) =>
        string.IsNullOrEmpty(text) ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n
        : throw new QueryException(
        $"Invalid value '{text}' for {name} query option found. The {name} query option requires a non-negative integer value.");

    private static string[]? Names(string? text, IEnumerable<string> known)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        return [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(name => known.FirstOrDefault(k => k.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new QueryException($"Could not find a property named '{name}'."))];
    }

    private static IOrderedEnumerable<HeaderRow> Ordered(IEnumerable<HeaderRow> rows, string? orderBy)
    {
        IOrderedEnumerable<HeaderRow>? ordered = null;
        foreach (var part in (string.IsNullOrWhiteSpace(orderBy) ? "start desc" : orderBy).Split(',', StringSplitOptions.TrimEntries))
        {
            var words = part.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var name = words.Length is 1 or 2 ? OrderFields.FirstOrDefault(f => f.Equals(words[0], StringComparison.OrdinalIgnoreCase))
                : null;
            if (name is null || (words.Length == 2 && words[1] is not ("asc" or "desc")))
                throw new QueryException($"Order by '{part}' is not allowed. To allow it, set the 'AllowedOrderByProperties' property.");
            var read = HeaderRow.Fields[name].Read;
            var down = words.Length == 2 && words[1] == "desc";
            ordered = ordered is null
                ? down ? rows.OrderByDescending(read, HeaderOrder.Instance) : rows.OrderBy(read, HeaderOrder.Instance)
                : down ? ordered.ThenByDescending(read, HeaderOrder.Instance) : ordered.ThenBy(read, HeaderOrder.Instance);
        }
        return ordered!;
    }

    private static void Write(Utf8JsonWriter writer, IEnumerable<HeaderRow> rows, string[]? select, string[] expand)
    {
        writer.WriteStartArray();
        foreach (var row in rows)
        {
            writer.WriteStartObject();
            foreach (var (name, field) in HeaderRow.Fields)
            {
                if (select is not null && !select.Contains(name)) continue;
                writer.WritePropertyName(name);
                WriteValue(writer, field.Read(row));
            }
            foreach (var name in expand)
            {
                writer.WriteStartArray(name);
                foreach (var item in HeaderRow.Lists[name](row))
                {
                    writer.WriteStartObject();
                    foreach (var (key, value) in item) writer.WriteString(key, value);
                    writer.WriteEndObject();
                }
                writer.WriteEndArray();
            }
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteValue(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case string text: writer.WriteStringValue(text); break;
            case bool flag: writer.WriteBooleanValue(flag); break;
            case double number: writer.WriteNumberValue(number); break;
            case Guid id: writer.WriteStringValue(id); break;
            case DateTimeOffset time:
                writer.WriteStringValue(time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffffzzz",
                CultureInfo.InvariantCulture)); break;
            default: throw new InvalidOperationException("A header field of an unforeseen type.");
        }
    }

    private sealed class HeaderOrder : IComparer<object?>
    {
        public static readonly HeaderOrder Instance = new();

        public int Compare(object? x, object? y) =>
            x is string a && y is string b ? string.Compare(a, b, StringComparison.OrdinalIgnoreCase)
            : Comparer<object?>.Default.Compare(x, y);
    }
}
