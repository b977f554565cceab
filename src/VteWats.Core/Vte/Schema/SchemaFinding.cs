using VteWats.Core.Diagnostics;

namespace VteWats.Core.Vte.Schema;

/// <summary>One difference between a database and what the adapter expects of it.</summary>
/// <param name="Severity">Error (nothing can be read), Warning (something is left out or slow) or Information.</param>
/// <param name="Kind"><c>MissingNeeded</c>, <c>MissingOptional</c>, <c>OtherType</c>, <c>NoPagingIndex</c>, <c>NoRunIndex</c> or
/// <c>Extra</c>.</param>
/// <param name="Logical">Logical name, <c>Table</c> or <c>Table.Column</c>; null for what the adapter does not know.</param>
/// <param name="Physical">Name in the database, as looked for or as found.</param>
/// <param name="Message">What was found, in one sentence.</param>
/// <param name="Fix">What to write into the configuration, or to do in the database; empty when nothing is to be done.</param>
public sealed record SchemaFinding(FindingSeverity Severity, string Kind, string? Logical, string Physical, string Message, string Fix)
{
    public const string MissingNeeded = "MissingNeeded";
    public const string MissingOptional = "MissingOptional";
    public const string OtherType = "OtherType";
    public const string NoPagingIndex = "NoPagingIndex";
    public const string NoRunIndex = "NoRunIndex";
    public const string Extra = "Extra";

    /// <summary>Name of the configured site, where one was tested.</summary>
    public string? Site { get; init; }

    /// <summary>Existing names that the one looked for is most like, nearest first.</summary>
    public IReadOnlyList<string> Suggestions { get; init; } = [];
}
