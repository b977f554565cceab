using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats.Client;

namespace VteWats.Core.Operating.Evidence;

/// <summary>The last two changes of the clocks before an instant, and what WATS has of the runs near them.</summary>
internal sealed class ClockChanges(IVteSource source, PlainReader reader, WatsClient wats, TimeZoneInfo zone, bool isEnd)
{
    private const int Most = 10, MonthsBack = 13;
    private static readonly TimeSpan Near = TimeSpan.FromHours(2);

    public async Task<IReadOnlyList<EvidenceClockChange>> FindAsync(DateTimeOffset until, CancellationToken ct)
    {
        var found = new List<EvidenceClockChange>();
        var hour = new DateTimeOffset(until.UtcTicks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour, TimeSpan.Zero);
        for (var at = hour; at > until.AddMonths(-MonthsBack) && found.Count < 2; at = at.AddHours(-1))
        {
            var (before, after) = (zone.GetUtcOffset(at.AddHours(-1)), zone.GetUtcOffset(at));
            if (before == after) continue;
            var local = at.UtcDateTime + (before > after ? before : after);
            var runs = await RunsAsync(local - Near - (before - after).Duration(), local + Near, ct).ConfigureAwait(false);
            found.Add(new EvidenceClockChange(at, after > before ? "forward: an hour of local time never occurs"
                : "back: an hour of local time occurs twice, and the earlier one counts", runs));
        }
        return found;
    }

    private async Task<IReadOnlyList<EvidenceClockRun>> RunsAsync(DateTime from, DateTime to, CancellationToken ct)
    {
        var runs = new List<EvidenceClockRun>();
        await foreach (var key in source.ReadKeysAsync(from, to, ct).ConfigureAwait(false))
        {
            if (await Task.Run(() => reader.Read(key.Id), ct).ConfigureAwait(false) is not { } run) continue;
            var answer = await wats.GetReportAsync(key.Id, ct).ConfigureAwait(false);
            runs.Add(new EvidenceClockRun(key.Id, run.Timestamp, AccuracyCheck.StartOf(run, zone, isEnd).ToUniversalTime(),
                answer is null ? null : new PlainReport(answer).Start?.ToUniversalTime()));
            if (runs.Count == Most) break;
        }
        return runs;
    }
}
