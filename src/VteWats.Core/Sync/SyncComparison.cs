namespace VteWats.Core.Sync;

/// <summary>What a comparison of VTE with WATS came to.</summary>
public sealed record SyncComparison
{
    public required string Site { get; init; }

    /// <summary>True when every run of the stretch is in WATS with its verdict, or held back, and nothing else is.</summary>
    public bool IsEqual => Missing + OtherVerdict + OtherSteps + NotInVte == Repaired;

    public DateTimeOffset Since { get; init; }

    /// <summary>End of the stretch; what was settled by then, where none was given.</summary>
    public DateTimeOffset Until { get; init; }

    /// <summary>Runs that were compared.</summary>
    public long Runs { get; init; }

    public long Missing { get; init; }
    public long OtherVerdict { get; init; }

    /// <summary>Runs of which VTE has another number of steps than were sent; 0 where they were not counted.</summary>
    public long OtherSteps { get; init; }

    public long NotInVte { get; init; }

    /// <summary>Runs that are held back, and so are not in WATS as they are in VTE.</summary>
    public long Held { get; init; }

    /// <summary>Differences that were mended.</summary>
    public long Repaired { get; init; }

    /// <summary>Missing runs that have a dead letter, which says why.</summary>
    public long InDeadLetters { get; init; }

    /// <summary>Which server and database.</summary>
    public required string Source { get; init; }

    /// <summary>Base URL of the WATS server.</summary>
    public required string Target { get; init; }

    /// <summary>Release of VteWats.</summary>
    public required string Version { get; init; }

    public DateTimeOffset Started { get; init; }
    public TimeSpan Duration { get; init; }

    internal SyncComparison And(SyncDifference difference) => this with
    {
        Missing = Missing + (difference.Kind == SyncDifferenceKind.MissingInWats ? 1 : 0),
        OtherVerdict = OtherVerdict + (difference.Kind == SyncDifferenceKind.OtherVerdict ? 1 : 0),
        OtherSteps = OtherSteps + (difference.Kind == SyncDifferenceKind.OtherSteps ? 1 : 0),
        NotInVte = NotInVte + (difference.Kind == SyncDifferenceKind.NotInVte ? 1 : 0),
        Held = Held + (difference.Kind == SyncDifferenceKind.Held ? 1 : 0),
        Repaired = Repaired + (difference.Repaired ? 1 : 0),
        InDeadLetters = InDeadLetters + (difference.InDeadLetters ? 1 : 0),
    };
}
