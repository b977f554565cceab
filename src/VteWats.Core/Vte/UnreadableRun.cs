using VteWats.Core.Diagnostics;

namespace VteWats.Core.Vte;

/// <summary>A row of <c>IndexData</c> that no test run can be made of: a value in it, or in what it refers to, cannot be read.</summary>
public sealed record UnreadableRun
{
    /// <summary><c>IndexData.Index_GUID</c>; where that is not a valid GUID, one that is made of what stands there, always the
    /// same.</summary>
    public required Guid Id { get; init; }

    /// <summary>Name of the configured site.</summary>
    public required string Site { get; init; }

    /// <summary><c>IndexData.Index_GUID</c> as it stands in the database; empty for none.</summary>
    public required string Key { get; init; }

    /// <summary><c>IndexData.Timestamp</c> as stored; null where that is not a valid time.</summary>
    public DateTime? Timestamp { get; init; }

    /// <summary>What the database, or the reader, said of it.</summary>
    public required string Reason { get; init; }

    /// <summary>Stands for the run's content hash and header hash as long as it cannot be read: the same at every reading, and another one
    /// as
    /// soon as it can be.</summary>
    public required string ContentHash { get; init; }

    /// <summary>Its place in the read session. Acknowledge it when the run is where it cannot be lost; the watermark waits for
    /// that.</summary>
    public required ReadMark Mark { get; init; }

    /// <summary>The error that names the run and says what to do.</summary>
    public VteWatsException ToError() => new(
        ErrorKind.RunUnreadable,
        $"Test run {(Key.Length > 0 ? Key : "without an id")}{Timestamp?.ToString(" 'of' yyyy-MM-dd HH:mm:ss", null)} of site '{Site}' "
        + "cannot "
        + $"be read: {Reason}",
        "Let the database administrator look at this row of IndexData and at what it refers to, and correct the value. The other runs "
        + "are read.",
        Id);
}
