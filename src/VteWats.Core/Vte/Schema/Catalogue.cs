using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace VteWats.Core.Vte.Schema;

/// <summary>What kind of database holds the test runs.</summary>
public enum DatabaseProvider
{
    /// <summary>Microsoft SQL Server 2012 or later: what VTE writes to.</summary>
    SqlServer,

    /// <summary>A SQLite file: a sample, or an export.</summary>
    Sqlite,
}

/// <summary>What a database has: its tables and views, with columns, indexes and an estimate of their rows.</summary>
/// <param name="Provider">What kind of database it is.</param>
/// <param name="DefaultSchema">Schema that is meant when a profile names none: <c>dbo</c>, or <c>main</c> on SQLite.</param>
/// <param name="Tables">All that the login may see.</param>
public sealed record Catalogue(DatabaseProvider Provider, string DefaultSchema, IReadOnlyList<CatalogueTable> Tables)
{
    /// <summary>Reads the catalogue over an open connection, SQLite or SQL Server. Asks system views only; counts no rows.</summary>
    public static Task<Catalogue> ReadAsync(DbConnection connection, CancellationToken ct = default) =>
        connection is SqliteConnection sqlite ? SqliteCatalogue.ReadAsync(sqlite, ct) : SqlServerCatalogue.ReadAsync(connection, ct);

    /// <summary>The table of that name, as the catalogue spells it: exactly so when there is one, else in other case.</summary>
    public CatalogueTable? Find(string? schema, string table)
    {
        var candidates = Tables.Where(t => t.Schema.Equals(schema ?? DefaultSchema, StringComparison.OrdinalIgnoreCase)).ToList();
        return candidates.FirstOrDefault(t => t.Name.Equals(table, StringComparison.Ordinal))
            ?? candidates.FirstOrDefault(t => t.Name.Equals(table, StringComparison.OrdinalIgnoreCase));
    }
}

/// <summary>A table or view of the catalogue. <paramref name="Rows"/> is the server's estimate; null for a view.</summary>
public sealed record CatalogueTable(
    string Schema, string Name, bool IsView, long? Rows, IReadOnlyList<CatalogueColumn> Columns, IReadOnlyList<CatalogueIndex> Indexes)
{
    public CatalogueColumn? Find(string column) =>
        Columns.FirstOrDefault(c => c.Name.Equals(column, StringComparison.Ordinal))
        ?? Columns.FirstOrDefault(c => c.Name.Equals(column, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A column of the catalogue.</summary>
/// <param name="Name">As the catalogue spells it.</param>
/// <param name="Type">Type name in lower case without its length, such as <c>datetime</c> or <c>nvarchar</c>. A SQLite column bears the SQL
/// Server type it was declared with.</param>
/// <param name="Length">Characters or bytes; -1 for <c>max</c>; null where a length has no meaning.</param>
/// <param name="Precision">Fractional digits of a time or number; null where it has no meaning.</param>
/// <param name="Nullable">False when the database refuses NULL.</param>
/// <param name="IsKey">True for a column of the primary key.</param>
public sealed record CatalogueColumn(string Name, string Type, int? Length, int? Precision, bool Nullable, bool IsKey)
{
    /// <summary>The type as it stands in a create script.</summary>
    public string SqlType => Length switch
    {
        -1 => $"{Type}(max)",
        { } n => FormattableString.Invariant($"{Type}({n})"),
        null when Precision is { } p && Type is "datetime2" or "datetimeoffset" or "time" =>
            FormattableString.Invariant($"{Type}({Precision})"),
        _ => Type,
    };
}

/// <summary>An index of the catalogue; its columns in the order of the index.</summary>
public sealed record CatalogueIndex(string Name, bool Unique, bool Primary, IReadOnlyList<string> Columns);
