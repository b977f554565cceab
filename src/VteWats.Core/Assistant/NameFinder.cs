using System.Globalization;
using System.Text.Json.Nodes;
using VteWats.Core.Mapping;
using VteWats.Core.Vte;

namespace VteWats.Core.Assistant;

/// <summary>What part number, revision and serial number are made of.</summary>
internal static class NameFinder
{
    public static IEnumerable<SiteDecision> Decide(PlantSample sample)
    {
        var runs = sample.Runs;
        if (runs.Count == 0) yield break;
        yield return PartNumber(runs);
        yield return Revision(runs);
        var nameless = runs.Count(r => string.IsNullOrWhiteSpace(r.SerialNumber));
        if (nameless > 0) yield return new SiteDecision
        {
            Decision = "mapping.missingSerialNumber", Certainty = DecisionCertainty.Open,
            Evidence = $"{Of(nameless, runs.Count)} have no serial number. WATS needs one.",
            Choices =
            [
                new("refuse", "each of them becomes a dead letter; this is so while nothing is chosen"),
                new("NoSerial-{Id}", "each becomes a unit of its own"),
            ],
        };
    }

    private static SiteDecision PartNumber(IReadOnlyList<VteTestRun> runs)
    {
        var (names, types) = (Distinct(runs, r => r.Product.Name), Distinct(runs, r => r.Product.Type));
        var evidence = $"Product.Name has {Count(names.Count)} values such as {Examples(names)}; Product.Type has {Count(types.Count)}"
            + (types.Count == 0 ? "." : $" such as {Examples(types)}.");
        // A number has digits; a family is a word, and there are fewer of them.
        var numbersInType = types.Count > names.Count && Digits(types) > 0.7 && Digits(names) < 0.3;
        return numbersInType
            ? new SiteDecision
            {
                Decision = "mapping.partNumber", Certainty = DecisionCertainty.Open,
                Evidence = evidence + " The types look more like part numbers than the names do.",
                Choices = [new("{Product.Type}", "such as " + types[0]), new("{Product.Name}", "such as " + names[0])],
            }
            : new SiteDecision
            {
                Decision = "mapping.partNumber", Json = JsonValue.Create("{Product.Name}"), Evidence = evidence,
                Certainty = Digits(names) > 0.5 ? DecisionCertainty.Certain : DecisionCertainty.Likely,
            };
    }

    private static SiteDecision Revision(IReadOnlyList<VteTestRun> runs)
    {
        var versions = Distinct(runs, r => r.Product.Version);
        var without = runs.Count(r => string.IsNullOrWhiteSpace(r.Product.Version));
        var standard = new MappingOptions();
        return new SiteDecision
        {
            Decision = "mapping.revision", Json = JsonValue.Create("{Product.Version}"),
            Certainty = without == 0 ? DecisionCertainty.Certain : DecisionCertainty.Likely,
            Evidence = versions.Count == 0 ? $"No product has a version: '{standard.MissingRevision}' stands for it."
                : $"Product.Version has {Count(versions.Count)} values such as {Examples(versions)}"
                    + (without == 0 ? "." : $"; for {Of(without, runs.Count)}, which have none, '{standard.MissingRevision}' stands."),
        };
    }

    private static List<string> Distinct(IEnumerable<VteTestRun> runs, Func<VteTestRun, string?> field) =>
    [
        .. runs.Select(field).Where(v => !string.IsNullOrWhiteSpace(v)).GroupBy(v => v!.Trim()).OrderByDescending(g => g.Count())
            .Select(g => g.Key),
    ];

    private static double Digits(List<string> values) => values.Count == 0 ? 0
        : (double)values.Count(v => v.Any(char.IsDigit)) / values.Count;

    private static string Examples(List<string> values) => string.Join(", ", values.Take(3).Select(Short));

    internal static string Short(string text) => $"'{(text.Length > 40 ? text[..40] + "..." : text)}'";

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);

    internal static string Of(int some, int all) => string.Create(CultureInfo.InvariantCulture, $"{some} of {all} runs");
}
