using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using VteWats.Core.Configuration;

namespace VteWats.Core.Assistant;

/// <summary>A site as text of the configuration file: each key with a comment that says why, open decisions as comments.</summary>
internal static class SiteText
{
    /// <summary>How the file spells values.</summary>
    public static readonly JsonSerializerOptions Literal = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>How the file spells names.</summary>
    public static readonly JsonSerializerOptions Naming = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    private static readonly JsonSerializerOptions Indented = new(Literal) { WriteIndented = true };

    // In this order; what is not here comes last.
    private static readonly string[] Order =
        ["connection", "timeZone", "timestampIs", "rows", "initialSince", "schemaProfile", "unfinished", "mapping"];

    /// <summary>The member of <c>sites</c>, with a comma behind it.</summary>
    /// <param name="name">Name of the site.</param>
    /// <param name="connection">Its connection.</param>
    /// <param name="decisions">What goes into it.</param>
    /// <param name="indent">Blanks before its first line.</param>
    public static string Site(string name, JsonObject connection, IEnumerable<SiteDecision> decisions, string indent)
    {
        var text = new StringBuilder();
        var inner = indent + "  ";
        text.Append(indent).Append(JsonValue.Create(name).ToJsonString(Literal)).Append(": {\n");
        ConfigurationTemplate.Comment(text, "Where the test runs are.", inner);
        Member(text, "connection", connection, inner);
        var all = Merged(decisions).OrderBy(d => Place(d.Decision)).ToList();
        foreach (var group in all.GroupBy(d => d.Decision.StartsWith("mapping.", StringComparison.Ordinal) ? "mapping"
            : d.Decision.StartsWith("rows.", StringComparison.Ordinal) ? "rows" : ""))
        {
            if (group.Key.Length == 0) foreach (var decision in group) Decision(text, decision, inner);
            else Group(text, group.Key, group, inner);
        }
        return text.Append(indent).Append("},\n").ToString();
    }

    /// <summary>A decision with its comment, as it stands in its object.</summary>
    public static string Text(SiteDecision decision, string indent)
    {
        var text = new StringBuilder();
        Decision(text, decision, indent);
        return text.ToString();
    }

    /// <summary>Answers to single codes become part of their table; what an answer leaves out is left out.</summary>
    public static IEnumerable<SiteDecision> Merged(IEnumerable<SiteDecision> decisions)
    {
        var all = decisions.ToList();
        foreach (var table in new[] { "mapping.resultCodes", "mapping.stepResultCodes" })
        {
            var codes = all.Where(d => d.Json is not null && d.Decision.StartsWith(table + ".", StringComparison.Ordinal)).ToList();
            if (codes.Count == 0) continue;
            var owner = all.Find(d => d.Decision == table)
                ?? new SiteDecision { Decision = table, Certainty = DecisionCertainty.Given, Evidence = "", Json = new JsonObject() };
            all.RemoveAll(d => d.Decision == table || codes.Contains(d));
            var json = owner.Json!.DeepClone().AsObject();
            foreach (var code in codes) json[code.Decision[(table.Length + 1)..]] = code.Json!.DeepClone();
            var given = string.Join(", ", codes.Select(c => $"{c.Decision[(table.Length + 1)..]} as it was given"));
            all.Add(owner with { Json = json, Evidence = $"{owner.Evidence} {given}.".Trim() });
        }
        return all
            .Where(d => d.Json is not (null or JsonObject { Count: 0 })
                || d.Certainty is DecisionCertainty.Open or DecisionCertainty.Given)
            // What says the same as leaving the key out.
            .Where(d => !(d.Decision == RowsFinder.Key && d.Certainty == DecisionCertainty.Likely))
            .Where(d => !(d.Decision == SentinelFinder.Key && d.Certainty == DecisionCertainty.Certain));
    }

    private static int Place(string key) =>
        Array.FindIndex(Order, o => key == o || key.StartsWith(o + ".", StringComparison.Ordinal)) is >= 0 and var place
            ? place : Order.Length;

    private static void Group(StringBuilder text, string name, IEnumerable<SiteDecision> decisions, string indent)
    {
        if (name == "mapping")
            ConfigurationTemplate.Comment(text, "How test runs become reports; docs/mapping.md tells every key.", indent);
        text.Append(indent).Append('"').Append(name).Append("\": {\n");
        foreach (var decision in decisions) Decision(text, decision, indent + "  ");
        text.Append(indent).Append("},\n");
    }

    private static void Decision(StringBuilder text, SiteDecision decision, string indent)
    {
        var name = decision.Decision[(decision.Decision.IndexOf('.', StringComparison.Ordinal) + 1)..];
        if (decision.Certainty != DecisionCertainty.Open)
        {
            name = name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];
            ConfigurationTemplate.Comment(text, decision.Certainty switch
            {
                DecisionCertainty.Likely => $"Likely: {decision.Evidence}",
                DecisionCertainty.Given when decision.Evidence is not "Given." => $"Given. {decision.Evidence}",
                _ => decision.Evidence,
            }, indent);
            Member(text, name, decision.Json, indent);
            return;
        }
        ConfigurationTemplate.Comment(text,
            $"OPEN {name}: {decision.Evidence} Choices: {string.Join("; ", decision.Choices)}. Take the slashes before the key "
            + "away, and choose.", indent);
        text.Append(indent).Append("// ").Append(Example(decision, name)).Append('\n');
    }

    private static string Example(SiteDecision decision, string name)
    {
        var choice = decision.Choices.Count > 0 ? decision.Choices[0].Value : "";
        // A code stands in its table, which may be above.
        if (name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot)
            return $"a line \"{name[(dot + 1)..]}\": \"{choice}\" in {name[..dot]}";
        var value = name == "defaultProcessCode" ? choice : name == "schemaProfile" ? "{ }"
            : name == "sites" ? $"[\"{choice}\"]" : name == "miscInfos" ? $"{{ \"Order\": \"{choice}\" }}"
            : choice == "refuse" ? "\"NoSerial-{Id}\"" : JsonValue.Create(choice).ToJsonString(Literal);
        return $"\"{name}\": {value},";
    }

    internal static void Member(StringBuilder text, string name, JsonNode? value, string indent)
    {
        if (value is null)
        {
            // Chosen to be nothing.
            text.Append(indent).Append('"').Append(name).Append("\": ").Append(Nothing(name)).Append(",\n");
            return;
        }
        var json = value.ToJsonString(Literal);
        if (json.Length > 60 && value is JsonObject || value is JsonArray { Count: > 0 } list && list[0] is JsonObject)
            json = string.Join('\n' + indent, value.ToJsonString(Indented).Split(["\r\n", "\n"], StringSplitOptions.None));
        text.Append(indent).Append('"').Append(name).Append("\": ").Append(json).Append(",\n");
    }

    /// <summary>How the file says that there is none.</summary>
    internal static string Nothing(string name) => name == "miscInfos" ? "{}" : "null";
}
