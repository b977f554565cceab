using VteWats.Core.Diagnostics;

namespace VteWats.Core.Vte.Schema;

/// <summary>One difference between a database and what the adapter expects of it.</summary>
/// <param name="Severity">Error (nothing can be read), Warning (something is left out or slow) or Information.</param>
/// <param name="Kind">What is different.</param>
/// <param name="Logical">Logical name, <c>Table</c> or <c>Table.Column</c>; null for what the adapter does not know.</param>
/// <param name="Physical">Name in the database, as looked for or as found.</param>
/// <param name="Message">What was found, in one sentence.</param>
/// <param name="Fix">What to write into the configuration, or to do in the database; empty when nothing is to be done.</param>
public sealed record SchemaFinding(
    FindingSeverity Severity, SchemaFindingKind Kind, string? Logical, string Physical, string Message, string Fix)
{
    /// <summary>Name of the configured site, where one was tested.</summary>
    public string? Site { get; init; }

    /// <summary>Existing names that the one looked for is most like, nearest first.</summary>
    public IReadOnlyList<string> Suggestions { get; init; } = [];
}

/// <summary>In what a database differs from what the adapter expects.</summary>
public enum SchemaFindingKind
{
    /// <summary>A table or column without which no report can be made is not there.</summary>
    MissingNeeded,

    /// <summary>Another table or column is not there; what depends on it is left out.</summary>
    MissingOptional,

    /// <summary>A column has a type that does not hold what is expected.</summary>
    OtherType,

    /// <summary>No index begins with the timestamp.</summary>
    NoPagingIndex,

    /// <summary>No index of a table of step results begins with the run's id.</summary>
    NoRunIndex,

    /// <summary>The database has more than is expected.</summary>
    Extra,
}
