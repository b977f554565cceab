using VteWats.Core.Mapping;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Unit.Mapping;

/// <summary>A plain run, and ways to change it.</summary>
internal static class Runs
{
    public static readonly MappingOptions Options = new() { DefaultProcessCode = 100 };

    public static VteTestRun Plain(params VteStep[] steps) => new()
    {
        Id = Guid.Parse("6f1c2b1a-55f0-4f3e-9a61-2b7d1d8f0001"),
        Site = "Oslo",
        Timestamp = new DateTime(2024, 3, 2, 8, 15, 30, 123),
        Start = new DateTimeOffset(2024, 3, 2, 8, 15, 30, 123, TimeSpan.FromHours(1)),
        ResultCode = 1,
        ExitCode = 0,
        TestTime = 41.5,
        Unit = new VteUnit(null, "SN-0001", "LOT-9"),
        Product = new VteProduct(null, "PN-100", "Widget", "A"),
        Testplan = new VteTestplan(null, "Main Plan", "Full", "1.4"),
        Station = new VteStation(Guid.Parse("6f1c2b1a-55f0-4f3e-9a61-2b7d1d8f00aa"), "VTE-07", "host07", "Hall 2"),
        Operator = "op1",
        Steps = steps,
    };

    public static VteNumericStep Numeric(int number, double? value, double? low = null, double? high = null, int? result = 1,
        string? name = "Voltage", string? units = "V") =>
        new() { StepNumber = number, Name = name, Value = value, LowLimit = low, HighLimit = high, ResultCode = result, Units = units };

    public static VteTextStep Text(int number, string? text, int? result = 1, string? name = "Firmware") =>
        new() { StepNumber = number, Name = name, Text = text, ResultCode = result };

    public static VteOtherStep Other(int number, string? text, byte[]? bytes = null, int? result = 1, string? name = "Trace") =>
        new() { StepNumber = number, Name = name, Text = text, Bytes = bytes, ResultCode = result };

    public static WatsReport Map(this VteTestRun run, MappingOptions? options = null) =>
        new ReportMapper(options ?? Options, run.Site).Map(run);

    public static IReadOnlyList<WatsStep> MapSteps(params VteStep[] steps) => Plain(steps).Map().Root!.Steps!;

    public static IEnumerable<string> Rules(this WatsReport report) => report.Notes.Select(n => n.Rule);
}
