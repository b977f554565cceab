namespace VteWats.Core.Sync.State;

/// <summary>Where a run stands on its way into WATS.</summary>
internal enum LedgerState
{
    /// <summary>About to be posted, or posted and not yet known to be there: what a crash left in doubt is sent again.</summary>
    Posting = 1,

    /// <summary>WATS has taken the report and does not show it yet.</summary>
    Sent = 2,

    /// <summary>WATS shows the report.</summary>
    Confirmed = 3,

    /// <summary>It has a dead letter, which says why.</summary>
    Letter = 4,

    /// <summary>No longer in VTE: somebody deleted it.</summary>
    Gone = 5,

    /// <summary>Not finished, or stamped ahead of the database's clock: it is read again each time.</summary>
    Held = 6,
}

/// <summary>What the state knows of one run.</summary>
internal sealed record LedgerEntry
{
    /// <summary><c>IndexData.Index_GUID</c>.</summary>
    public required Guid RunId { get; init; }

    /// <summary><c>IndexData.Timestamp</c> as stored: site-local time.</summary>
    public required DateTime Timestamp { get; init; }

    /// <summary>Content when it was acknowledged; empty when nobody read it in full.</summary>
    internal byte[] ContentHash { get; init; } = [];

    /// <summary>Header when it was acknowledged; 0 when that is not known.</summary>
    internal long HeaderHash { get; init; }

    /// <summary>Number of its step results.</summary>
    public int StepCount { get; init; }

    /// <summary>Its index among the runs of its unit that began at the same moment.</summary>
    public int DuplicateIndex { get; init; }

    public required LedgerState State { get; init; }

    /// <summary>Fingerprint of the mapping that made its report; 0 when none did, or nobody knows which.</summary>
    public long Mapping { get; init; }

    /// <summary>Since when it is in this state.</summary>
    public DateTimeOffset FirstAt { get; init; }

    /// <summary>When it was looked at last.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>How often it was posted.</summary>
    public int Attempts { get; init; }

    /// <summary>Why it is held, or why a person put it aside as a letter; null for any other letter.</summary>
    public string? Reason { get; init; }
}
