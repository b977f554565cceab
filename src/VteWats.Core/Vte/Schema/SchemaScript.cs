namespace VteWats.Core.Vte.Schema;

/// <summary>
/// Create statements made from the reference schema, under the names of a profile: for sample databases, extracts and tests. The
/// adapter never changes a VTE database.
/// </summary>
internal static class SchemaScript
{
    /// <summary>T-SQL of SQL Server 2012, one statement each: tables, then their indexes. Relations are documented, not enforced.</summary>
    public static IEnumerable<string> SqlServer(SchemaProfile profile)
    {
        var schema = SqlName.SqlServer(profile.Schema ?? "dbo");
        foreach (var table in ReferenceSchema.Tables)
        {
            if (profile.Table(table.Name) is not { } name) continue;
            yield return Table(table, profile, $"{schema}.{SqlName.SqlServer(name)}", SqlName.SqlServer, c => c.SqlType);
            foreach (var index in Indexes(table, profile, $"{schema}.{SqlName.SqlServer(name)}", SqlName.SqlServer, clusters: true))
                yield return index;
        }
    }

    /// <summary>SQLite: GUIDs as upper-case text with dashes, times as text <c>yyyy-MM-dd HH:mm:ss.fff</c>; so both sort as they
    /// should.</summary>
    public static IEnumerable<string> Sqlite(SchemaProfile profile)
    {
        foreach (var table in ReferenceSchema.Tables)
        {
            if (profile.Table(table.Name) is not { } name) continue;
            yield return Table(table, profile, SqlName.Sqlite(name), SqlName.Sqlite, SqliteType);
            foreach (var index in Indexes(table, profile, SqlName.Sqlite(name), SqlName.Sqlite, clusters: false)) yield return index;
        }
    }

    // The SQL Server type stays readable in the catalogue. SQLite takes a type it does not know for a number: the storage class behind it
    // corrects that.
    private static string SqliteType(ColumnDefinition column) => column.SqlType switch
    {
        "uniqueidentifier" or "datetime" => $"{column.SqlType} TEXT",
        "sql_variant" => "sql_variant BLOB",
        "nvarchar(max)" => "nvarchar",
        var type => type,
    };

    private static string Table(TableDefinition table, SchemaProfile profile, string name, Func<string, string> quote,
        Func<ColumnDefinition, string> type)
    {
        var lines = Present(table, profile).Select(c => $"    {quote(c.Physical)} {type(c.Column)}{(c.Column.Nullable ? "" : " NOT NULL")}")
            .ToList();
        var keys = Present(table, profile).Where(c => c.Column.IsKey).Select(c => quote(c.Physical)).ToList();
        if (keys.Count > 0) lines.Add($"    PRIMARY KEY ({string.Join(", ", keys)})");
        return $"CREATE TABLE {name}\n(\n{string.Join(",\n", lines)}\n);";
    }

    private static IEnumerable<string> Indexes(TableDefinition table, SchemaProfile profile, string name, Func<string, string> quote,
        bool clusters)
    {
        var clustered = clusters && !table.Keys.Any();
        foreach (var index in table.Indexes)
        {
            var columns = index.Select(c => profile.Column(table.Name, c)).OfType<string>().ToList();
            if (columns.Count < index.Count) continue;
            var indexName = quote($"IX_{table.Name}_{string.Join("_", index)}");
            yield return $"CREATE {(clustered ? "CLUSTERED " : "")}INDEX {indexName} ON {name} "
                + $"({string.Join(", ", columns.Select(quote))});";
            clustered = false;
        }
    }

    private static IEnumerable<(ColumnDefinition Column, string Physical)> Present(TableDefinition table, SchemaProfile profile) =>
        from column in table.Columns
        let physical = profile.Column(table.Name, column.Name)
        where physical is not null
        select (column, physical);
}
