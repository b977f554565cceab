using VteWats.Core.Sync.DeadLetters;

namespace VteWats.Core.Sync;

/// <summary>How the sync runs.</summary>
public sealed record SyncOptions
{
    /// <summary>Minutes between two syncs, 1 to 1440.</summary>
    public int IntervalMinutes { get; init; } = 5;

    /// <summary>Minutes behind the watermark that are read again for late and changed runs, 0 to 10080.</summary>
    public int GuardBandMinutes { get; init; } = 10;

    /// <summary>Days behind the watermark whose runs are counted by hour at each sync, and compared with the ledger, 1 to 400.</summary>
    public int CensusDays { get; init; } = 14;

    /// <summary>Days that the ledger keeps a row for each run, 1 to 36500; of what is older it keeps a count an hour.</summary>
    public int LedgerDays { get; init; } = 400;

    /// <summary>Hours that an unfinished run is held before it is sent as it is, 1 to 8760.</summary>
    public int UnfinishedHours { get; init; } = 24;

    /// <summary>Days between two comparisons by Start-VteWatsSync, 0 (never) to 365.</summary>
    public int CompareDays { get; init; } = 7;

    /// <summary>These comparisons send the runs that are missing in WATS.</summary>
    public bool CompareRepair { get; init; }

    /// <summary>Runs acknowledged after which the watermark is saved, 1 to 10000.</summary>
    public int BatchSize { get; init; } = 100;

    /// <summary>Dead letters kept a site, at least 1. Over it a sync stops rather than lose one.</summary>
    public int MaxDeadLetters { get; init; } = 10_000;

    /// <summary>Megabytes of dead letters kept a site, at least 1.</summary>
    public int MaxDeadLetterMegabytes { get; init; } = 1024;

    /// <summary>The caps of a site's dead letters.</summary>
    public DeadLetterLimits DeadLetterLimits() => new(MaxDeadLetters, MaxDeadLetterMegabytes * 1024L * 1024);
}
