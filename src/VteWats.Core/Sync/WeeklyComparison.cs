using VteWats.Core.Sync.State;
using VteWats.Core.Wats.Client;

namespace VteWats.Core.Sync;

/// <summary>The comparison that the running service makes by itself, of the days that the census looks at.</summary>
/// <param name="services">The parts of the site's sync.</param>
/// <param name="wats">The client.</param>
public sealed class WeeklyComparison(SyncServices services, WatsClient wats)
{
    /// <summary>The result; null when it is not due, or the site has no watermark yet.</summary>
    public async Task<SyncComparison?> RunIfDueAsync(CancellationToken ct)
    {
        var now = services.Time.GetUtcNow();
        var timers = new Timers(new StateDatabase(services.StateFolder), services.Site.Name);
        // Not at once: the site's first backlog is still on its way.
        if (!timers.IsKnown("comparison")) timers.Set(null, "comparison", now);
        if (!timers.IsDue("comparison", TimeSpan.FromDays(services.Sync.CompareDays), now)) return null;
        if (new WatermarkStore(services.StateFolder, services.Site.Name).Load() is not { Position: not null, BeginsAt: { } begin })
            return null;
        var since = now.AddDays(-services.Sync.CensusDays);
        var comparer = new Comparer(services, wats) { Repair = services.Sync.CompareRepair, Deep = true };
        var result = await comparer.RunAsync(since > begin ? since : begin, null, ct).ConfigureAwait(false);
        timers.Set(null, "comparison", now);
        services.Log.For<WeeklyComparison>().Information(
            "{Site}: compared {Runs} runs with WATS: missing {Missing}, other verdict {OtherVerdict}, other steps {OtherSteps}, not in "
            + "VTE {NotInVte}, held {Held}, repaired {Repaired}",
            result.Site, result.Runs, result.Missing, result.OtherVerdict, result.OtherSteps, result.NotInVte, result.Held,
            result.Repaired);
        return result;
    }
}
