using System.Text.Json.Nodes;
using VteWats.Core.Mapping;
using VteWats.Core.Vte;

namespace VteWats.Core.Assistant;

/// <summary>Whether <c>Timestamp</c> is the begin or the end of a test: under the wrong reading a station tests two units at
/// once.</summary>
internal static class TimestampFinder
{
    private const string Key = "timestampIs";

    // Runs further apart have nothing to do with each other; runs of one moment are a panel.
    private static readonly TimeSpan Apart = TimeSpan.FromHours(12), Together = TimeSpan.FromSeconds(2);

    public static SiteDecision Decide(PlantSample sample)
    {
        var (pairs, asStart, asEnd) = Overlaps(sample);
        var evidence = FormattableString.Invariant($"Of {pairs} pairs of runs that follow each other on one station, {asStart} overlap ")
            + FormattableString.Invariant($"when Timestamp is read as the begin of the test, and {asEnd} when it is read as its end.");
        var (few, many, answer) = asStart < asEnd ? (asStart, asEnd, MappingOptions.Start) : (asEnd, asStart, MappingOptions.End);
        // A few may overlap under the right reading, too: two sockets, a station that was renamed.
        var clear = many >= 3 && (few == 0 || many >= 8 * few && few <= 0.05 * pairs);
        return clear
            ? new SiteDecision
            {
                Decision = Key, Json = JsonValue.Create(answer), Evidence = evidence,
                Certainty = many >= 8 ? DecisionCertainty.Certain : DecisionCertainty.Likely,
            }
            : new SiteDecision
            {
                Decision = Key, Certainty = DecisionCertainty.Open,
                Evidence = evidence + " That decides nothing: run one test of known length and compare its Timestamp with the clock.",
                Choices =
                [
                    new(MappingOptions.Start, "stations write it when a test begins"),
                    new(MappingOptions.End, "stations write it when a test ends: reports start earlier by the test time"),
                ],
            };
    }

    private static (int Pairs, int AsStart, int AsEnd) Overlaps(PlantSample sample)
    {
        var (pairs, asStart, asEnd) = (0, 0, 0);
        var seen = new HashSet<(Guid, Guid)>();
        foreach (var station in sample.Stretches.SelectMany((stretch, index) => stretch.GroupBy(run => (index, Station(run)))))
        {
            VteTestRun? before = null;
            foreach (var run in station.OrderBy(run => run.Timestamp))
            {
                if (before is not null && Seconds(before) is { } first && Seconds(run) is { } second && seen.Add((before.Id, run.Id))
                    && run.Timestamp - before.Timestamp is var between && between < Apart && between > Together)
                {
                    pairs++;
                    if (first > between + Slack(first)) asStart++;
                    if (second > between + Slack(second)) asEnd++;
                }
                before = run;
            }
        }
        return (pairs, asStart, asEnd);
    }

    // What is rounded in the database must not make an overlap.
    private static TimeSpan Slack(TimeSpan time) => TimeSpan.FromSeconds(1) + time / 100;

    private static TimeSpan? Seconds(VteTestRun run) =>
        run.TestTime is { } time and > 0 && double.IsFinite(time) && time < 1e6 ? TimeSpan.FromSeconds(time) : null;

    private static string Station(VteTestRun run) => run.Station.Id?.ToString() ?? run.Station.Name ?? run.Station.Hostname ?? "";
}
