using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace VteWats.Core.Configuration;

/// <summary>The keys as a table for <c>docs/configuration.md</c>, made from <see cref="ConfigurationSchema"/>.</summary>
internal static class ConfigurationTable
{
    private static readonly JsonSerializerOptions Naming = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private static readonly JsonSerializerOptions Literal = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public static string Markdown()
    {
        var defaults = JsonSerializer.SerializeToNode(new VteWatsConfiguration { Wats = new WatsConfiguration() }, Naming)!.AsObject();
        var text = new StringBuilder("| Key | Value | Default | Meaning |\n| --- | --- | --- | --- |\n");
        Rows(text, ConfigurationSchema.Root, "", defaults);
        return text.ToString();
    }

    private static void Rows(StringBuilder text, ObjectShape shape, string path, JsonObject? defaults)
    {
        foreach (var (name, known, required) in shape.Keys)
        {
            var at = path + name;
            var value = defaults?[name];
            switch (known)
            {
                case ObjectShape inner:
                    Row(at, "object", required ? "required" : "", inner.Description);
                    Rows(text, inner, at + ".", value as JsonObject);
                    break;
                case MapShape { Value: ObjectShape entry } map:
                    Row(at, "object by name", "", map.Description);
                    Rows(text, entry, at + ".*.", JsonSerializer.SerializeToNode(new SiteConfiguration(), Naming)!.AsObject());
                    break;
                case ListShape { Item: ObjectShape item } list:
                    Row(at, "list of objects", "", $"{list.Description} {item.Description}");
                    Rows(text, item, at + "[].", null);
                    break;
                default:
                    Row(at, Kind(known), required ? "required" : Default(value), known.Description);
                    break;
            }
        }

        void Row(string at, string kind, string standard, string meaning) =>
            text.Append(CultureInfo.InvariantCulture, $"| `{at}` | {kind} | {standard} | {meaning.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
    }

    private static string Default(JsonNode? value) =>
        value is null or JsonArray { Count: 0 } or JsonObject { Count: 0 } ? "" : $"`{value.ToJsonString(Literal)}`";

    private static string Kind(Shape shape) => shape switch
    {
        TextShape { Choices: { } choices } => string.Join(", ", choices),
        TextShape => "text",
        NumberShape number when number.Minimum == double.MinValue => "number",
        NumberShape { Maximum: int.MaxValue } number => string.Create(CultureInfo.InvariantCulture, $"from {number.Minimum}"),
        NumberShape number => string.Create(CultureInfo.InvariantCulture, $"{number.Minimum} to {number.Maximum}"),
        FlagShape => "true or false",
        ListShape list => "list: " + Kind(list.Item),
        MapShape map => "by name: " + Kind(map.Value),
        _ => "object",
    };
}
