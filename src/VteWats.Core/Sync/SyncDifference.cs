namespace VteWats.Core.Sync;

/// <summary>How a run and a report do not agree.</summary>
public enum SyncDifferenceKind
{
    /// <summary>The run is not in WATS.</summary>
    // From 1: PowerShell takes 0 for false, and Where-Object Kind would leave it out.
    MissingInWats = 1,

    /// <summary>The report has another verdict than the run.</summary>
    OtherVerdict,

    /// <summary>VTE has another number of steps than were sent.</summary>
    OtherSteps,

    /// <summary>The report comes from a station of VTE, and no run stands behind it.</summary>
    NotInVte,

    /// <summary>The run is held back, by a person or because it is not finished yet: <see cref="SyncDifference.HeldBecause"/> says
    /// why.</summary>
    Held,
}

/// <summary>A run and a report that do not agree.</summary>
public sealed record SyncDifference
{
    public required SyncDifferenceKind Kind { get; init; }
    public required string Site { get; init; }
    public required Guid RunId { get; init; }
    public DateTimeOffset? Start { get; init; }
    public string? SerialNumber { get; init; }
    public string? StationName { get; init; }

    /// <summary>Verdict of the run in words: Passed, Failed, Error, Terminated, or <c>Code n</c>; null where there is no run.</summary>
    public string? VteResult { get; init; }

    /// <summary>Verdict of the report in the same words; null where there is no report.</summary>
    public string? WatsResult { get; init; }

    /// <summary>Steps that VTE has of the run; null where they were not counted.</summary>
    public int? VteSteps { get; init; }

    /// <summary>Steps that were sent; null where they were not counted.</summary>
    public int? SentSteps { get; init; }

    /// <summary>True for a run that has a dead letter, which says why.</summary>
    public bool InDeadLetters { get; init; }

    /// <summary>Why the run is held back; null for one that is not.</summary>
    public string? HeldBecause { get; init; }

    /// <summary>With -Repair: true when the run was sent now.</summary>
    public bool Repaired { get; init; }
}
