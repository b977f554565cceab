using System.Globalization;
using System.Text.Json.Nodes;
using VteWats.Core.Mapping;
using VteWats.Core.Vte;

namespace VteWats.Core.Assistant;

/// <summary>Numbers that stand for no value, or for no limit: far outside of all else at their step, and the same again and
/// again.</summary>
internal static class SentinelFinder
{
    public const string Key = "mapping.sentinels";

    private const int Fewest = 3;

    // So much further from the middle than the range that the step's other figures have.
    private const double Far = 50;

    public static SiteDecision Decide(PlantSample sample)
    {
        var standard = new MappingOptions();
        var judge = new VerdictRules(standard);
        var values = new Dictionary<double, HashSet<string>>();
        var counts = new Dictionary<double, int>();
        foreach (var step in Steps(sample, judge))
        {
            var usual = Usual(step.Rows);
            foreach (var figure in step.Rows.SelectMany(Figures).Where(f => IsFar(f, usual))) Add(figure, step.Name);
        }
        var found = counts.Where(c => c.Value >= Fewest && (values[c.Key].Count >= 2 || c.Value >= 2 * Fewest) && IsRound(c.Key))
            .Select(c => c.Key).Order().ToList();
        var known = sample.Runs.SelectMany(r => r.Steps ?? []).OfType<VteNumericStep>().SelectMany(Figures)
            .Where(f => judge.WhyUnusable(f) is not null).GroupBy(f => f)
            .Select(g => $"{Text(g.Key)} {Times(g.Count())}").Take(4).ToList();
        var evidence = found.Count == 0 ? "No other number lies far outside and repeats."
            : string.Join(" ", found.Select(f => $"{Text(f)} stands {Times(counts[f])} at "
                + $"{values[f].Count.ToString(CultureInfo.InvariantCulture)} steps, far outside of all else there."));
        if (known.Count > 0) evidence += $" Known ones that were met: {string.Join(", ", known)}.";
        return new SiteDecision
        {
            Decision = Key,
            Json = new JsonArray([.. standard.Sentinels.Concat(found).Select(s => (JsonNode)JsonValue.Create(s))]),
            Certainty = found.Count == 0 ? DecisionCertainty.Certain : DecisionCertainty.Likely,
            Evidence = evidence,
        };

        void Add(double figure, string step)
        {
            counts[figure] = counts.GetValueOrDefault(figure) + 1;
            if (!values.TryGetValue(figure, out var steps)) values[figure] = steps = new HashSet<string>(StringComparer.Ordinal);
            steps.Add(step);
        }
    }

    private static IEnumerable<(string Name, List<VteNumericStep> Rows)> Steps(PlantSample sample, VerdictRules judge) =>
        sample.Runs.SelectMany(run => (run.Steps ?? []).OfType<VteNumericStep>().Select(step => (run.Testplan.Name, Step: step)))
            .Where(row => judge.WhyUnusable(row.Step.Value) is null || row.Step.LowLimit is not null || row.Step.HighLimit is not null)
            .GroupBy(row => $"{row.Name}/{row.Step.StepNumber}/{row.Step.Name}", row => row.Step)
            .Select(group => (group.Key, group.ToList()));

    private static IEnumerable<double> Figures(VteNumericStep step)
    {
        if (step.Value is { } value && double.IsFinite(value)) yield return value;
        if (step.LowLimit is { } low && double.IsFinite(low)) yield return low;
        if (step.HighLimit is { } high && double.IsFinite(high)) yield return high;
    }

    // The middle of the values, and how far they go: by ranks, which a few sentinels do not move.
    private static (double Middle, double Range)? Usual(List<VteNumericStep> rows)
    {
        var values = rows.Select(r => r.Value).OfType<double>().Where(double.IsFinite).Order().ToList();
        if (values.Count < 4) return null;
        var middle = values[values.Count / 2];
        var range = Math.Max(values[values.Count * 3 / 4] - values[values.Count / 4], 0.01 * Math.Abs(middle));
        var limits = rows.Select(r => (r.LowLimit, r.HighLimit)).Where(l => l.LowLimit is not null && l.HighLimit is not null)
            .Select(l => Math.Abs(l.HighLimit!.Value - l.LowLimit!.Value)).Where(w => w > 0).Order().ToList();
        // A pair of limits of which one is a sentinel is far wider than what is measured.
        if (limits.Count > 0 && limits[limits.Count / 2] < 1000 * Math.Max(range, 1e-12)) range = Math.Max(range, limits[limits.Count / 2]);
        return (middle, Math.Max(range, 1e-12));
    }

    private static bool IsFar(double figure, (double Middle, double Range)? usual) =>
        usual is var (middle, range) && Math.Abs(figure - middle) > Far * range && Math.Abs(figure) > 20 * Math.Abs(middle)
        && Math.Abs(figure) >= 90 && new VerdictRules(new MappingOptions()).WhyUnusable(figure) is null;

    // What somebody has typed has few digits: 9999, -999, 1E30.
    private static bool IsRound(double figure) =>
        figure.ToString("E3", CultureInfo.InvariantCulture) is var text
        && Math.Abs(double.Parse(text, CultureInfo.InvariantCulture) - figure) <= 1e-6 * Math.Abs(figure)
        || figure.ToString("R", CultureInfo.InvariantCulture).Trim('-').Replace(".", "", StringComparison.Ordinal).TrimEnd('0')
            .Distinct().Count() <= 2;

    private static string Text(double figure) => figure.ToString("R", CultureInfo.InvariantCulture);

    private static string Times(int count) => count == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{count} times");
}
