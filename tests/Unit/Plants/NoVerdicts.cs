using VteWats.Core.Time;

namespace VteWats.Unit.Plants;

/// <summary>Every verdict is NULL, of runs and of steps; the limits are there.</summary>
internal sealed class NoVerdicts : ReferencePlant
{
    public override string Story => "NULL verdicts everywhere, with limits";

    public override IReadOnlyList<string> Open => ["timeZone"];

    public override string Right => """
        "timeZone": "Europe/Oslo", "timestampIs": "start",
        "mapping": { "missingResult": "limits", "missingStepResult": "limits",
          "operations": [ { "testplan": "Calibration*", "processCode": 110 }, { "testplan": "PCBA test*", "processCode": 50 } ] }
        """;

    public override string WithoutLooking => Right.Replace("limits", "refuse", StringComparison.Ordinal);

    protected override IReadOnlyList<TrueRun> History(SiteClock clock, DateTimeOffset until) =>
        new PlantHistory(44, clock, until).Runs(
            ["Lab-1", "Lab-2"],
            new TruePlan("Calibration of meters", "Meter 6", "D", 110, 180,
            [
                Step(1, "Zero", "µV", -5, 5), Step(2, "Full scale", "V", 9.99, 10.01), Step(3, "Noise", "µV", null, 3),
                Step(4, "Humidity", "%", null, null), Read(5, "Adjusted by", "bench"),
            ]),
            new TruePlan("PCBA test of boards", "Meter 6 board", "D", 50, 120,
            [Step(1, "Rail", "V", 3.2, 3.4), Step(2, "Load", "A", 1, null)]));

    protected override int? ResultOf(TrueRun run) => null;

    protected override int? ResultOf(TrueStep step) => null;
}
