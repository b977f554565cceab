using VteWats.Core.Time;

namespace VteWats.Unit.Plants;

/// <summary>The timestamp is the end of the test, and a test takes 20 minutes; a retest takes two.</summary>
internal sealed class StampedAtTheEnd : ReferencePlant
{
    public override string Story => "end-stamped tests of 20 minutes";

    public override IReadOnlyList<string> Open => ["timeZone"];

    public override string Right => """
        "timeZone": "Europe/Oslo", "timestampIs": "end",
        "mapping": { "operations": [ { "testplan": "Burn*", "processCode": 90 } ] }
        """;

    public override string WithoutLooking => Right.Replace("\"end\"", "\"start\"", StringComparison.Ordinal);

    protected override IReadOnlyList<TrueRun> History(SiteClock clock, DateTimeOffset until) =>
        new PlantHistory(22, clock, until).Runs(
            ["OVEN-A", "OVEN-B", "OVEN-C"],
            new TruePlan("Burn In full", "Charger 40", "2.1", 90, 1200,
            [
                Step(10, "Output voltage", "V", 47.5, 48.5), Step(20, "Ripple", "mV", null, 80),
                Step(30, "Case temperature", "°C", 30, 62),
                Step(40, "Minimum load", "A", 0.5, null), Read(50, "Boot text", "ready"),
            ]));

    protected override DateTimeOffset Stamp(TrueRun run) => run.Begin.AddSeconds(run.Seconds);
}
