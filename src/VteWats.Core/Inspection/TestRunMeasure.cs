using VteWats.Core.Mapping;
using VteWats.Core.Time;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;

namespace VteWats.Core.Inspection;

/// <summary>Reads a period of a site's test runs once and counts what is in it.</summary>
public static class TestRunMeasure
{
    /// <param name="site">The database to read.</param>
    /// <param name="clock">The site's clock.</param>
    /// <param name="mapping">What the counts are held against.</param>
    /// <param name="password">Its password, if it needs one.</param>
    /// <param name="query">Which runs; all that they hold is read.</param>
    /// <param name="progress">Told each run.</param>
    /// <param name="ct">Ends it without a result.</param>
    public static async Task<TestRunMeasurement> RunAsync(VteSourceOptions site, SiteClock clock, MappingOptions mapping, string? password,
        TestRunQuery query, Func<VteTestRun, Task>? progress, CancellationToken ct)
    {
        var source = await VteSource.OpenAsync(site, clock, password, ct).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            var now = await source.UtcNowAsync(ct).ConfigureAwait(false);
            var statistics = new TestRunStatistics(site.Site, clock, mapping, now);
            await foreach (var run in source.ReadAsync(query with { HeaderOnly = false }, ct).ConfigureAwait(false))
            {
                statistics.Add(run);
                if (progress is not null) await progress(run).ConfigureAwait(false);
            }
            return statistics.Result();
        }
    }
}
