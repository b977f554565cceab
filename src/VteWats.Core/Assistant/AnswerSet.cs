using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Assistant;

/// <summary>What the user has decided: answers by the key of the decision.</summary>
internal sealed class AnswerSet
{
    // Answers that mean that there is none: null in the file, so that it is known to be chosen.
    private static readonly HashSet<string> Nothing = new(StringComparer.OrdinalIgnoreCase) { "none", "refuse" };

    private static readonly HashSet<string> Leave = new(StringComparer.OrdinalIgnoreCase)
    {
        "mapping.missingSerialNumber", "mapping.fixtureId", "mapping.testSocketIndex", "mapping.miscInfos",
    };

    private readonly Dictionary<string, JsonNode?> _answers = new(StringComparer.OrdinalIgnoreCase);

    public AnswerSet(IReadOnlyDictionary<string, object?> answers)
    {
        foreach (var (key, value) in answers) _answers[key] = Convert(key, value);
    }

    public bool Has(string key) => _answers.ContainsKey(key);

    public JsonNode? Json(string key) => _answers.GetValueOrDefault(key)?.DeepClone();

    public IEnumerable<string> Texts(string key) => _answers.GetValueOrDefault(key) switch
    {
        JsonArray list => list.Select(item => item!.ToString()),
        null => [],
        var one => [one.ToString()],
    };

    /// <summary>The decisions with the answers in them, and the answers to what was not asked.</summary>
    public IEnumerable<SiteDecision> ApplyTo(IReadOnlyList<SiteDecision> decisions)
    {
        var used = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var decision in decisions)
        {
            used.Add(decision.Decision);
            // What is known of the tables need not be so any more.
            if (!_answers.TryGetValue(decision.Decision, out var answer)
                || decision is { Decision: "schemaProfile", Certainty: DecisionCertainty.Open })
            {
                yield return decision;
                continue;
            }
            var rules = decision.Decision == OperationFinder.Rules ? answer!.AsArray().Concat(decision.Json?.AsArray() ?? []) : null;
            yield return decision with
            {
                Certainty = DecisionCertainty.Given,
                Json = IsNothing(decision.Decision, answer) ? null
                    : rules is not null ? new JsonArray([.. rules.Select(r => r!.DeepClone())]) : answer?.DeepClone(),
            };
        }
        foreach (var (key, answer) in _answers.Where(a => !used.Contains(a.Key)))
        {
            yield return new SiteDecision
            {
                Decision = key, Json = IsNothing(key, answer) ? null : answer?.DeepClone(), Certainty = DecisionCertainty.Given,
                Evidence = "Given.",
            };
        }
    }

    private static bool IsNothing(string key, JsonNode? answer) => answer is null || Leave.Contains(key) && Nothing.Contains(Plain(answer));

    private static string Plain(JsonNode answer) => answer is JsonArray { Count: 1 } one ? one[0]!.ToString() : answer.ToString();

    private static JsonNode? Convert(string key, object? value)
    {
        var json = From(value);
        return key.ToUpperInvariant() switch
        {
            "ROWS.SITES" or "ROWS.STATIONS" or "ROWS.PRODUCTS" when json is JsonValue => new JsonArray(json),
            "MAPPING.DEFAULTPROCESSCODE" when json is JsonValue text => Number(key, text.ToString()),
            // Operation by test plan, as a user writes it.
            "MAPPING.OPERATIONS" when json is JsonObject byPlan => new JsonArray([.. byPlan.Select(p => (JsonNode)new JsonObject
            {
                ["testplan"] = p.Key, ["processCode"] = Number(key, p.Value?.ToString() ?? ""),
            })]),
            "MAPPING.MISCINFOS" when json is JsonValue text && !Nothing.Contains(text.ToString()) =>
                new JsonObject { ["Order"] = text.ToString() },
            _ => json,
        };
    }

    private static JsonValue Number(string key, string text) =>
        int.TryParse(text.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? JsonValue.Create(code)
        : throw new VteWatsException(ErrorKind.InvalidArgument, $"'{text}' is not a valid answer for {key}.",
            "Give the code of a test operation, such as 100; Get-WatsProcess lists them.", key);

    private static JsonNode? From(object? value) => value switch
    {
        null => null,
        JsonNode node => node.DeepClone(),
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        IDictionary map => new JsonObject(map.Keys.Cast<object>().Select(key =>
            KeyValuePair.Create(System.Convert.ToString(key, CultureInfo.InvariantCulture)!, From(map[key])))),
        IEnumerable list => new JsonArray([.. list.Cast<object?>().Select(From)]),
        DateTime time => JsonValue.Create(time.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)),
        DateTimeOffset time => JsonValue.Create(time.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture)),
        _ => JsonSerializer.SerializeToNode(value, value.GetType(), SiteText.Literal),
    };
}
