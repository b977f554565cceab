using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using VteWats.Core.Sync;
using VteWats.Core.Wats.Client;

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
        var defaults = JsonSerializer.SerializeToNode(new VteWatsConfiguration { Wats = new WatsOptions() }, Naming)!.AsObject();
        var text = new StringBuilder("| Key | Value | Default | Meaning |\n| --- | --- | --- | --- |\n");
        Rows(text, ConfigurationSchema.Root, "", defaults);
        return text.ToString();
    }

    private static void Rows(StringBuilder text, ConfigObject shape, string path, JsonObject? defaults)
    {
        foreach (var (name, known, required) in shape.Keys)
        {
            var at = path + name;
            var value = defaults?[name];
            switch (known)
            {
                case ConfigObject inner:
                    Row(at, "object", required ? "required" : "", inner.Description);
                    Rows(text, inner, at + ".", value as JsonObject);
                    break;
                case ConfigMap { Value: ConfigObject entry } map:
                    Row(at, "object by name", "", map.Description);
                    Rows(text, entry, at + ".*.", JsonSerializer.SerializeToNode(new SiteOptions(), Naming)!.AsObject());
                    break;
                case ConfigList { Item: ConfigObject item } list:
                    Row(at, "list of objects", "", $"{list.Description} {item.Description}");
                    Rows(text, item, at + "[].", null);
                    break;
                default:
                    Row(at, Kind(known), required ? "required" : Default(value), known.Description);
                    break;
            }
        }

        void Row(string at, string kind, string standard, string meaning) =>
            text.Append(CultureInfo.InvariantCulture,
            $"| `{at}` | {kind} | {standard} | {meaning.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
    }

    private static string Default(JsonNode? value) =>
        value is null or JsonArray { Count: 0 } or JsonObject { Count: 0 } ? "" : $"`{value.ToJsonString(Literal)}`";

    private static string Kind(ConfigValue shape) => shape switch
    {
        ConfigText { Choices: { } choices } => string.Join(", ", choices),
        ConfigText => "text",
        ConfigNumber number when number.Minimum == double.MinValue => "number",
        ConfigNumber { Maximum: int.MaxValue } number => string.Create(CultureInfo.InvariantCulture, $"from {number.Minimum}"),
        ConfigNumber number => string.Create(CultureInfo.InvariantCulture, $"{number.Minimum} to {number.Maximum}"),
        ConfigFlag => "true or false",
        ConfigList list => "list: " + Kind(list.Item),
        ConfigMap map => "by name: " + Kind(map.Value),
        _ => "object",
    };
}
