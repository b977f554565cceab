using VteWats.Core.Diagnostics;
using VteWats.Core.Sync.State;

namespace VteWats.Core.Sync;

/// <summary>What one sync of a site is asked to do.</summary>
public sealed record SyncRequest
{
    /// <summary>Where the first sync begins when the site has no watermark.</summary>
    public DateTimeOffset? InitialSince { get; init; }

    /// <summary>Send again what is known and what is in WATS already.</summary>
    public bool Force { get; init; }

    /// <summary>Read, map and ask only: nothing is posted, no state and no dead letter is written. The sender must be a dry one
    /// too.</summary>
    public bool DryRun { get; init; }

    /// <summary>Given for a backfill: only this stretch is sent, the live watermark is left alone.</summary>
    public BackfillRange? Backfill { get; init; }

    /// <summary>Only what was sent under another mapping and comes out different now is sent; the live watermark is left alone.</summary>
    public bool Remapped { get; init; }

    /// <summary>True for what may run beside the live sync.</summary>
    internal bool IsBeside => Backfill is not null || Remapped;

    /// <summary>What its events in the log are found by.</summary>
    public string SyncId { get; init; } = VteWatsLog.NewSyncId();

    /// <summary>What the lease is taken for: each backfill has its own, so that it may run beside the sync.</summary>
    internal string Purpose => Remapped ? "remapped" : Backfill is { } range ? "backfill-" + BackfillPosition.KeyOf(range) : SyncLease.Live;

    /// <summary>Time for posts under way to end after a stop was asked for.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>The stretch of a backfill.</summary>
/// <param name="Since">First instant.</param>
/// <param name="Until">Instant before which it ends; what is settled when it begins, if null.</param>
/// <param name="NewestFirst">Backwards from the end.</param>
public sealed record BackfillRange(DateTimeOffset Since, DateTimeOffset? Until, bool NewestFirst);
