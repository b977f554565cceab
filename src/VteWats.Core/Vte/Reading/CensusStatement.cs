using System.Data.Common;
using System.Globalization;
using VteWats.Core.Vte.Schema;

namespace VteWats.Core.Vte.Reading;

/// <summary>
/// The statements that count instead of reading: what the ledger is compared with. Each is one round trip, and all but the step counts
/// need nothing but the index that orders the runs.
/// </summary>
/// <param name="schema">The site's names.</param>
/// <param name="dialect">The provider's SQL.</param>
/// <param name="share">The runs that belong to the site.</param>
internal sealed class CensusStatement(BoundSchema schema, SqlDialect dialect, RunFilter share)
{
    private static readonly string[] StepTables = ["TestDataNumeric", "TestDataText", "TestDataOther"];

    private readonly CatalogueColumn _timestamp = schema.Describe("IndexData", "Timestamp")!;
    private readonly CatalogueColumn _id = schema.Describe("IndexData", "Index_GUID")!;

    private string Runs => $"{schema.Table("IndexData")} AS i";

    private string Timestamp => $"i.{schema.Column("IndexData", "Timestamp")}";

    private string Id => $"i.{schema.Column("IndexData", "Index_GUID")}";

    private string Within => $"{Timestamp} >= @From AND {Timestamp} < @To{Share}";

    private string Share => string.Concat(share.Conditions.Select(condition => $" AND {condition}"));

    private DbParameter[] Bounds(DateTime from, DateTime to) =>
    [
        dialect.Parameter("@From", _timestamp, dialect.Edge(_timestamp, from)),
        dialect.Parameter("@To", _timestamp, dialect.Edge(_timestamp, to)),
    ];

    /// <summary>One row an hour: the hour as <see cref="SqlDialect.ToHour"/> understands it, and the number of its runs.</summary>
    public void PrepareHours(DbCommand command, DateTime from, DateTime to)
    {
        Begin(command, [.. Bounds(from, to), .. share.Parameters()]);
        command.CommandText = $"SELECT {dialect.Hour(Timestamp)}, {dialect.Count} FROM {Runs}\nWHERE {Within}\n"
            + $"GROUP BY {dialect.Hour(Timestamp)};";
    }

    /// <summary>First the ids of the runs, then for each table of step results how many each run has.</summary>
    public void PrepareSteps(DbCommand command, DateTime from, DateTime to)
    {
        Begin(command, [.. Bounds(from, to), .. share.Parameters()]);
        command.CommandText = Steps(Within);
    }

    /// <inheritdoc cref="PrepareSteps(DbCommand, DateTime, DateTime)"/>
    public void PrepareSteps(DbCommand command, IReadOnlyList<Guid> ids)
    {
        var names = ids.Select((_, n) => string.Create(CultureInfo.InvariantCulture, $"@Id{n}")).ToList();
        Begin(command, [.. ids.Select((id, n) => dialect.Parameter(names[n], _id, dialect.Key(id)))]);
        command.CommandText = Steps($"{Id} IN ({string.Join(", ", names)})");
    }

    /// <summary>One row: how many runs there are, the first time and the last one.</summary>
    public void PrepareWaiting(DbCommand command, DateTime from, DateTime to)
    {
        Begin(command, [.. Bounds(from, to), .. share.Parameters()]);
        command.CommandText = $"SELECT {dialect.Count}, MIN({Timestamp}), MAX({Timestamp}) FROM {Runs}\nWHERE {Within};";
    }

    /// <summary>How many runs have this time or a later one; then the first of them.</summary>
    public void PrepareAhead(DbCommand command, DateTime from, int samples)
    {
        Begin(command, [dialect.Parameter("@From", _timestamp, dialect.Edge(_timestamp, from)), dialect.Number("@Take", samples)]);
        command.Parameters.AddRange(share.Parameters());
        command.CommandText = $"SELECT {dialect.Count} FROM {Runs} WHERE {Timestamp} >= @From{Share};\n"
            + $"SELECT {dialect.Take.Head}{Timestamp}, {Id} FROM {Runs} WHERE {Timestamp} >= @From{Share}\n"
            + $"ORDER BY {Timestamp}, {Id}{dialect.Take.Tail};";
    }

    /// <summary>How many runs belong to the same of several shares: a row for each such set of them, first 1 or 0 for each share, then the
    /// number of the runs.</summary>
    public void PrepareShares(DbCommand command, DateTime from, DateTime to, RunFilter shares)
    {
        Begin(command, [.. Bounds(from, to), .. shares.Parameters()]);
        var names = shares.Conditions.Select((_, n) => string.Create(CultureInfo.InvariantCulture, $"Share{n}")).ToList();
        var flags = shares.Conditions.Select((condition, n) => $"CASE WHEN {condition} THEN 1 ELSE 0 END AS {names[n]}");
        var all = string.Join(", ", names.Select(name => $"q.{name}"));
        command.CommandText = $"SELECT {all}, {dialect.Count} FROM (SELECT {string.Join(", ", flags)}\nFROM {Runs}\nWHERE {Timestamp} >= "
            + $"@From AND {Timestamp} < @To) AS q\nGROUP BY {all};";
    }

    // Counted run by run: grouped over a join, SQLite goes through all runs there are, in the order of the group.
    private string Steps(string condition) => string.Join("\n",
    [
        $"SELECT {Id} FROM {Runs} WHERE {condition};",
        .. StepTables.Where(schema.Has).Select(table =>
            $"SELECT {Id}, (SELECT {dialect.Count} FROM {schema.Table(table)} AS s WHERE s.{schema.Column(table, "Index_GUID")} = {Id})\n"
            + $"FROM {Runs} WHERE {condition};"),
    ]);

    private static void Begin(DbCommand command, DbParameter[] parameters)
    {
        command.Parameters.Clear();
        command.Parameters.AddRange(parameters);
    }
}
