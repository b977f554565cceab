using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using VteWats.Core.Sync;
using VteWats.Core.Wats.Client;

namespace VteWats.Core.Configuration;

/// <summary>The published JSON schema, made from <see cref="ConfigurationSchema"/>; the defaults are the configuration records'
/// own.</summary>
internal static class ConfigurationJsonSchema
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    private static readonly JsonSerializerOptions Naming = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>The schema as it stands in <c>docs/vtewats.schema.json</c>.</summary>
    public static string Text()
    {
        var defaults = JsonSerializer.SerializeToNode(new VteWatsConfiguration { Wats = new WatsOptions() }, Naming)!;
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "VteWats configuration",
        };
        foreach (var (key, value) in From(ConfigurationSchema.Root, defaults).ToList())
        {
            value?.Parent?.AsObject().Remove(key);
            schema[key] = value;
        }
        return schema.ToJsonString(Layout).ReplaceLineEndings("\n") + "\n";
    }

    private static JsonObject From(ConfigValue shape, JsonNode? defaults)
    {
        var schema = new JsonObject { ["description"] = shape.Description };
        switch (shape)
        {
            case ConfigText text:
                Type(schema, "string", shape);
                if (text.Choices is { } choices) schema["enum"] = new JsonArray([.. choices.Select(c => JsonValue.Create(c))]);
                else schema["minLength"] = 1;
                if (text.Pattern is { } pattern) schema["pattern"] = pattern;
                if (text.MaxLength < 32_767) schema["maxLength"] = text.MaxLength;
                break;
            case ConfigNumber number:
                Type(schema, number.Fraction ? "number" : "integer", shape);
                if (number.Minimum != double.MinValue) schema["minimum"] = number.Minimum;
                if (number.Maximum != double.MaxValue) schema["maximum"] = number.Maximum;
                break;
            case ConfigFlag:
                Type(schema, "boolean", shape);
                break;
            case ConfigList list:
                Type(schema, "array", shape);
                schema["items"] = From(list.Item, null);
                break;
            case ConfigMap map:
                Type(schema, "object", shape);
                if (map.KeyPattern is { } keys) schema["propertyNames"] = new JsonObject { ["pattern"] = keys };
                schema["additionalProperties"] = From(map.Value, DefaultsOf(map));
                break;
            case ConfigObject known:
                Object(schema, known, defaults as JsonObject);
                break;
        }
        if (defaults is JsonValue or JsonArray { Count: > 0 } || shape is ConfigMap && defaults is JsonObject { Count: > 0 })
            schema["default"] = defaults.DeepClone();
        return schema;
    }

    private static void Object(JsonObject schema, ConfigObject shape, JsonObject? defaults)
    {
        Type(schema, "object", shape);
        schema["additionalProperties"] = false;
        var required = shape.Keys.Where(key => key.Required).Select(key => (JsonNode)key.Name).ToArray();
        if (required.Length > 0) schema["required"] = new JsonArray(required);
        if (shape.OneOf.Count > 0)
            schema["oneOf"] = new JsonArray([.. shape.OneOf.Select(key => new JsonObject { ["required"] = new JsonArray(key) })]);
        if (shape.Together.Count > 0)
        {
            schema["dependentRequired"] = new JsonObject(shape.Together.Select(pair =>
                KeyValuePair.Create<string, JsonNode?>(pair.Key, new JsonArray(pair.Needs))));
        }
        schema["properties"] = new JsonObject(shape.Keys.Select(key =>
            KeyValuePair.Create<string, JsonNode?>(key.Name, From(key.Shape, defaults?[key.Name]))));
    }

    // A site is the only value of a map that has defaults of its own.
    private static JsonNode? DefaultsOf(ConfigMap map) =>
        map.Value is ConfigObject ? JsonSerializer.SerializeToNode(new SiteOptions(), Naming) : null;

    private static void Type(JsonObject schema, string type, ConfigValue shape) =>
        schema["type"] = shape.OrNull ? new JsonArray(type, "null") : type;
}
