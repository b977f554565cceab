using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VteWats.Core.Vte;

namespace VteWats.Core.Assistant;

/// <summary>Which of <c>Info1</c> to <c>Info3</c> is a fixture, a test socket or an order.</summary>
internal static partial class InfoFinder
{
    private const string Fixture = "mapping.fixtureId", Socket = "mapping.testSocketIndex", Order = "mapping.miscInfos";

    public static IEnumerable<SiteDecision> Decide(PlantSample sample)
    {
        var taken = new HashSet<string>();
        foreach (var (name, field) in Fields)
        {
            var values = sample.Runs.Select(r => (Run: r, Text: field(r)?.Trim())).Where(v => !string.IsNullOrEmpty(v.Text))
                .Select(v => (v.Run, Text: v.Text!)).ToList();
            if (values.Count < 20 || Find(sample, name, values) is not { } decision) continue;
            // Two fields for one thing: neither is known to be it.
            if (decision.Json is null || taken.Add(decision.Decision)) yield return decision;
        }
    }

    private static readonly (string Name, Func<VteTestRun, string?> Field)[] Fields =
        [("Info1", r => r.Info1), ("Info2", r => r.Info2), ("Info3", r => r.Info3)];

    private static SiteDecision? Find(PlantSample sample, string name, List<(VteTestRun Run, string Text)> values)
    {
        var distinct = values.GroupBy(v => v.Text).OrderByDescending(g => g.Count()).ToList();
        var seen = $"{name} has {Count(distinct.Count)} values in {NameFinder.Of(values.Count, sample.Runs.Count)}, such as "
            + $"{string.Join(", ", distinct.Take(3).Select(g => NameFinder.Short(g.Key)))}.";
        var template = $"{{{name}}}";
        double Share(Regex pattern) => (double)values.Count(v => pattern.IsMatch(v.Text)) / values.Count;

        if (Share(FixtureWord()) > 0.7) return Likely(Fixture, JsonValue.Create(template), seen + " The word says that it is the fixture.");
        if (values.TrueForAll(v => Number().IsMatch(v.Text)) && distinct.Count is >= 2 and <= 64
            && values.TrueForAll(v => int.Parse(v.Text, CultureInfo.InvariantCulture) is >= -1 and <= 64))
        {
            var together = Together(sample, values);
            return together > 2 ? Likely(Socket, JsonValue.Create(template), seen + string.Create(CultureInfo.InvariantCulture,
                    $" {together} pairs of runs overlap on one station, each with other values: these are sockets."))
                : Open(Socket, template, seen + " Small whole numbers: the test socket, or something else.", "it is the test socket");
        }
        if (Share(OrderWord()) > 0.7) return Likely(Order, new JsonObject { ["Order"] = template },
            seen + " The word says that it is an order.");
        if (InBlocks(sample, values) && distinct.Count >= 4) return Likely(Order, new JsonObject { ["Order"] = template },
            seen + " Runs with one value follow each other, and then it does not come again: an order or a lot.");
        // Things that stay at their station and come again and again.
        if (distinct.Count is >= 2 and <= 200 && values.Count >= 5 * distinct.Count && OneStationEach(distinct))
            return Open(Fixture, template, seen + " Each value stays at one station: a fixture, or something else of the station.",
                "it is the fixture");
        return null;
    }

    private static int Together(PlantSample sample, List<(VteTestRun Run, string Text)> values)
    {
        var text = values.ToDictionary(v => v.Run.Id, v => v.Text);
        return sample.Stretches.SelectMany(s => s.GroupBy(r => r.Station.Name ?? r.Station.Hostname))
            .SelectMany(g => g.Zip(g.Skip(1)))
            .Count(p => p.Second.Timestamp - p.First.Timestamp is var between
                && between < TimeSpan.FromSeconds(Math.Max(2, Math.Min(p.First.TestTime ?? 0, 1e6)))
                && text.GetValueOrDefault(p.First.Id) is { } a && text.GetValueOrDefault(p.Second.Id) is { } b && a != b);
    }

    // Within a stretch of runs that follow each other a value comes once, as one block; and hardly any lasts over the whole history.
    private static bool InBlocks(PlantSample sample, List<(VteTestRun Run, string Text)> values)
    {
        var text = values.ToDictionary(v => v.Run.Id, v => v.Text);
        var (blocks, back) = (0, 0);
        foreach (var stretch in sample.Stretches)
        {
            var known = new HashSet<string>();
            string? last = null;
            foreach (var value in stretch.Select(r => text.GetValueOrDefault(r.Id)).OfType<string>())
            {
                if (value == last) continue;
                blocks++;
                if (!known.Add(value)) back++;
                last = value;
            }
        }
        var span = sample.Runs[^1].Timestamp - sample.Runs[0].Timestamp;
        var longest = values.GroupBy(v => v.Text).Select(g => g.Max(v => v.Run.Timestamp) - g.Min(v => v.Run.Timestamp)).Max();
        return blocks > 3 && back <= 0.1 * blocks && blocks < 0.5 * values.Count && longest < span / 3;
    }

    private static bool OneStationEach(IEnumerable<IGrouping<string, (VteTestRun Run, string Text)>> values)
    {
        var stations = values.Select(g => g.Select(v => v.Run.Station.Name ?? v.Run.Station.Hostname).Distinct().Count()).ToList();
        return stations.Count(s => s == 1) >= 0.9 * stations.Count;
    }

    private static SiteDecision Likely(string key, JsonNode value, string evidence) =>
        new() { Decision = key, Json = value, Certainty = DecisionCertainty.Likely, Evidence = evidence };

    private static SiteDecision Open(string key, string template, string evidence, string meaning) => new()
    {
        Decision = key, Certainty = DecisionCertainty.Open, Evidence = evidence,
        Choices = [new(template, meaning), new("none", "it is something else, and goes to WATS as misc info")],
    };

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\b(fix(ture)?|jig|adapter|nest|halter|vorrichtung|fikstur)([\s_#:-]|\d|\b)", RegexOptions.IgnoreCase)]
    private static partial Regex FixtureWord();

    [GeneratedRegex(@"\b(work\s?order|order|auftrag|ordre|wo|mo|po|job|fa)[\s_#:-]*\d", RegexOptions.IgnoreCase)]
    private static partial Regex OrderWord();

    [GeneratedRegex(@"^-?\d{1,3}$")]
    private static partial Regex Number();
}
