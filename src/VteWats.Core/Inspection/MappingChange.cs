namespace VteWats.Core.Inspection;

/// <summary>What would be another thing in WATS under another mapping.</summary>
public enum MappingChangeKind
{
    /// <summary>A report can be made of the run, and could not before.</summary>
    // From 1: PowerShell takes 0 for false, and Where-Object Kind would leave it out.
    Mappable = 1,

    /// <summary>No report can be made of the run any more.</summary>
    Unmappable,

    /// <summary>Serial number, part number or revision: which unit it is.</summary>
    Unit,

    /// <summary>The test operation.</summary>
    Operation,

    /// <summary>The verdict on the run.</summary>
    Verdict,

    /// <summary>When the test began, or how long it took.</summary>
    Time,

    /// <summary>A step has another name or stands in another sequence.</summary>
    StepRenamed,

    /// <summary>A step is there, and was not.</summary>
    StepAdded,

    /// <summary>A step is no longer there.</summary>
    StepLost,

    /// <summary>The verdict on a step or its measurement.</summary>
    StepVerdict,

    /// <summary>What was measured: another value, a value that was none, or none where there was one.</summary>
    Value,

    /// <summary>A limit, or how a value is compared with it.</summary>
    Limit,

    /// <summary>The unit of a measurement.</summary>
    MeasureUnit,

    /// <summary>Something else of a step: its group, text, chart or attachment.</summary>
    Step,

    /// <summary>Something else of the report's header.</summary>
    Header,
}

/// <summary>All changes of one kind that another mapping would make in WATS.</summary>
public sealed record MappingChange
{
    public required MappingChangeKind Kind { get; init; }

    public required string Site { get; init; }

    /// <summary>Reports with such a change.</summary>
    public long Reports { get; init; }

    /// <summary>Changes: a report may have several.</summary>
    public long Count { get; init; }

    /// <summary>What that means in WATS.</summary>
    public required string Meaning { get; init; }

    /// <summary>Up to five of them, each at another place.</summary>
    public IReadOnlyList<MappingExample> Examples { get; init; } = [];
}

/// <summary>A change in one report.</summary>
/// <param name="RunId">The run.</param>
/// <param name="SerialNumber">Its unit.</param>
/// <param name="Place">A field of the header, or the path of the step as it is now.</param>
/// <param name="Before">As the mapping in use makes it.</param>
/// <param name="After">As the other one makes it.</param>
public sealed record MappingExample(Guid RunId, string? SerialNumber, string Place, string? Before, string? After);

/// <summary>What a comparison of two mappings came to.</summary>
public sealed record MappingComparison
{
    public required string Site { get; init; }

    /// <summary>True when every run comes out the same under both.</summary>
    public bool IsEqual => Different == 0;

    /// <summary>Runs that were mapped both ways.</summary>
    public long Runs { get; init; }

    /// <summary>Runs that come out different: other reports, and those that only one mapping makes a report of.</summary>
    public long Different { get; init; }

    /// <summary>Runs that neither makes a report of.</summary>
    public long Unmappable { get; init; }

    /// <summary>Fingerprint of the mapping in use, as it stands in its reports.</summary>
    public required string Mapping { get; init; }

    /// <summary>Fingerprint of the other one.</summary>
    public required string OtherMapping { get; init; }

    /// <summary>Timestamps of the first and the last run, in the site's local time; null when there was none.</summary>
    public DateTime? First { get; init; }

    public DateTime? Last { get; init; }

    public TimeSpan Duration { get; init; }
}
