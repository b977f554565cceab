using VteWats.Core.Time;

namespace VteWats.Unit.Assistant;

/// <summary>One database with two plants that are at work now, in Oslo and in Tokyo, and the usual names and codes. Both stamp the begin
/// of a test.</summary>
internal sealed class TwoPlants : MadeUpPlant
{
    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    protected override void Fill()
    {
        var number = 0;
        foreach (var (place, zone, product) in new[] { ("NOR", "Europe/Oslo", "NO-100"), ("JPN", "Asia/Tokyo", "JP-200") })
        {
            var clock = SiteClock.For(zone);
            var article = Guid.NewGuid();
            Row("Products", article, product, "Board", "A", null);
            for (var n = 1; n <= 3; n++)
            {
                var station = Guid.NewGuid();
                Row("TestSystems", station, $"{place}-{n}", $"{place}-pc{n}");
                var time = _now.AddDays(-4).AddMinutes(Random.Next(6));
                while (time < _now.AddMinutes(-2))
                {
                    var seconds = 60 + Random.Next(500);
                    if (time.AddSeconds(seconds) > _now.AddMinutes(-1)) break;
                    Run(place, product, article, station, clock, time, seconds, number++, n);
                    time += TimeSpan.FromSeconds(seconds + 10 + Random.Next(20));
                }
            }
        }
    }

    private void Run(string place, string product, Guid article, Guid station, SiteClock clock, DateTimeOffset time, int seconds,
        int number,
        int bench)
    {
        var (run, unit) = (Guid.NewGuid(), Guid.NewGuid());
        var bad = Random.Next(15) == 0;
        var serial = $"{place}{number:00000}";
        Row("UutData", unit, serial, article, null);
        Row("IndexData", run, unit, article, null, null, station, null, clock.ToLocal(time), 0, bad ? 0 : 1, (float)seconds,
            $"{place}-pc{bench}", place, "op", product, "Board In-Circuit", null, "1", null, null, null);
        for (var step = 1; step <= 3; step++)
        {
            var fails = bad && step == 2;
            Row("TestDataNumeric", run, step, $"R{step}", null, $"{step}", "Ohm", fails ? 140 : 95 + 10 * Random.NextDouble(), 90.0, 110.0,
                fails ? 0 : 1);
        }
        Truths[run] = new Truth(time, bad ? "F" : "P", serial, product, bad ? 1 : 0);
    }
}
