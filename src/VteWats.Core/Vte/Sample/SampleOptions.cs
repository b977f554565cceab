using VteWats.Core.Vte.Schema;

namespace VteWats.Core.Vte.Sample;

/// <summary>What a sample database is to hold. The same options give the same data, on every runtime and every provider.</summary>
public sealed record SampleOptions
{
    /// <summary>Test runs, 1 to 10,000,000.</summary>
    public int Runs { get; init; } = 1000;

    public int Seed { get; init; } = 1;

    /// <summary>The instant before which all runs lie; the last ones about 5 minutes before it.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>Days before <see cref="Until"/> over which the runs are spread, 1 to 3650.</summary>
    public int DaysBack { get; init; } = 30;

    /// <summary>Names of tables and columns, and which are left out: for tests of schema profiles.</summary>
    internal SchemaProfile Profile { get; init; } = SchemaProfile.Default;
}

/// <summary>What was written into a sample database, and what in it cannot become a report under the default mapping.</summary>
public sealed record SampleSummary
{
    /// <summary>The file, or the server and database.</summary>
    public required string Database { get; init; }

    public int Runs { get; init; }
    public int Units { get; init; }
    public long Steps { get; init; }

    /// <summary>Smallest and largest <c>IndexData.Timestamp</c>: local time of <see cref="TimeZone"/>.</summary>
    public DateTime First { get; init; }

    public DateTime Last { get; init; }

    /// <summary>Zone of the local times in the database.</summary>
    public string TimeZone { get; init; } = SampleDatabase.TimeZone;

    /// <summary>Runs by <c>IndexData.Result</c>.</summary>
    public IReadOnlyDictionary<int, int> Results { get; init; } = new Dictionary<int, int>();

    /// <summary>How often each kind of dirt was planted.</summary>
    public IReadOnlyDictionary<string, int> Dirt { get; init; } = new Dictionary<string, int>();

    /// <summary>Runs that no report can be made of under the default mapping. Nothing in the database marks them.</summary>
    public IReadOnlyList<UnmappableRun> Unmappable { get; init; } = [];
}

/// <summary>A planted run without a report.</summary>
/// <param name="Id"><c>IndexData.Index_GUID</c>.</param>
/// <param name="Reason"><see cref="NoSerialNumber"/> or <see cref="UnknownResult"/>.</param>
public sealed record UnmappableRun(Guid Id, string Reason)
{
    public const string NoSerialNumber = "NoSerialNumber";
    public const string UnknownResult = "UnknownResult";
}
