
namespace VteWats.Core.Vte.Reading;

/// <summary>Which test runs to read. Conditions of different kinds must all hold; of one list, any. An empty query is every settled
/// run.</summary>
public sealed record TestRunQuery
{
    /// <summary>Only runs that can have started at this instant or later. A run in the hour that occurs twice counts as its later instant
    /// here: none is missed.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only runs that started before this instant.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only runs after this one in the order of (timestamp, id).</summary>
    public RunPosition? After { get; init; }

    /// <summary>Only these runs, read by key.</summary>
    public IReadOnlyList<Guid> Ids { get; init; } = [];

    /// <summary>Wildcards (<c>*</c>, <c>?</c>, <c>[a-c]</c>; a backtick takes the meaning off the next character).</summary>
    public IReadOnlyList<string> SerialNumbers { get; init; } = [];

    /// <summary>Wildcards on the product's name.</summary>
    public IReadOnlyList<string> ProductNames { get; init; } = [];

    /// <summary>Wildcards on the test plan's name.</summary>
    public IReadOnlyList<string> TestplanNames { get; init; } = [];

    /// <summary>Wildcards on the test station's name or host name.</summary>
    public IReadOnlyList<string> StationNames { get; init; } = [];

    /// <summary>Verdicts: Passed, Failed, Error, Terminated (through the site's mapping), or integer codes of
    /// <c>IndexData.Result</c>.</summary>
    public IReadOnlyList<string> Results { get; init; } = [];

    /// <summary>At most this many runs.</summary>
    public int? First { get; init; }

    /// <summary>Leave the steps out: they and the content hash are null then.</summary>
    public bool HeaderOnly { get; init; }

    /// <summary>Read backwards from the newest.</summary>
    public bool NewestFirst { get; init; }

    /// <summary>Age below which a run is left for the next time, measured by the database's clock; the site's setting when null.</summary>
    public TimeSpan? SettleTime { get; init; }

    /// <summary>
    /// Given when the reading begins at the site's watermark. The source checks that it fits, begins at its
    /// <see cref="IReadCheckpoint.ReadFrom"/>, and hands it to the read session that every run passes, if the reading leaves no run out.
    /// </summary>
    public IReadCheckpoint? Checkpoint { get; init; }

    /// <summary>Bring every run to be sent again, whatever is known of it.</summary>
    public bool Resend { get; init; }

    /// <summary>
    /// Told of each run that cannot be read, in its place among the others; the reading goes on behind it when this returns. Without it
    /// such a
    /// run ends the reading.
    /// </summary>
    public Func<UnreadableRun, Task>? OnUnreadable { get; init; }

    /// <summary>True when one of <see cref="Ids"/> can be missing from the reading only because it is not there or not settled.</summary>
    public bool AsksForIdsOnly =>
        Ids.Count > 0 && Since is null && Until is null && First is null
        && (this with { Ids = [], HeaderOnly = false, NewestFirst = false }).LeavesNothingOut;

    /// <summary>True when every settled run between <see cref="Since"/> and <see cref="Until"/> is read, whole and in order: only such a
    /// reading may move a watermark.</summary>
    public bool LeavesNothingOut =>
        After is null && Ids.Count == 0 && SerialNumbers.Count == 0 && ProductNames.Count == 0 && TestplanNames.Count == 0
        && StationNames.Count == 0
        && Results.Count == 0 && !HeaderOnly && !NewestFirst;
}
