using VteWats.Core.Time;
using VteWats.Core.Vte.Schema;

namespace VteWats.Unit.Assistant;

/// <summary>A burn-in plant whose steps take 20 minutes: a header is written when the test begins, without result and test time, and its
/// steps come over two hours. It is at work now, round the clock, on many stations.</summary>
internal sealed class SlowPlant : MadeUpPlant
{
    private static readonly SiteClock Clock = SiteClock.For("America/Chicago");
    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    public HashSet<Guid> UnderWay { get; } = [];

    protected override SchemaProfileOptions Names => new()
    {
        Tables = new Dictionary<string, string> { ["IndexData"] = "TestRuns", ["TestDataNumeric"] = "Readings", ["UutData"] = "Units" },
        Columns = new Dictionary<string, string>
        {
            ["IndexData.Index_GUID"] = "RunGuid", ["IndexData.Timestamp"] = "TestDate", ["TestDataNumeric.Index_GUID"] = "RunGuid",
            ["TestDataNumeric.LowLimit"] = "LSL", ["TestDataNumeric.HighLimit"] = "USL", ["TestDataNumeric.TestResult"] = "Reading",
            ["UutData.Serial"] = "SN",
        },
        Missing = ["TestDataText", "TestDataOther", "IndexData.Site"],
    };

    protected override void Fill()
    {
        var article = Guid.NewGuid();
        Row("Products", article, "US-900", "Server", "2", null);
        var number = 0;
        for (var bay = 1; bay <= 40; bay++)
        {
            var station = Guid.NewGuid();
            Row("TestSystems", station, $"BAY{bay:00}", $"bay{bay:00}");
            var time = _now.AddDays(-6).AddMinutes(Random.Next(140));
            while (time < _now.AddMinutes(-1))
            {
                var seconds = 6 * 1200 + Random.Next(600);
                Run(article, station, bay, time, seconds, number++);
                time += TimeSpan.FromSeconds(seconds + 120 + Random.Next(300));
            }
        }
    }

    private void Run(Guid article, Guid station, int bay, DateTimeOffset time, int seconds, int number)
    {
        var (run, unit) = (Guid.NewGuid(), Guid.NewGuid());
        var bad = Random.Next(10) == 0;
        var serial = $"US{number:00000}";
        var done = time.AddSeconds(seconds) < _now.AddMinutes(-1);
        Row("UutData", unit, serial, article, null);
        Row("IndexData", run, unit, article, null, null, station, null, Clock.ToLocal(time), 0, !done ? null : bad ? 0 : 1,
            done ? (float)seconds : null, $"bay{bay:00}", null, "op", "US-900", "US burn in 2h", null, "1", null, null, null);
        for (var step = 1; step <= 6 && (done || time.AddMinutes(20 * step) < _now); step++)
        {
            var fails = bad && step == 5;
            Row("TestDataNumeric", run, step, $"Temperature {step}", null, $"{step}", "degC", fails ? 99 : 40 + 5 * Random.NextDouble(),
                30.0,
                60.0, fails ? 0 : 1);
        }
        if (!done) UnderWay.Add(run);
        Truths[run] = new Truth(time, bad ? "F" : "P", serial, "US-900", bad ? 1 : 0);
    }
}
