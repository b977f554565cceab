using System.Globalization;
using VteWats.Core.Time;
using VteWats.Core.Vte.Reading;

namespace VteWats.Core.Inspection;

/// <summary>Looks whether each run of a database that several sites share belongs to one of them: what belongs to none is sent by nobody,
/// what belongs to two is sent by both.</summary>
public static class ShareCheck
{
    /// <summary>Days that it looks at, up to now.</summary>
    public const int Days = 30;

    /// <param name="sites">The sites of the database; it is read as the first of them reads it.</param>
    /// <param name="clock">Clock of the first site.</param>
    /// <param name="password">Password of the first site.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>What is wrong, with what to do; nothing where each run has one site.</returns>
    /// <exception cref="Diagnostics.VteWatsException">The errors of the connection and of the schema.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(IReadOnlyList<VteSourceOptions> sites, SiteClock clock, string? password,
        CancellationToken ct)
    {
        var source = await VteSource.OpenAsync(sites[0], clock, password, ct).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            var now = await source.UtcNowAsync(ct).ConfigureAwait(false);
            var counts = await source.CountByShareAsync(
                Second(clock.SmallestLocalFrom(now.AddDays(-Days))), Second(clock.LargestLocalBefore(now)),
                [.. sites.Select(site => site.Rows)], ct).ConfigureAwait(false);
            return [.. counts.Where(count => count.Shares.Count != 1 && count.Runs > 0).OrderBy(count => count.Shares.Count)
                .ThenByDescending(count => count.Runs)
                .Select(count => Text(count.Runs, [.. count.Shares.Select(n => sites[n].Site)], [.. sites.Select(site => site.Site)]))];
        }
    }

    private static string Text(long runs, string[] theirs, string[] all) => theirs.Length == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{Runs(runs)} of the last {Days} days to none of the sites {List(all)}, which read ")
            + "one database: nobody sends them. Widen the rows of the site that they are to go with; Measure-VteTestRun with the "
            + "connection instead of a site lists stations and products of all runs."
        : string.Create(CultureInfo.InvariantCulture, $"{Runs(runs)} of the last {Days} days to the sites {List(theirs)} at once: each of ")
            + "them sends them, and WATS keeps what came last. Narrow the rows of all but one.";

    private static string Runs(long count) =>
        count == 1 ? "1 run belongs" : string.Create(CultureInfo.InvariantCulture, $"{count} runs belong");

    private static string List(string[] names) => $"{string.Join(", ", names[..^1])} and {names[^1]}";

    private static DateTime Second(DateTime local) => new(local.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond);
}
