using VteWats.Core.Inspection;

namespace VteWats.Core.Operating.Evidence;

/// <summary>All that the page tells, as it lies beside it as JSON.</summary>
internal sealed record EvidenceData
{
    public required string Site { get; init; }

    /// <summary>Server and database, and the share of it that is the site's.</summary>
    public required string Source { get; init; }

    /// <summary>Base URL of the WATS server, and its version.</summary>
    public required string Target { get; init; }

    public string? TargetVersion { get; init; }
    public required string Version { get; init; }
    public required string Runtime { get; init; }
    public required string System { get; init; }
    public DateTimeOffset MadeAt { get; init; }
    public DateTimeOffset Since { get; init; }
    public DateTimeOffset Until { get; init; }
    public required string TimeZone { get; init; }

    /// <summary>SHA-256 of all that the configuration says of the site; references to secrets, no secrets.</summary>
    public required string ConfigurationFingerprint { get; init; }

    /// <summary>As it stands in the reports.</summary>
    public required string MappingFingerprint { get; init; }

    public IReadOnlyList<EvidenceLine> Schema { get; init; } = [];
    public required TestRunMeasurement Quality { get; init; }
    public IReadOnlyList<EvidenceDecision> Decisions { get; init; } = [];
    public required EvidenceAccuracy Accuracy { get; init; }
    public IReadOnlyList<EvidenceDay> Days { get; init; } = [];
    public IReadOnlyList<EvidenceClockChange> ClockChanges { get; init; } = [];
    public required EvidenceSpeed Speed { get; init; }
    public IReadOnlyList<EvidenceYield> Products { get; init; } = [];

    /// <summary>What is not as it should be; nothing where all is well.</summary>
    public IReadOnlyList<EvidenceLine> Open { get; init; } = [];
}

/// <summary>Something that was found, and what to do.</summary>
internal sealed record EvidenceLine(string What, string Found, string? Advice = null);

/// <summary>A decision of the configuration.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">What it says.</param>
/// <param name="Evidence">What in the data speaks for it, or against.</param>
internal sealed record EvidenceDecision(string Key, string Value, string Evidence);

/// <summary>Runs drawn at random, compared field by field with what WATS gives back.</summary>
internal sealed record EvidenceAccuracy
{
    public int Seed { get; init; }
    public int Drawn { get; init; }
    public int Compared { get; init; }

    /// <summary>Drawn, and not in WATS: the completeness says where they are.</summary>
    public int NotInWats { get; init; }

    public long Fields { get; init; }
    public IReadOnlyList<AccuracyFinding> Findings { get; init; } = [];
    public required EvidenceJudged Steps { get; init; }
    public required EvidenceJudged Runs { get; init; }
    public required EvidenceJudged Limits { get; init; }
    public IReadOnlyList<Guid> Ids { get; init; } = [];

    /// <summary>True when nothing speaks against it.</summary>
    public bool IsClean => Findings.Count == 0 && !Steps.IsTooMuch && !Runs.IsTooMuch && !Limits.IsTooMuch;
}

/// <summary>What was judged anew by limits.</summary>
internal sealed record EvidenceJudged(long Judged, long Against, double Allowed, IReadOnlyList<string> Examples)
{
    // One of a few is no share.
    private const int Fewest = 3;

    public bool IsTooMuch => Against >= Fewest && Against > Judged * Allowed;

    public static EvidenceJudged From(Contradictions found, double allowed) => new(found.Judged, found.Against, allowed, found.Examples);
}

/// <summary>Where the runs of a day are, by the stations' time. The parts make up <see cref="Vte"/>.</summary>
internal sealed record EvidenceDay
{
    public DateTime Day { get; init; }

    /// <summary>Counted by the database.</summary>
    public long Vte { get; init; }

    /// <summary>Shown by WATS.</summary>
    public long Wats { get; init; }

    public long Letters { get; init; }

    /// <summary>Held back, by a person or because they are not finished.</summary>
    public long Held { get; init; }

    /// <summary>Stamped ahead of the database's clock.</summary>
    public long Ahead { get; init; }

    /// <summary>Behind the watermark: the next sync sends them; or sent, and not shown yet.</summary>
    public long Waiting { get; init; }

    /// <summary>None of these: it should be nought.</summary>
    public long Missing => Vte - Wats - Letters - Held - Ahead - Waiting;

    public long Passed { get; init; }
    public long Failed { get; init; }
    public long Other { get; init; }

    /// <summary>Minutes from a run's timestamp until WATS was known to have it, the middle one of the day.</summary>
    public double? LagMinutes { get; init; }
}

/// <summary>A change of the clocks, and runs near it.</summary>
internal sealed record EvidenceClockChange(DateTimeOffset At, string Kind, IReadOnlyList<EvidenceClockRun> Runs);

/// <summary>A run near a clock change.</summary>
internal sealed record EvidenceClockRun(Guid RunId, DateTime Local, DateTimeOffset Expected, DateTimeOffset? Wats)
{
    public bool IsRight => Wats is { } there && (there - Expected).Duration() < TimeSpan.FromMilliseconds(20);
}

/// <summary>How fast it goes.</summary>
internal sealed record EvidenceSpeed
{
    public long MostADay { get; init; }
    public long MostAnHour { get; init; }

    /// <summary>Runs a second of the last sync.</summary>
    public double? LastRate { get; init; }

    public double? MedianLagMinutes { get; init; }
    public double? LongestUsualLagMinutes { get; init; }
}

/// <summary>First-pass yield of a product: of the first runs of its units, how many passed.</summary>
internal sealed record EvidenceYield(string Product, long Units, long PassedInVte, long InWats, long PassedInWats)
{
    public double InVte => Units == 0 ? 0 : (double)PassedInVte / Units;
    public double OfWats => InWats == 0 ? 0 : (double)PassedInWats / InWats;
}
