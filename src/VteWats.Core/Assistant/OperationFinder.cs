using System.Globalization;
using System.Text.Json.Nodes;
using VteWats.Core.Assistant.Schema;
using VteWats.Core.Vte;
using VteWats.Core.Wats.Client;

namespace VteWats.Core.Assistant;

/// <summary>Which test operation of WATS a test plan belongs to: by the words of their names.</summary>
internal static class OperationFinder
{
    public const string Rules = "mapping.operations", Default = "mapping.defaultProcessCode";
    private const double Alike = 0.6, Margin = 0.15;

    // Words that all of them have, and that tell nothing.
    private static readonly HashSet<string> Common = new(StringComparer.Ordinal)
    {
        "test", "tests", "testing", "operation", "plan", "program", "old", "new", "and", "for",
    };

    private static readonly Dictionary<string, string[]> Short = new(StringComparer.Ordinal)
    {
        ["ict"] = ["in", "circuit"], ["eol"] = ["end", "line"], ["fct"] = ["functional"], ["fvt"] = ["final"], ["cal"] = ["calibration"],
        ["rin"] = ["run", "in"], ["burnin"] = ["burn", "in"], ["incircuit"] = ["in", "circuit"], ["funktion"] = ["functional"],
        ["endpruefung"] = ["final"], ["kalibrierung"] = ["calibration"], ["pcba"] = ["pcba"], ["hipot"] = ["hipot"],
    };

    public static IEnumerable<SiteDecision> Decide(PlantSample sample)
    {
        var operations = sample.Operations.Where(o => o.TakesTests && !string.IsNullOrWhiteSpace(o.Name))
            .OrderBy(o => o.Code).ToList();
        if (operations.Count == 0)
        {
            yield return Open("WATS names no active test operation. Get-WatsProcess lists what it has.", operations);
            yield break;
        }
        if (operations.Count == 1)
        {
            yield return new SiteDecision
            {
                Decision = Default, Json = JsonValue.Create(operations[0].Code), Certainty = DecisionCertainty.Certain,
                Evidence = $"'{operations[0].Name}' is the only active test operation of the WATS server.",
                Plans = [.. sample.Runs.Take(1)],
            };
            yield break;
        }
        var plans = sample.Runs.Select(r => r.Testplan.Name?.Trim()).Where(n => !string.IsNullOrEmpty(n)).OfType<string>()
            .GroupBy(n => n, StringComparer.OrdinalIgnoreCase).OrderByDescending(g => g.Count()).Select(g => g.Key).ToList();
        var matched = plans.Select(p => (Plan: p, Operation: Best(p, operations))).ToList();
        var rules = matched.Where(m => m.Operation is not null).GroupBy(m => m.Operation!.Code)
            .SelectMany(g => Patterns([.. g.Select(m => m.Plan)], g.First().Operation!, plans)
                .Select(pattern => (Pattern: pattern, g.First().Operation!.Code))).ToList();
        if (rules.Count > 0) yield return new SiteDecision
        {
            Decision = Rules, Certainty = DecisionCertainty.Likely,
            Json = new JsonArray([.. rules.Select(r => (JsonNode)new JsonObject { ["testplan"] = r.Pattern, ["processCode"] = r.Code })]),
            Evidence = string.Join(" ", matched.Where(m => m.Operation is not null).Take(8)
                .Select(m => $"Test plan {NameFinder.Short(m.Plan)} is named like operation {Text(m.Operation!)}.")),
            Plans = [.. matched.Where(m => m.Operation is not null).Select(m => RunOf(sample, m.Plan))],
        };
        var left = matched.Where(m => m.Operation is null).Select(m => m.Plan).ToList();
        var nameless = sample.Runs.Count(r => string.IsNullOrWhiteSpace(r.Testplan.Name));
        if (left.Count > 0 || nameless > 0) yield return Open((left.Count == 0 ? "" : $"Test plans without an operation of a like name: "
            + $"{string.Join(", ", left.Take(8).Select(NameFinder.Short))}{(left.Count > 8 ? " and more" : "")}.")
            + (nameless == 0 ? "" : $" {NameFinder.Of(nameless, sample.Runs.Count)} have no test plan name."), operations) with
        {
            Plans = [.. left.Select(plan => RunOf(sample, plan)),
                .. sample.Runs.Where(r => string.IsNullOrWhiteSpace(r.Testplan.Name)).Take(1)],
        };
    }

    private static VteTestRun RunOf(PlantSample sample, string plan) =>
        sample.Runs.First(r => plan.Equals(r.Testplan.Name?.Trim(), StringComparison.OrdinalIgnoreCase));

    private static SiteDecision Open(string evidence, List<WatsProcess> operations) => new()
    {
        Decision = Default, Certainty = DecisionCertainty.Open,
        Evidence = evidence.Trim()
            + " They are refused while nothing is chosen. This is for all of them; mapping.operations tells plans apart.",
        Choices = [.. operations.Select(o => new DecisionChoice(o.Code.ToString(CultureInfo.InvariantCulture), o.Name!))],
    };

    private static WatsProcess? Best(string plan, List<WatsProcess> operations)
    {
        var scores = operations.Select(o => (Operation: o, Score: Likeness(Words(plan), Words(o.Name!)))).OrderByDescending(o => o.Score)
            .Take(2).ToList();
        return scores[0].Score >= Alike && scores[0].Score - scores[1].Score >= Margin ? scores[0].Operation : null;
    }

    // The share of the operation's words that the plan has.
    private static double Likeness(List<string> plan, List<string> operation)
    {
        if (operation.Count == 0) return 0;
        var hits = operation.Count(word => plan.Any(p => p == word || p.Length > 4 && word.Length > 4
            && (p.StartsWith(word, StringComparison.Ordinal) || word.StartsWith(p, StringComparison.Ordinal))));
        return (double)hits / operation.Count;
    }

    private static List<string> Words(string name) =>
        [.. NameHints.Words(name).SelectMany(w => Short.GetValueOrDefault(w) ?? [w]).Where(w => !Common.Contains(w)).Distinct()];

    // The words that the names of the plans share, where no other plan has them; else the names one by one.
    private static IEnumerable<string> Patterns(List<string> plans, WatsProcess operation, List<string> all)
    {
        if (plans.Count < 2) return plans.Select(Escaped);
        var first = plans[0];
        var shared = NameHints.Words(operation.Name!).Select(w => first.IndexOf(w, StringComparison.OrdinalIgnoreCase)).Where(i => i >= 0)
            .DefaultIfEmpty(-1).Min();
        for (var length = shared < 0 ? 0 : first.Length - shared; length >= 4; length--)
        {
            var part = first.Substring(shared, length);
            var having = all.Where(p => p.Contains(part, StringComparison.OrdinalIgnoreCase)).ToList();
            if (part == part.Trim() && having.Count == plans.Count && having.TrueForAll(plans.Contains)) return [$"*{Escaped(part)}*"];
        }
        return plans.Select(Escaped);
    }

    // A star in a name would match others, too: a question mark stands for any one sign.
    private static string Escaped(string name) => name.Replace('*', '?').Trim('/');

    private static string Text(WatsProcess operation) =>
        string.Create(CultureInfo.InvariantCulture, $"{operation.Code} '{operation.Name}'");
}
