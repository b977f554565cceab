using VteWats.Core.Time;

namespace VteWats.Unit.Plants;

/// <summary>-999 stands for a value that was not measured, 1E30 and -1E30 for no limit; and half of the tables are not there.</summary>
internal sealed class NumbersForNothing : ReferencePlant
{
    public override string Story => "sentinels in values and limits, half of the tables missing";

    public override IReadOnlyList<string> Open => ["timeZone"];

    public override string Right => """
        "timeZone": "Europe/Oslo", "timestampIs": "start",
        "schemaProfile": { "missing": [ "Products", "Testplans", "TestplanRevisions", "TestSystems", "TestsystemComponents", "Users",
          "UutHistory", "AssemblyData", "TestDataOther", "RepairData", "RepairActions" ] },
        "mapping": { "sentinels": [ -999, 1E30, -1E30 ],
          "operations": [ { "testplan": "In-circuit test*", "processCode": 10 }, { "testplan": "End of line*", "processCode": 100 } ] }
        """;

    public override string WithoutLooking => Right.Replace("\"sentinels\": [ -999, 1E30, -1E30 ],", "", StringComparison.Ordinal);

    protected override string Script => Core;

    protected override bool HasCatalogue => false;

    protected override double? Nothing => -999;

    protected override (double? Low, double? High) NoLimit => (-1e30, 1e30);

    protected override IReadOnlyList<TrueRun> History(SiteClock clock, DateTimeOffset until) =>
        new PlantHistory(55, clock, until) { NothingMeasured = 0.05 }.Runs(
            ["ICT", "EOL"],
            new TruePlan("In-circuit test P", "Pump drive", null, 10, 110,
            [
                Step(1, "Shunt", "mOhm", 9.5, 10.5), Step(2, "Leakage", "nA", null, 40), Step(3, "Insulation", "MOhm", 20, null),
                Step(4, "Ambient", "°C", null, null),
            ]),
            new TruePlan("End of line P", "Pump drive", null, 100, 240,
            [
                Step(1, "Speed", "1/min", 2900, 3100), Step(2, "Current", "A", null, 6.5), Read(3, "Label", "PD-1"),
            ]));
}
