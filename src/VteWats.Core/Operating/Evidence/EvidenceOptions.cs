namespace VteWats.Core.Operating.Evidence;

/// <summary>What evidence is asked for.</summary>
/// <param name="Since">First instant.</param>
/// <param name="Until">Instant before which it ends.</param>
/// <param name="Seed">What the runs are drawn by.</param>
/// <param name="Runs">How many are drawn.</param>
public sealed record EvidenceOptions(DateTimeOffset Since, DateTimeOffset Until, int Seed, int Runs = 100);

/// <summary>What a page of evidence came to.</summary>
public sealed record EvidenceSummary
{
    public required string Site { get; init; }

    /// <summary>True when nothing is open: every run is where it should be, and what WATS has is right.</summary>
    public bool IsClean => OpenFindings == 0;

    /// <summary>The page.</summary>
    public required string Path { get; init; }

    /// <summary>The same for programs, beside it.</summary>
    public required string JsonPath { get; init; }

    public DateTimeOffset Since { get; init; }
    public DateTimeOffset Until { get; init; }

    /// <summary>Runs of the stretch in VTE.</summary>
    public long Runs { get; init; }

    /// <summary>Runs that are nowhere: neither in WATS nor in the dead letters, nor held, nor waiting.</summary>
    public long Missing { get; init; }

    /// <summary>Seed of the draw: the same seed draws the same runs.</summary>
    public int Seed { get; init; }

    /// <summary>Runs that were compared field by field.</summary>
    public int Compared { get; init; }

    /// <summary>Fields that differ.</summary>
    public int Inaccurate { get; init; }

    /// <summary>Findings that are open.</summary>
    public int OpenFindings { get; init; }

    /// <summary>SHA-256 of the page's content, as it stands at its end.</summary>
    public required string Hash { get; init; }
}
