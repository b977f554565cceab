using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Sync;
using VteWats.Core.Time;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats.Client;

namespace VteWats.Core.Assistant;

/// <summary>What the assistant has seen of a plant: about a thousand runs from the whole history, in stretches that follow each other
/// without a gap, and how many runs each hour has.</summary>
internal sealed class PlantSample
{
    private const int StretchRuns = 50, MostPlaces = 8;

    // Local times are read as if they were UTC: what they mean is to be found out.
    private static readonly TimeSpan PastAnyOffset = TimeSpan.FromHours(-30);

    /// <summary>All runs that were read, each once, in the order of their timestamps.</summary>
    public required IReadOnlyList<VteTestRun> Runs { get; init; }

    /// <summary>The same in stretches of runs that follow each other.</summary>
    public required IReadOnlyList<IReadOnlyList<VteTestRun>> Stretches { get; init; }

    /// <summary>Runs by hour of local time, over the whole history.</summary>
    public required IReadOnlyDictionary<DateTime, long> Hours { get; init; }

    /// <summary>Runs of the database, or of the site's share of it.</summary>
    public long Total => Hours.Values.Sum();

    /// <summary>What the database's clock says.</summary>
    public required DateTimeOffset ServerNow { get; init; }

    /// <summary>What WATS's clock says at the same moment; null where that is not known.</summary>
    public DateTimeOffset? WatsNow { get; init; }

    /// <summary>Time zone of the database server by its own word; null where it does not say.</summary>
    public string? ServerZone { get; init; }

    /// <summary>Offset of the database server's local time; null where it has none.</summary>
    public TimeSpan? ServerOffset { get; init; }

    /// <summary>Test operations of the WATS server.</summary>
    public IReadOnlyList<WatsProcess> Operations { get; init; } = [];

    /// <summary>The same with these runs only.</summary>
    public PlantSample With(IReadOnlyList<VteTestRun> runs) => new()
    {
        Runs = runs, Stretches = Stretches, Hours = Hours, ServerNow = ServerNow, WatsNow = WatsNow, ServerZone = ServerZone,
        ServerOffset = ServerOffset, Operations = Operations,
    };

    /// <summary>The newest runs of each value of <c>IndexData.Site</c>, where there are several: a place that is behind in its time has
    /// none among the newest of all.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<VteTestRun>> Places { get; init; } =
        new Dictionary<string, IReadOnlyList<VteTestRun>>();

    /// <summary>The newest runs of one place. How many runs each hour has is not known of it.</summary>
    public PlantSample Of(string place) => new()
    {
        Runs = Places[place], Stretches = [Places[place]], Hours = new Dictionary<DateTime, long>(),
        ServerNow = ServerNow, WatsNow = WatsNow, ServerZone = ServerZone, ServerOffset = ServerOffset, Operations = Operations,
    };

    /// <param name="site">The site as far as it is known: connection, profile and share of the rows.</param>
    /// <param name="password">Its password.</param>
    /// <param name="operations">Test operations of the WATS server.</param>
    /// <param name="runs">How many runs to read, about.</param>
    /// <param name="watsAhead">How far WATS's clock is ahead of this machine's; null where that is not known.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<PlantSample> ReadAsync(SiteOptions site, string? password, IReadOnlyList<WatsProcess> operations, int runs,
        TimeSpan? watsAhead, CancellationToken ct)
    {
        var source = await VteSource.OpenAsync(site.ToSource(), SiteClock.For("UTC"), password, ct).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            var hours = await source.CountByHourAsync(DateTime.MinValue, DateTime.MaxValue, ct).ConfigureAwait(false);
            var stretches = new List<IReadOnlyList<VteTestRun>>();
            foreach (var hour in Begins(hours, Math.Max(1, runs / StretchRuns)))
                stretches.Add(await StretchAsync(source, hour, newest: false, ct).ConfigureAwait(false));
            var newest = await StretchAsync(source, null, newest: true, ct).ConfigureAwait(false);
            stretches.Add([.. newest.Reverse()]);
            var (zone, offset) = await ServerClock.ReadAsync(source.Database, ct).ConfigureAwait(false);
            return new PlantSample
            {
                Stretches = stretches,
                Runs = [.. stretches.SelectMany(s => s).DistinctBy(r => r.Id).OrderBy(r => r.Timestamp).ThenBy(r => r.Id)],
                Hours = hours.ToDictionary(h => h.LocalHour, h => h.Runs),
                Places = site.Rows.IsAll ? await PlacesAsync(site, password, stretches, ct).ConfigureAwait(false)
                    : new Dictionary<string, IReadOnlyList<VteTestRun>>(),
                ServerNow = await source.UtcNowAsync(ct).ConfigureAwait(false), WatsNow = DateTimeOffset.UtcNow + watsAhead,
                ServerZone = zone, ServerOffset = offset, Operations = operations,
            };
        }
    }

    private static async Task<Dictionary<string, IReadOnlyList<VteTestRun>>> PlacesAsync(SiteOptions site, string? password,
        List<IReadOnlyList<VteTestRun>> stretches, CancellationToken ct)
    {
        var found = new Dictionary<string, IReadOnlyList<VteTestRun>>(StringComparer.OrdinalIgnoreCase);
        // A name that is a wildcard cannot be asked for by itself.
        var names = stretches.SelectMany(s => s).Select(r => r.Station.Location?.Trim() ?? "").Where(n => n.Length > 0)
            .GroupBy(n => n, StringComparer.OrdinalIgnoreCase).OrderByDescending(g => g.Count()).Select(g => g.Key).ToList();
        if (names.Count < 2) return found;
        foreach (var name in names.Where(n => n.AsSpan().IndexOfAny("*?[]`") < 0).Take(MostPlaces))
        {
            var share = site with { Rows = new RowShareOptions { Sites = [name] } };
            var source = await VteSource.OpenAsync(share.ToSource(), SiteClock.For("UTC"), password, ct).ConfigureAwait(false);
            await using (source.ConfigureAwait(false))
                found[name] = [.. (await StretchAsync(source, null, newest: true, ct).ConfigureAwait(false)).Reverse()];
        }
        return found;
    }

    // Hours that begin stretches, evenly over the runs, not over the calendar.
    private static List<DateTime> Begins(IReadOnlyList<HourCount> hours, int stretches)
    {
        var total = hours.Sum(h => h.Runs);
        var found = new List<DateTime>();
        var (seen, next) = (0L, 0);
        foreach (var hour in hours)
        {
            seen += hour.Runs;
            if (seen <= next * total / stretches) continue;
            found.Add(hour.LocalHour);
            while (next < stretches && seen > next * total / stretches) next++;
        }
        return found;
    }

    private static async Task<IReadOnlyList<VteTestRun>> StretchAsync(VteSource source, DateTime? hour, bool newest, CancellationToken ct)
    {
        var query = new TestRunQuery
        {
            Since = hour is { } begin ? new DateTimeOffset(DateTime.SpecifyKind(begin, DateTimeKind.Utc)) : null,
            First = StretchRuns, NewestFirst = newest, SettleTime = PastAnyOffset, OnUnreadable = static _ => Task.CompletedTask,
        };
        var runs = new List<VteTestRun>();
        await foreach (var run in source.ReadAsync(query, ct).ConfigureAwait(false)) runs.Add(run);
        return runs;
    }
}
