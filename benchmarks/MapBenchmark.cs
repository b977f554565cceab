using System.Diagnostics;
using System.Globalization;
using VteWats.Core.Mapping;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Benchmarks;

/// <summary>What mapping costs beside serialising, which a sender cannot save.</summary>
internal static class MapBenchmark
{
    private const int Distinct = 1000;
    private const int Rounds = 7;

    public static Task<int> RunAsync(string[] args)
    {
        var total = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000;
        var steps = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 40;
        var runs = Enumerable.Range(0, Distinct).Select(i => Run(i, steps)).ToArray();
        var mapper = new ReportMapper(new MappingOptions { DefaultProcessCode = 100 }, "Bench");
        var reports = Array.ConvertAll(runs, mapper.Map);

        var (map, both, serialise) = (Best.None, Best.None, Best.None);
        long bytes = 0;
        for (var round = 0; round < Rounds; round++)
        {
            map = map.Or(Measure(total, i => mapper.Map(runs[i])));
            both = both.Or(Measure(total, i => Wsjf.ToUtf8(mapper.Map(runs[i]))));
            serialise = serialise.Or(Measure(total, i => Wsjf.ToUtf8(reports[i])));
        }
        foreach (var report in reports) bytes += Wsjf.ToUtf8(report).Length;

        Console.WriteLine(FormattableString.Invariant(
            $"{total} runs of {steps} steps, {bytes / Distinct} bytes of WSJF a report, one thread, best of {Rounds}"));
        Console.WriteLine("                      ms/10k    reports/s    allocated/report");
        Print("map", map);
        Print("serialise", serialise);
        Print("map and serialise", both);
        Result("map.serialize_ratio", both.Milliseconds / serialise.Milliseconds);
        Result("map.bytes_per_report", both.Bytes / (double)total);
        Result("map.reports_per_second", total / (both.Milliseconds / 1000));
        return Task.FromResult(0);

        void Print(string name, Best best) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-20} {best.Milliseconds / total * 10_000,8:F0} {total / best.Milliseconds * 1000,12:F0} {best.Bytes / total,16:N0} B"));
    }

    private static void Result(string name, double value) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"RESULT {name} {value:F3}"));

    private static Best Measure(int total, Func<int, object> work)
    {
        GC.Collect();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < total; i++) GC.KeepAlive(work(i % Distinct));
        return new Best(watch.Elapsed.TotalMilliseconds, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    // As stations write them: mostly numbers with limits, some texts, a remark and a curve, each with description and number.
    private static VteTestRun Run(int number, int steps) => new()
    {
        Id = new Guid(number, 7, 7, 1, 2, 3, 4, 5, 6, 7, 8),
        Site = "Bench",
        Timestamp = new DateTime(2024, 3, 2, 8, 0, 0).AddSeconds(number),
        Start = new DateTimeOffset(2024, 3, 2, 8, 0, 0, TimeSpan.FromHours(1)).AddSeconds(number),
        ResultCode = number % 10 == 0 ? 0 : 1,
        ExitCode = 0,
        TestTime = 41.5,
        Unit = new VteUnit(null, $"SN-{number:000000}", "LOT-9"),
        Product = new VteProduct(null, "PSU-2405", "Power supply", "B"),
        Testplan = new VteTestplan(null, "PSU Final Test", "Production", "1.4"),
        Station = new VteStation(Guid.Empty, "VTE-OS-01", "oslo-vte1", "Oslo")
        {
            Components = [new("DMM 34465A", "MY12345678", new DateTime(2024, 1, 1), new DateTime(2027, 1, 1)),
                new("PSU N6705C", "MY87654321", new DateTime(2026, 1, 1), null)],
        },
        Operator = "Kari Nordmann",
        Info1 = "Fixture 1",
        Info3 = "Work order 1000",
        Steps = [.. Enumerable.Range(0, steps).Select(i => Step(number, i))],
    };

    private static VteStep Step(int run, int i) => (i % 20) switch
    {
        16 or 17 => new VteTextStep
        {
            StepNumber = i * 10, Name = $"Firmware version {i}", Description = "As in the test specification",
            Number = $"1.{i}", ResultCode = 1, Text = "4.11.2"
        },
        18 => new VteOtherStep
        {
            StepNumber = i * 10, Name = $"Operator remark {i}", Description = "As in the test specification",
            Number = $"1.{i}", ResultCode = 2, Text = "ok"
        },
        19 => new VteOtherStep
        {
            StepNumber = i * 10, Name = $"Waveform {i}", Description = "As in the test specification",
            Number = $"1.{i}", ResultCode = 2, Bytes = new byte[48]
        },
        _ => new VteNumericStep
        {
            StepNumber = i * 10, Name = $"Output voltage {i}", Description = "Output voltage as in the test specification",
            Number = $"1.{i}", Units = "V",
            ResultCode = run % 10 == 0 && i == 30 ? 0 : 1, Value = 24 + run * 0.001 + i, LowLimit = 23.5, HighLimit = i % 5 == 0 ? null
                : 104.5,
        },
    };

    private sealed record Best(double Milliseconds, long Bytes)
    {
        public static readonly Best None = new(double.MaxValue, 0);

        public Best Or(Best other) => other.Milliseconds < Milliseconds ? other : this;
    }
}
