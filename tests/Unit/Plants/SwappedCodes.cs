using VteWats.Core.Time;

namespace VteWats.Unit.Plants;

/// <summary>0 is passed and 1 is failed, for runs and steps; 5 is an aborted run, 6 one with an error, and 9 is not judged.</summary>
internal sealed class SwappedCodes : ReferencePlant
{
    public override string Story => "result codes with another meaning";

    // Whether an unknown code is an abort or an error stands in no table; and no plan is named like an operation.
    public override IReadOnlyList<string> Open =>
        ["timeZone", "mapping.resultCodes.5", "mapping.resultCodes.6", "mapping.operations"];

    public override string Right => """
        "timeZone": "Europe/Oslo", "timestampIs": "start",
        "mapping": { "resultCodes": { "0": "P", "1": "F", "5": "T", "6": "E" }, "stepResultCodes": { "0": "P", "1": "F", "9": "D" },
          "operations": [ { "testplan": "Q-17", "processCode": 50 }, { "testplan": "Q-23", "processCode": 110 } ] }
        """;

    public override string WithoutLooking => Right.Replace(
        "\"0\": \"P\", \"1\": \"F\"", "\"0\": \"F\", \"1\": \"P\"", StringComparison.Ordinal);

    protected override IReadOnlyList<TrueRun> History(SiteClock clock, DateTimeOffset until) =>
        new PlantHistory(33, clock, until) { Aborts = true }.Runs(
            ["Bench 1", "Bench 2"],
            new TruePlan("Q-17", "Controller", "B", 50, 140,
            [
                Step(1, "Supply", "V", 4.9, 5.1), Step(2, "Clock", "MHz", 15.9, 16.1), Step(3, "Idle", "mA", null, 25),
                Step(4, "Room", "°C", null, null), Step(5, "Gain", "dB", 11, 13), Read(6, "Loader", "2.0.1"),
            ]),
            new TruePlan("Q-23", "Sensor head", "A", 110, 220, [Step(1, "Offset", "mV", -2, 2), Step(2, "Slope", "mV/K", 9.5, 10.5)]));

    protected override int? ResultOf(TrueRun run) => run.Verdict switch { "P" => 0, "F" => 1, "T" => 5, _ => 6 };

    protected override int? ResultOf(TrueStep step) => step.Verdict switch { "P" => 0, "F" => 1, _ => 9 };
}
