namespace VteWats.Core.Wats.Comparison;

/// <summary>One thing in which the report in WATS is not the report that was expected there.</summary>
public sealed record ReportDifference
{
    /// <summary>Id of the test run, which is the id of the report.</summary>
    public required Guid RunId { get; init; }

    public string? SerialNumber { get; init; }

    /// <summary>What is different.</summary>
    public required ReportDifferenceKind Kind { get; init; }

    /// <summary>Where: a field of the header, or the path of the step in the server's form.</summary>
    public required string Path { get; init; }

    /// <summary>What the test run says.</summary>
    public string? Expected { get; init; }

    /// <summary>What WATS says.</summary>
    public string? Actual { get; init; }
}

/// <summary>In what a report in WATS differs from the one that was expected there.</summary>
public enum ReportDifferenceKind
{
    /// <summary>The report, or a part of it, is not in WATS.</summary>
    Missing,

    /// <summary>WATS has a part that was not expected.</summary>
    Extra,

    /// <summary>A field of the header.</summary>
    Header,

    /// <summary>The verdict on the run.</summary>
    Result,

    /// <summary>How many steps there are.</summary>
    StepCount,

    /// <summary>The verdict on a step or measurement.</summary>
    Status,

    /// <summary>A measured value.</summary>
    Value,

    /// <summary>A limit of a measurement.</summary>
    Limit,

    /// <summary>The unit of a measurement.</summary>
    Unit,

    /// <summary>How a measurement is compared with its limits.</summary>
    Comparison,

    /// <summary>The report text or error message of a step.</summary>
    Text,

    /// <summary>Begin or duration, of the run or of a step.</summary>
    Time,
}
