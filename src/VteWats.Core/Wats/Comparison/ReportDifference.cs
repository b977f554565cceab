namespace VteWats.Core.Wats.Comparison;

/// <summary>One thing in which the report in WATS is not the report that was expected there.</summary>
public sealed record ReportDifference
{
    /// <summary>Id of the test run, which is the id of the report.</summary>
    public required Guid RunId { get; init; }

    public string? SerialNumber { get; init; }

    /// <summary>
    /// <c>Missing</c>, <c>Extra</c>, <c>Header</c>, <c>Result</c>, <c>StepCount</c>, <c>Status</c>, <c>Value</c>, <c>Limit</c>,
    /// <c>Unit</c>, <c>Comparison</c>,
    /// <c>Text</c> or <c>Time</c>.
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>Where: a field of the header, or the path of the step in the server's form.</summary>
    public required string Path { get; init; }

    /// <summary>What the test run says.</summary>
    public string? Expected { get; init; }

    /// <summary>What WATS says.</summary>
    public string? Actual { get; init; }
}
