using Dapper;
using Microsoft.Data.Sqlite;

namespace VteWats.Core.Vte.Schema;

/// <summary>The catalogue of a SQLite sample database or extract.</summary>
internal static class SqliteCatalogue
{
    public static async Task<Catalogue> ReadAsync(SqliteConnection connection, CancellationToken ct)
    {
        var tables = await connection.QueryAsync<(string Name, string Type, bool WithoutRowId)>(new CommandDefinition(
            "SELECT name, type, wr FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'view') AND name NOT LIKE "
            + "'sqlite\\_%' ESCAPE '\\' ORDER BY name",
            cancellationToken: ct)).ConfigureAwait(false);
        var columns = (await connection.QueryAsync<(string Table, string Name, string Type, bool NotNull, int Key)>(new CommandDefinition(
            "SELECT m.name, c.name, c.type, c.\"notnull\", c.pk FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type IN "
            + "('table', 'view') ORDER BY m.name, c.cid",
            cancellationToken: ct)).ConfigureAwait(false)).ToLookup(c => c.Table, StringComparer.Ordinal);
        var indexes = (await connection.QueryAsync<(string Table, string Name, bool Unique, string Origin, string? Column)>(
            new CommandDefinition(
            """
            SELECT m.name, i.name, i."unique", i.origin, c.name
            FROM sqlite_master m, pragma_index_list(m.name) i, pragma_index_info(i.name) c
            WHERE m.type = 'table' ORDER BY m.name, i.seq, c.seqno
            """,
            cancellationToken: ct)).ConfigureAwait(false)).ToLookup(c => c.Table, StringComparer.Ordinal);
        var found = new List<CatalogueTable>();
        foreach (var (name, type, withoutRowId) in tables)
        {
            // The highest row id is there at once; counting would read the whole table.
            long? rows = type == "table" && !withoutRowId
                ? await connection.ExecuteScalarAsync<long?>(new CommandDefinition($"SELECT max(rowid) FROM {SqlName.Sqlite(name)}",
                cancellationToken: ct)).ConfigureAwait(false) ?? 0
                : null;
            found.Add(new CatalogueTable(
                "main", name, type == "view", rows,
                [.. columns[name].Select(c => Column(c.Name, c.Type, c.NotNull, c.Key))],
                [
                    .. indexes[name].GroupBy(i => (i.Name, i.Unique, i.Origin))
                        .Select(i => new CatalogueIndex(i.Key.Name, i.Key.Unique,
                        i.Key.Origin == "pk", [.. i.Select(c => c.Column ?? "")])),
                ]));
        }
        return new Catalogue(DatabaseProvider.Sqlite, "main", found);
    }

    private static CatalogueColumn Column(string name, string declared, bool notNull, int key)
    {
        // Declared as the SQL Server type and, where SQLite would take it for a number, its own storage class behind it.
        var parts = declared.ToLowerInvariant().Split(' ')[0].Split('(', ')');
        int? length = parts.Length < 2 ? null : int.TryParse(parts[1], out var n) ? n : null;
        return new CatalogueColumn(name, parts[0].Trim(), length, null, !notNull, key > 0);
    }
}
