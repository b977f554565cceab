using VteWats.Core.Diagnostics;
using VteWats.Core.Vte.Reading;

namespace VteWats.Core.Sync;

/// <summary>A part of the way from VTE into WATS.</summary>
internal enum SyncStage
{
    Source,
    Map,
    Send,
    Confirm,
}

/// <summary>When each stage of a sync was tried, and when it succeeded. May be read by another thread at any time.</summary>
internal sealed class SyncStages(TimeProvider? time = null)
{
    private readonly long[] _attempts = new long[4];
    private readonly long[] _successes = new long[4];
    private readonly string?[] _waits = new string?[4];

    /// <summary>The stage that was tried last.</summary>
    public SyncStage Current { get; private set; }

    /// <summary>The clock; a sync gives its own.</summary>
    internal TimeProvider Time { get; set; } = time ?? TimeProvider.System;

    /// <summary>When it was tried last; null when it was not.</summary>
    public DateTimeOffset? Attempt(SyncStage stage) => Instant(_attempts, stage);

    /// <summary>When it succeeded last; null when it did not.</summary>
    public DateTimeOffset? Success(SyncStage stage) => Instant(_successes, stage);

    /// <summary>What it waits for; null where it does not.</summary>
    public string? WaitsFor(SyncStage stage) => Volatile.Read(ref _waits[(int)stage]);

    /// <summary>When a stage was last tried, or succeeded; it grows as long as the sync moves.</summary>
    public long LastMovement => _attempts.Concat(_successes).Max();

    internal void Try(SyncStage stage, string waitsFor)
    {
        Current = stage;
        Volatile.Write(ref _attempts[(int)stage], Time.GetUtcNow().UtcTicks);
        Volatile.Write(ref _waits[(int)stage], waitsFor);
    }

    internal void Done(SyncStage stage)
    {
        Volatile.Write(ref _successes[(int)stage], Time.GetUtcNow().UtcTicks);
        Volatile.Write(ref _waits[(int)stage], null);
    }

    private static DateTimeOffset? Instant(long[] ticks, SyncStage stage) =>
        Volatile.Read(ref ticks[(int)stage]) is > 0 and var at ? new DateTimeOffset(at, TimeSpan.Zero) : null;
}

/// <summary>What the source held when a sync began, for those who judge whether it moves.</summary>
/// <param name="At">When it was looked at.</param>
/// <param name="ClockDifference">How far the database's clock was ahead of this machine's.</param>
/// <param name="Runs">Settled runs behind the watermark; null where they could not be counted.</param>
internal sealed record SourceStanding(DateTimeOffset At, TimeSpan ClockDifference, RunsWaiting? Runs)
{
    /// <summary>Looks at the source. It is no reason for a sync to fail: null where that cannot be done.</summary>
    public static async Task<SourceStanding?> LookAsync(SyncServices services, IVteSource source, LivePosition position,
        CancellationToken ct)
    {
        try
        {
            var now = await source.UtcNowAsync(ct).ConfigureAwait(false);
            var at = services.Time.GetUtcNow();
            var standing = new SourceStanding(at, now - at, null);
            var clock = services.Clock;
            var from = position.From ?? clock.SmallestLocalFrom(position.Checkpoint.ReadFrom).AddSeconds(-1);
            var to = clock.LargestLocalBefore(now - TimeSpan.FromSeconds(services.Site.Connection.SettleSeconds));
            // Whole seconds: the runs of the watermark's own second count for done.
            from = Second(from).AddSeconds(1);
            if (from >= to) return standing with { Runs = new RunsWaiting(0, null, null) };
            return standing with { Runs = await source.CountWaitingAsync(from, Second(to), ct).ConfigureAwait(false) };
        }
        catch (VteWatsException e)
        {
            services.Log.For<SourceStanding>().Warning(e, "{Site}: how far the source is ahead could not be seen", services.Site.Name);
            return null;
        }
    }

    private static DateTime Second(DateTime local) => new(local.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond);
}
