using System.Globalization;
using System.Text.Json.Nodes;

namespace VteWats.Core.Assistant;

/// <summary>In which time zone the stations are: by the newest runs beside the server's clock, and by the hours that clock changes leave
/// out and double.</summary>
internal sealed class ZoneFinder
{
    private const string Key = "timeZone";
    private const int MostChoices = 6;

    // What is expected to have runs at all, and how much less likely a class must be before it is ruled out (e^5 is about 150).
    private const double Expected = 2, Against = 5;

    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(2);

    // Clocks that differ by more than this are not both right.
    private static readonly TimeSpan Apart = TimeSpan.FromMinutes(5);

    private readonly PlantSample _sample;
    private readonly List<string> _evidence = [];
    private readonly IReadOnlyList<ZoneClass> _all;
    private readonly DateTime _newest;

    private ZoneFinder(PlantSample sample)
    {
        _sample = sample;
        _newest = Newest(sample);
        var oldest = sample.Hours.Count > 0 ? sample.Hours.Keys.Min() : _newest;
        _all = ZoneClass.Between(oldest.AddDays(-1), sample.ServerNow.UtcDateTime.AddYears(1),
            [sample.ServerZone, sample.ServerOffset is null ? null : TimeZoneInfo.Local.Id, TimeZoneInfo.Local.Id]);
    }

    public static SiteDecision Decide(PlantSample sample) => new ZoneFinder(sample).Decide();

    /// <summary>The offset that the newest runs show beside the server's clock, where they are new enough to; and why.</summary>
    public static (TimeSpan? Offset, string Evidence) OffsetNow(PlantSample sample)
    {
        var finder = new ZoneFinder(sample);
        return (finder.Live(finder._all), string.Join(" ", finder._evidence));
    }

    private SiteDecision Decide()
    {
        if (_sample.Runs.Count == 0) return Open(_all, "There are no runs to look at.");
        var left = ByClockChanges(_all);
        if (Live(left) is { } offset) left = [.. left.Where(c => c.OffsetAt(_sample.ServerNow) == offset)];
        else if (_sample.ServerOffset is { } server) _evidence.Add($"The database server's own clock is at {Text(server)}.");
        if (left.Count == 0) return Open(_all, string.Join(" ", _evidence)
            + " No time zone fits all of this: is a clock of a station wrong?");
        var evidence = string.Join(" ", _evidence);
        if (left.Count == 1)
        {
            var same = left[0].Names.Skip(1).Take(4).ToList();
            return new SiteDecision
            {
                Decision = Key, Json = JsonValue.Create(Name(left[0])), Certainty = DecisionCertainty.Certain,
                Evidence = evidence + (same.Count == 0 ? "" : $" The same time is kept in {string.Join(", ", same)}."),
            };
        }
        return Open(left, evidence);
    }

    private SiteDecision Open(IReadOnlyList<ZoneClass> left, string evidence) => new()
    {
        Decision = Key, Certainty = DecisionCertainty.Open,
        Evidence = (evidence + " The data leave several time zones, and a wrong one shifts every report.").Trim(),
        Choices = [.. left.OrderByDescending(c => c.Names.Contains(_sample.ServerZone ?? "") || c.Names.Contains(TimeZoneInfo.Local.Id))
            .ThenByDescending(c => c.Names.Count).Take(MostChoices).Select(c => new DecisionChoice(Name(c),
                $"now at {Text(c.OffsetAt(_sample.ServerNow))}"))],
    };

    // The newest run cannot be in the future, and where the plant is at work it is not an hour old either.
    private TimeSpan? Live(IReadOnlyList<ZoneClass> classes)
    {
        var utc = _sample.ServerNow.UtcDateTime;
        if (_sample.WatsNow?.UtcDateTime is { } wats && (wats - utc).Duration() > Apart)
        {
            _evidence.Add($"The database server's clock says {utc:yyyy-MM-dd HH:mm} UTC and WATS's {wats:yyyy-MM-dd HH:mm}: one of them is "
                + "wrong, so the newest runs tell no offset. Set the clocks right and look again.");
            return null;
        }
        var ages = classes.Select(c => c.OffsetAt(_sample.ServerNow)).Distinct()
            .Select(offset => (Offset: offset, Age: utc + offset - _newest))
            .Where(o => o.Age >= -Ahead).OrderBy(o => o.Age).ToList();
        if (ages.Count == 0) return null;
        var (best, age) = ages[0];
        var gap = Gap();
        var whose = _sample.WatsNow is null ? "the server's clock says" : "the clocks of the server and of WATS say";
        var at = $"The newest run is of {_newest:yyyy-MM-dd HH:mm} local time, when {whose} {utc:HH:mm} UTC";
        if (age > TimeSpan.FromMinutes(20) + 3 * gap || gap > TimeSpan.FromMinutes(8) || !NextHourIsUsual())
        {
            _evidence.Add(age < TimeSpan.FromDays(1) ? $"{at}; runs do not follow each other closely enough to tell the offset."
                : $"{at}: no station is at work now that would show the offset.");
            return null;
        }
        var minutes = Math.Max(0, Math.Round(age.TotalMinutes)).ToString(CultureInfo.InvariantCulture);
        _evidence.Add($"{at}: at {Text(best)} it is {minutes} minutes old, and runs follow each other every "
            + $"{Math.Max(1, Math.Round(gap.TotalMinutes)).ToString(CultureInfo.InvariantCulture)} minutes.");
        return best;
    }

