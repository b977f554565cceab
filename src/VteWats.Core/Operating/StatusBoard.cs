using VteWats.Core.Diagnostics;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.Core.Time;

namespace VteWats.Core.Operating;

/// <summary>A site that is watched.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Clock">Clock of its stations; null where that is not known.</param>
public sealed record WatchedSite(string Name, SiteClock? Clock);

/// <summary>What is watched over, and by what it is judged.</summary>
public sealed record WatchedSites
{
    public required string StateFolder { get; init; }
    public required IReadOnlyList<WatchedSite> Sites { get; init; }
    public HealthMeasure Measure { get; init; } = new();
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How each site is, the worst first, then the one with the most lag.</summary>
    public IReadOnlyList<SiteHealth> Health()
    {
        var evaluator = new HealthEvaluator(StateFolder, Measure.On(StateFolder), Time);
        return [.. Sites.Select(site => evaluator.Evaluate(site.Name))
            .OrderByDescending(site => site.State).ThenByDescending(site => site.Lag)
            .ThenBy(site => site.Site, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The metrics of all sites whose status can be read.</summary>
    /// <param name="health">How they are.</param>
    public string Metrics(IReadOnlyList<SiteHealth> health) => MetricsText.Render([.. health.Select(site => site.Status)
        .OfType<SiteStatus>()
        .OrderBy(status => status.Site, StringComparer.OrdinalIgnoreCase)], Measure.On(StateFolder));
}

/// <summary>How many runs of one hour of the stations' time are where.</summary>
/// <param name="Hour">Begin of the hour.</param>
/// <param name="Sent">In WATS.</param>
/// <param name="Letters">In the dead letters.</param>
/// <param name="Held">Held back, or in doubt.</param>
internal sealed record HourOutcome(DateTime Hour, long Sent, long Letters, long Held);

/// <summary>All that the status page shows of one site.</summary>
internal sealed record SiteBoard(SiteHealth Health, IReadOnlyList<HourOutcome> Hours, IReadOnlyList<DeadLetterCount> Letters)
{
    /// <summary>Hours that are shown.</summary>
    public const int HoursShown = 48;

    private const int LettersLookedAt = 500;
    private const int FindingsShown = 20;

    /// <summary>Reads what belongs to a site's health. What cannot be read is left out: the health says why.</summary>
    public static SiteBoard Read(WatchedSites watched, SiteHealth health)
    {
        var clock = watched.Sites.FirstOrDefault(site => site.Name == health.Site)?.Clock;
        var now = clock?.ToLocal(health.At) ?? health.At.UtcDateTime;
        var first = new DateTime(now.Ticks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour).AddHours(1 - HoursShown);
        try
        {
            var runs = new StatusStore(watched.StateFolder, health.Site).ByHour(first).ToLookup(row => row.Hour);
            var hours = Enumerable.Range(0, HoursShown).Select(i => first.AddHours(i)).Select(hour =>
            {
                var rows = runs[hour.Ticks / TimeSpan.TicksPerHour].ToList();
                long Sum(params LedgerState[] states) => rows.Where(row => states.Contains(row.State)).Sum(row => row.Runs);
                return new HourOutcome(hour, Sum(LedgerState.Sent, LedgerState.Confirmed, LedgerState.Gone), Sum(LedgerState.Letter),
                    Sum(LedgerState.Held, LedgerState.Posting));
            });
            var counts = new FindingCounts();
            foreach (var letter in new DeadLetterStore(watched.StateFolder, health.Site).Newest(LettersLookedAt)) counts.Add(letter);
            return new SiteBoard(health, [.. hours], [.. counts.All.Take(FindingsShown)]);
        }
        catch (VteWatsException)
        {
            return new SiteBoard(health, [], []);
        }
    }
}
