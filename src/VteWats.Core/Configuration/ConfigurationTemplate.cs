using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using VteWats.Core.Sync;
using VteWats.Core.Wats.Client;

namespace VteWats.Core.Configuration;

/// <summary>Writes a first <c>vtewats.json</c>: what is given, and every other key as a comment with its meaning and default.</summary>
internal static class ConfigurationTemplate
{
    private const int Width = 140;

    private static readonly JsonSerializerOptions Naming = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private static readonly JsonSerializerOptions Literal = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <param name="given">The values to write, shaped like the file; all that is required is among them.</param>
    public static string Text(JsonObject given)
    {
        var defaults = JsonSerializer.SerializeToNode(new VteWatsConfiguration { Wats = new WatsOptions() }, Naming)!.AsObject();
        var text = new StringBuilder();
        Comment(text, ConfigurationSchema.Root.Description
            + " Lines that begin with // are comments: take the slashes away to set a value other than the default.", "");
        text.Append("{\n");
        Keys(text, ConfigurationSchema.Root, given, defaults, "  ");
        return text.Append("}\n").ToString();
    }

    private static void Keys(StringBuilder text, ConfigObject shape, JsonObject given, JsonObject? defaults, string indent)
    {
        foreach (var (name, known, _) in shape.Keys)
        {
            var value = given[name];
            Comment(text, known.Description, indent);
            switch (known)
            {
                // What is not there, and would have to be whole if it were, has its keys explained.
                case ConfigObject { OrNull: true } absent when value is null:
                    Explain(absent);
                    goto default;
                case ConfigMap { Value: ConfigObject entry } when value is null && name == "webhooks":
                    Explain(entry);
                    goto default;
                // Also those of which nothing is given: shown, so that nobody has to look the keys up.
                case ConfigObject inner:
                    Open(name);
                    Keys(text, inner, value as JsonObject ?? [], defaults?[name] as JsonObject, indent + "  ");
                    Close();
                    break;
                case ConfigMap { Value: ConfigObject entry } when value is JsonObject entries:
                    Open(name);
                    foreach (var (key, content) in entries)
                    {
                        text.Append(indent).Append("  ").Append(Json(key)).Append(": {\n");
                        Keys(text, entry, content!.AsObject(), JsonSerializer.SerializeToNode(new SiteOptions(), Naming)!.AsObject(),
                            indent + "    ");
                        text.Append(indent).Append("  },\n");
                    }
                    Close();
                    break;
                default:
                    text.Append(indent).Append(value is null ? "// " : "").Append(Json(name)).Append(": ")
                        .Append(Json(value ?? defaults?[name])).Append(",\n");
                    break;
            }
        }

        void Explain(ConfigObject entry)
        {
            foreach (var (key, inner, _) in entry.Keys) Comment(text, $"- {Json(key)}: {inner.Description}", indent);
        }

        void Open(string name) => text.Append(indent).Append(Json(name)).Append(": {\n");
        void Close() => text.Append(indent).Append("},\n");
    }

    private static string Json(JsonNode? value) => value?.ToJsonString(Literal) ?? "null";

    internal static void Comment(StringBuilder text, string sentence, string indent)
    {
        var line = new StringBuilder();
        // What a database holds may hold anything: a line break would end the comment.
        var clean = new string([.. sentence.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c)]);
        foreach (var word in clean.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && indent.Length + 3 + line.Length + 1 + word.Length > Width) Flush();
            if (line.Length > 0) line.Append(' ');
            line.Append(word);
        }
        Flush();

        void Flush()
        {
            text.Append(indent).Append("// ").Append(line).Append('\n');
            line.Clear();
        }
    }
}