    // Not the very last: one station's clock may be ahead.
    private static DateTime Newest(PlantSample sample) => sample.Runs.Count == 0 ? default
        : sample.Runs.GroupBy(r => r.Station.Name ?? r.Station.Hostname).Select(g => g.Max(r => r.Timestamp)).OrderDescending().ToList()
            is { Count: >= 3 } stations && stations[0] - stations[1] > TimeSpan.FromHours(2) ? stations[1] : sample.Runs[^1].Timestamp;

    private TimeSpan Gap()
    {
        var last = _sample.Stretches[^1].Where(r => r.Timestamp <= _newest).Select(r => r.Timestamp).ToList();
        if (last.Count < 10) return TimeSpan.FromDays(1);
        var gaps = last.Zip(last.Skip(1), (a, b) => b - a).Order().ToList();
        return gaps[gaps.Count / 2];
    }

    // At the end of a shift an hour without a run is no sign of anything.
    private bool NextHourIsUsual()
    {
        if (_sample.Hours.Count == 0) return true;
        var hour = _newest.Date.AddHours(_newest.Hour);
        var (both, days) = (0, 0);
        for (var day = 1; day <= 28; day++)
        {
            if (_sample.Hours.GetValueOrDefault(hour.AddDays(-day)) == 0) continue;
            days++;
            if (_sample.Hours.GetValueOrDefault(hour.AddDays(-day).AddHours(1)) > 0) both++;
        }
        return days == 0 || both >= 0.8 * days;
    }

    private IReadOnlyList<ZoneClass> ByClockChanges(IReadOnlyList<ZoneClass> classes)
    {
        if (_sample.Hours.Count == 0) return classes;
        var (from, to) = (_sample.Hours.Keys.Min(), _sample.Hours.Keys.Max());
        var changes = classes.Select(c => (Class: c, Changes: c.Changes(from, to).ToHashSet())).ToList();
        var hours = changes.SelectMany(c => c.Changes).Distinct().Select(hour => (Hour: hour, Rate: Rate(hour)))
            .Where(h => h.Rate >= Expected).ToList();
        if (hours.Count == 0)
        {
            _evidence.Add("No clock change falls into hours in which the plant is at work.");
            return classes;
        }
        var scores = changes.Select(c => (c.Class, c.Changes, Score: hours.Sum(h =>
            Likelihood(_sample.Hours.GetValueOrDefault(h.Hour), h.Rate * (c.Changes.Contains(h.Hour) ? c.Class.Occurs(h.Hour) : 1)))))
            .OrderByDescending(c => c.Score).ToList();
        var best = scores[0];
        if (scores[^1].Score > best.Score - Against)
        {
            _evidence.Add("The hours of clock changes have too few runs to tell.");
            return classes;
        }
        Tell(best.Class, hours.Where(h => best.Changes.Contains(h.Hour)).ToList());
        return [.. scores.Where(s => s.Score > best.Score - Against).Select(s => s.Class)];
    }

    private void Tell(ZoneClass zone, List<(DateTime Hour, double Rate)> hours)
    {
        foreach (var (hour, rate) in hours.OrderByDescending(h => h.Hour).Take(2))
        {
            var found = _sample.Hours.GetValueOrDefault(hour).ToString(CultureInfo.InvariantCulture);
            var usual = Math.Round(rate).ToString(CultureInfo.InvariantCulture);
            _evidence.Add($"The hour from {hour:yyyy-MM-dd HH:mm} has {found} runs where {usual} are usual: it "
                + (zone.Occurs(hour) == 0 ? "was left out." : "came twice."));
        }
        if (hours.Count == 0) _evidence.Add("Hours that clock changes would leave out have runs as usual: the clocks are not changed.");
    }

    // The same hour a week before and after, and the hours beside it.
    private double Rate(DateTime hour)
    {
        double[] beside = [Count(hour.AddDays(-7)), Count(hour.AddDays(7)), Count(hour.AddDays(-14)), Count(hour.AddDays(14)),
            Count(hour.AddHours(-2)), Count(hour.AddHours(2))];
        Array.Sort(beside);
        return (beside[1] + beside[2] + beside[3]) / 3;
        double Count(DateTime at) => _sample.Hours.GetValueOrDefault(at);
    }

    // Of a Poisson distribution.
    private static double Likelihood(long found, double rate)
    {
        var expected = Math.Max(rate, 0.05);
        return found * Math.Log(expected) - expected;
    }

    private string Name(ZoneClass zone) =>
        _sample.ServerZone is { } server && zone.Names.Contains(server) ? server
        : zone.Names.Contains(TimeZoneInfo.Local.Id) && TimeZoneInfo.Local.Id != "UTC" ? TimeZoneInfo.Local.Id : zone.Names[0];

    private static string Text(TimeSpan offset) =>
        (offset < TimeSpan.Zero ? "UTC-" : "UTC+") + offset.ToString(@"hh\:mm", CultureInfo.InvariantCulture);
}
