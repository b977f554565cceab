using VteWats.Core.Diagnostics;
using VteWats.Core.Sync.State;
using VteWats.Core.Wats.Client;

namespace VteWats.Core.Sync;

/// <summary>The comparison that the running service makes by itself, of the days that the census looks at.</summary>
/// <param name="services">The parts of the site's sync.</param>
/// <param name="wats">The client.</param>
public sealed class WeeklyComparison(SyncServices services, WatsClient wats)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    // Six hours: one that hangs must not look alive for ever.
    private const int MostBeats = 360;

    /// <summary>The sites that no sync runs for meanwhile, itself among them: none may look dead, or whoever watches ends the
    /// process.</summary>
    public IReadOnlyList<string> Waiting { get; init; } = [services.Site.Name];

    /// <summary>Called every minute while it compares, as often as it shows that it is alive.</summary>
    public Action? OnBeat { get; init; }

    /// <summary>The result; null when it is not due, or the site has no watermark yet.</summary>
    public async Task<SyncComparison?> RunIfDueAsync(CancellationToken ct)
    {
        var now = services.Time.GetUtcNow();
        var timers = new Timers(new StateDatabase(services.StateFolder), services.Site.Name);
        // Not at once: the site's first backlog is still on its way.
        if (!timers.IsKnown("comparison")) timers.Set(null, "comparison", now);
        if (!timers.IsDue("comparison", TimeSpan.FromDays(services.Sync.CompareDays), now)) return null;
        if (new WatermarkStore(services.StateFolder, services.Site.Name).Load() is not
            { Position: { Instant: var position }, BeginsAt: { } begin }) return null;
        // What lies behind the position is for the next sync to read. The days before it, also where nothing has been tested for a while.
        var until = position < now ? position.AddTicks(1) : now;
        var since = until.AddDays(-services.Sync.CensusDays);
        if (since < begin) since = begin;
        var comparer = new Comparer(services, wats) { Repair = services.Sync.CompareRepair, Deep = true, OnlyArrived = true };
        // Not again before tomorrow if it fails, or if its process does not survive it.
        timers.Set(null, "comparison", now.AddDays(1 - services.Sync.CompareDays));
        if (since >= until) return null;
        var result = await BeatingAsync(() => comparer.RunAsync(since, until, ct)).ConfigureAwait(false);
        timers.Set(null, "comparison", now);
        services.Log.For<WeeklyComparison>().Information(
            "{Site}: compared {Runs} runs with WATS: missing {Missing}, other verdict {OtherVerdict}, other steps {OtherSteps}, not in "
            + "VTE {NotInVte}, held {Held}, repaired {Repaired}",
            result.Site, result.Runs, result.Missing, result.OtherVerdict, result.OtherSteps, result.NotInVte, result.Held,
            result.Repaired);
        return result;
    }

    private async Task<SyncComparison> BeatingAsync(Func<Task<SyncComparison>> work)
    {
        using var end = new CancellationTokenSource();
        var beats = Task.Run(() => BeatAsync(end.Token), CancellationToken.None);
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await beats.ConfigureAwait(false);
        }
    }

    private async Task BeatAsync(CancellationToken end)
    {
        for (var n = 0; n < MostBeats && !end.IsCancellationRequested; n++)
        {
            foreach (var site in Waiting) Beat(site);
            OnBeat?.Invoke();
            await Task.Delay(Every, services.Time, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Beat(string site)
    {
        var now = services.Time.GetUtcNow();
        try
        {
            // A sync of another process beats for itself.
            new StatusStore(services.StateFolder, site).Write(new StatusChange(now)
            {
                Sync = before => before.Result == "Running" ? before : before with { LastBeat = now },
            });
        }
        catch (VteWatsException e)
        {
            services.Log.For<WeeklyComparison>().Warning(e, "{Site}: the status could not be written", site);
        }
    }
}
