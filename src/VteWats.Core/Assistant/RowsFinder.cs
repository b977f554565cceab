using System.Globalization;
using System.Text.Json.Nodes;

namespace VteWats.Core.Assistant;

/// <summary>Whether the database holds the runs of one plant or of several, by <c>IndexData.Site</c>.</summary>
internal static class RowsFinder
{
    public const string Key = "rows.sites";

    /// <summary>Null where nothing says that there is more than one.</summary>
    public static SiteDecision? Decide(PlantSample sample)
    {
        var places = sample.Runs.GroupBy(r => r.Station.Location?.Trim() ?? "", StringComparer.OrdinalIgnoreCase)
            .Where(g => g.Key.Length > 0).OrderByDescending(g => g.Count()).ToList();
        if (places.Count < 2) return null;
        var seen = places.Where(p => sample.Places.ContainsKey(p.Key))
            .Select(p => (Place: p.Key, Count: p.Count(), Now: ZoneFinder.OffsetNow(sample.Of(p.Key)))).ToList();
        var counts = string.Join(", ", seen.Take(8).Select(p => string.Create(CultureInfo.InvariantCulture,
            $"{p.Place} {p.Count}{(p.Now.Offset is { } o ? $" (now at UTC{(o < TimeSpan.Zero ? "-" : "+")}{o:hh\\:mm})" : "")}")));
        var evidence = $"IndexData.Site has several values; runs of the sample: {counts}.";
        var offsets = seen.Select(p => p.Now.Offset).ToList();
        if (seen.Count == places.Count && offsets.TrueForAll(o => o is not null) && offsets.Distinct().Count() == 1) return new SiteDecision
        {
            Decision = Key, Json = new JsonArray("*"), Certainty = DecisionCertainty.Likely,
            Evidence = evidence + " All of them keep the same time: one site will do. Give each its own with Add-VteWatsSite where they "
                + "are to be told apart.",
        };
        var differ = offsets.Where(o => o is not null).Distinct().Count() > 1;
        return new SiteDecision
        {
            Decision = Key, Certainty = DecisionCertainty.Open,
            Evidence = evidence + (differ ? " They keep different times: each needs a site of its own."
                : " Nothing here says whether they keep the same time."),
            Choices =
            [
                .. seen.Take(8).Select(p => new DecisionChoice(p.Place, "this site is the runs of that place; add the others with "
                    + "Add-VteWatsSite")),
                .. differ ? Array.Empty<DecisionChoice>() : [new DecisionChoice("*", "one site: all of them keep the same time")],
            ],
        };
    }
}
