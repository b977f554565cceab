using System.Data.Common;
using Dapper;

namespace VteWats.Core.Vte.Schema;

/// <summary>The catalogue of a SQL Server database, from the system views that every login may read for what it may see.</summary>
internal static class SqlServerCatalogue
{
    internal const string Tables = """
        SELECT s.name AS [Schema], o.name AS [Name], CAST(CASE o.type WHEN 'V' THEN 1 ELSE 0 END AS bit) AS IsView,
               (SELECT SUM(p.rows) FROM sys.partitions AS p WHERE p.object_id = o.object_id AND p.index_id IN (0, 1)) AS [Rows]
        FROM sys.objects AS o INNER JOIN sys.schemas AS s ON s.schema_id = o.schema_id
        WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0
        ORDER BY s.name, o.name;
        """;

    internal const string Columns = """
        SELECT s.name AS [Schema], o.name AS [Table], c.name AS [Name], COALESCE(b.name, t.name) AS [Type],
               CAST(c.max_length AS int) AS MaxLength, CAST(c.scale AS int) AS Scale, c.is_nullable AS [Nullable]
        FROM sys.columns AS c
        INNER JOIN sys.objects AS o ON o.object_id = c.object_id
        INNER JOIN sys.schemas AS s ON s.schema_id = o.schema_id
        INNER JOIN sys.types AS t ON t.user_type_id = c.user_type_id
        LEFT JOIN sys.types AS b ON b.user_type_id = c.system_type_id
        WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0
        ORDER BY s.name, o.name, c.column_id;
        """;

    internal const string Indexes = """
        SELECT s.name AS [Schema], o.name AS [Table], i.name AS [Name], i.is_unique AS IsUnique, i.is_primary_key AS IsPrimary, c.name AS
            [Column]
        FROM sys.indexes AS i
        INNER JOIN sys.index_columns AS k ON k.object_id = i.object_id AND k.index_id = i.index_id
        INNER JOIN sys.columns AS c ON c.object_id = k.object_id AND c.column_id = k.column_id
        INNER JOIN sys.objects AS o ON o.object_id = i.object_id
        INNER JOIN sys.schemas AS s ON s.schema_id = o.schema_id
        WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0 AND k.is_included_column = 0 AND i.is_disabled = 0 AND i.has_filter = 0
        ORDER BY s.name, o.name, i.index_id, k.key_ordinal;
        """;

    public static async Task<Catalogue> ReadAsync(DbConnection connection, CancellationToken ct)
    {
        // One statement each: a login without some right then loses that part's rows, not the connection.
        var tables = await connection.QueryAsync<TableRow>(new CommandDefinition(Tables, cancellationToken: ct)).ConfigureAwait(false);
        var columns = (await connection.QueryAsync<ColumnRow>(new CommandDefinition(Columns, cancellationToken: ct)).ConfigureAwait(false))
            .ToLookup(c => (c.Schema, c.Table));
        var indexes = (await connection.QueryAsync<IndexRow>(new CommandDefinition(Indexes, cancellationToken: ct)).ConfigureAwait(false))
            .ToLookup(c => (c.Schema, c.Table));
        return new Catalogue(DatabaseProvider.SqlServer, "dbo",
        [
            .. tables.Select(t => new CatalogueTable(
                t.Schema, t.Name, t.IsView, t.Rows,
                [.. columns[(t.Schema, t.Name)].Select(c => Column(c, indexes[(t.Schema, t.Name)]))],
                [
                    .. indexes[(t.Schema, t.Name)].GroupBy(i => (i.Name, i.IsUnique, i.IsPrimary))
                        .Select(i => new CatalogueIndex(i.Key.Name ?? "", i.Key.IsUnique, i.Key.IsPrimary, [.. i.Select(c => c.Column)])),
                ])),
        ]);
    }

    private static CatalogueColumn Column(ColumnRow row, IEnumerable<IndexRow> indexes)
    {
        var type = row.Type.ToLowerInvariant();
        int? length = type switch
        {
            "nvarchar" or "nchar" => row.MaxLength < 0 ? -1 : row.MaxLength / 2,
            "varchar" or "char" or "varbinary" or "binary" => row.MaxLength,
            _ => null,
        };
        int? precision = type is "datetime2" or "datetimeoffset" or "time" or "decimal" or "numeric" ? row.Scale : null;
        return new CatalogueColumn(row.Name, type, length, precision, row.Nullable, indexes.Any(i => i.IsPrimary && i.Column == row.Name));
    }

    private sealed class TableRow
    {
        public string Schema { get; init; } = "";
        public string Name { get; init; } = "";
        public bool IsView { get; init; }
        public long? Rows { get; init; }
    }

    private sealed class ColumnRow
    {
        public string Schema { get; init; } = "";
        public string Table { get; init; } = "";
        public string Name { get; init; } = "";
        public string Type { get; init; } = "";
        public int MaxLength { get; init; }
        public int Scale { get; init; }
        public bool Nullable { get; init; }
    }

    private sealed class IndexRow
    {
        public string Schema { get; init; } = "";
        public string Table { get; init; } = "";
        public string? Name { get; init; }
        public bool IsUnique { get; init; }
        public bool IsPrimary { get; init; }
        public string Column { get; init; } = "";
    }
}
