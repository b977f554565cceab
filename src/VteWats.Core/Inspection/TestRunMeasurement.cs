namespace VteWats.Core.Inspection;

/// <summary>What a period of test runs looks like, and what in it will matter to the mapping.</summary>
public sealed record TestRunMeasurement
{
    /// <summary>Name of the configured site.</summary>
    public required string Site { get; init; }

    public long Runs { get; init; }

    /// <summary>Timestamp of the first and the last run, in the site's local time; null when there is none.</summary>
    public DateTime? First { get; init; }

    public DateTime? Last { get; init; }

    /// <summary>Codes of <c>IndexData.Result</c>, with the verdict that the mapping gives each.</summary>
    public IReadOnlyList<CodeCount> Results { get; init; } = [];

    public IReadOnlyList<CodeCount> ExitCodes { get; init; } = [];

    /// <summary>Codes of <c>TestResultType</c>, counted by step, with the verdict that the mapping gives each.</summary>
    public IReadOnlyList<CodeCount> StepResults { get; init; } = [];

    public IReadOnlyList<NameCount> Products { get; init; } = [];
    public IReadOnlyList<NameCount> Testplans { get; init; } = [];
    public IReadOnlyList<NameCount> Stations { get; init; } = [];

    /// <summary>Runs by day of the site's local time, in order.</summary>
    public IReadOnlyList<NameCount> Days { get; init; } = [];

    /// <summary>Step results of all runs.</summary>
    public long Steps { get; init; }

    public int FewestSteps { get; init; }
    public int MostSteps { get; init; }

    /// <summary>Mean number of step results of a run; 0 when there is no run.</summary>
    public double MeanSteps => Runs == 0 ? 0 : Math.Round((double)Steps / Runs, 1);

    /// <summary>What was found in the data, the most frequent first. Kinds that were not met are not listed.</summary>
    public IReadOnlyList<DataFinding> Findings { get; init; } = [];
}

/// <summary>How often an integer code occurs. <paramref name="Code"/> is null for NULL.</summary>
/// <param name="Code">As stored.</param>
/// <param name="Count">Runs, or steps.</param>
/// <param name="Meaning">Verdict by the site's mapping, in words; null when it knows none.</param>
/// <param name="Known">False when the mapping must be told of the code. Codes that nothing depends on are always known.</param>
public sealed record CodeCount(int? Code, long Count, string? Meaning, bool Known);

/// <summary>How many runs there are of something; with its failed ones, by the mapping.</summary>
public sealed record NameCount(string Name, long Count, long Failed);

/// <summary>One kind of oddity in the data.</summary>
/// <param name="Kind">Stable name, such as <c>SerialMissing</c>.</param>
/// <param name="Count">Runs, steps or values, as <paramref name="Description"/> says.</param>
/// <param name="Description">What it is, and what becomes of it.</param>
/// <param name="Examples">Ids of up to three runs.</param>
public sealed record DataFinding(string Kind, long Count, string Description, IReadOnlyList<Guid> Examples);
