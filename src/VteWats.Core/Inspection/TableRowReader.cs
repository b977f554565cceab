using System.Data;
using System.Data.Common;
using System.Globalization;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using VteWats.Core.Vte.Schema;

namespace VteWats.Core.Inspection;

/// <summary>Reads rows of VTE tables as they are, by keys, in the columns and types of the reference schema.</summary>
internal sealed class TableRowReader(DbConnection connection, BoundSchema schema, int commandTimeoutSeconds)
{
    /// <summary>Keys of one statement. One number for all keeps one plan on the server; SQLite and SQL Server both take many
    /// more.</summary>
    internal const int KeysAtOnce = 100;

    // Never selected, whatever is asked for.
    private static readonly (string Table, string Column) Password = ("Users", "Password");

    public bool Has(string table) => schema.Has(table) && Selected(schema, table).Any();

    /// <summary>True when rows of the table can be found by that column.</summary>
    public bool Has(string table, string key) => schema.Describe(table, key)?.Type == "uniqueidentifier";

    /// <summary>The rows whose <paramref name="key"/> is one of the ids; values in the order of the reference columns, null for what the
    /// site lacks.</summary>
    public IEnumerable<object?[]> ByKey(string table, string key, IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        foreach (var chunk in ids.Chunk(KeysAtOnce))
        {
            using var command = connection.CreateCommand();
            command.CommandText = Statement(schema, table, key);
            for (var i = 0; i < KeysAtOnce; i++)
            {
                var id = chunk[Math.Min(i, chunk.Length - 1)];
                var name = string.Create(CultureInfo.InvariantCulture, $"@k{i}");
                command.Parameters.Add(connection is SqliteConnection
                    ? new SqliteParameter(name, id.ToString("D").ToUpperInvariant())
                    : new SqlParameter(name, SqlDbType.UniqueIdentifier) { Value = id });
            }
            foreach (var row in Rows(command, table, ct)) yield return row;
        }
    }

    /// <summary>All rows of a table.</summary>
    public IEnumerable<object?[]> All(string table, CancellationToken ct)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Statement(schema, table, null);
        foreach (var row in Rows(command, table, ct)) yield return row;
    }

    internal static string Statement(BoundSchema schema, string table, string? key)
    {
        var columns = string.Join(", ", Selected(schema, table).Select(c => schema.Column(table, c.Name)));
        var keys = string.Join(", ", Enumerable.Range(0, KeysAtOnce).Select(i => string.Create(CultureInfo.InvariantCulture, $"@k{i}")));
        return $"SELECT {columns} FROM {schema.Table(table)}{(key is null ? "" : $" WHERE {schema.Column(table, key)} IN ({keys})")};";
    }

    private static IEnumerable<ColumnDefinition> Selected(BoundSchema schema, string table) =>
        ReferenceSchema.Table(table).Columns.Where(c => schema.Has(table, c.Name) && (table, c.Name) != Password);

    private IEnumerable<object?[]> Rows(DbCommand command, string table, CancellationToken ct)
    {
        command.CommandTimeout = commandTimeoutSeconds;
        var all = ReferenceSchema.Table(table).Columns;
        int[] places = [.. Selected(schema, table).Select(c => all.ToList().IndexOf(c))];
        using var cancel = ct.Register(command.Cancel);
        // Long texts are read reliably in no other way; each value is then there to be read once.
        using var reader = command.ExecuteReader(CommandBehavior.SequentialAccess);
        while (reader.Read())
        {
            ct.ThrowIfCancellationRequested();
            var row = new object?[all.Count];
            for (var i = 0; i < places.Length; i++) row[places[i]] = Value(reader.GetValue(i), all[places[i]].BaseType);
            yield return row;
        }
    }

    // A SQLite file can hold anything anywhere: what does not fit the type stays what it is.
    private static object? Value(object raw, string type)
    {
        try
        {
            return type switch
            {
                _ when raw is DBNull => null,
                "uniqueidentifier" => raw is Guid ? raw : Guid.Parse((string)raw),
                "datetime" => raw is DateTime ? raw : DateTime.Parse((string)raw, CultureInfo.InvariantCulture),
                "int" => Convert.ToInt32(raw, CultureInfo.InvariantCulture),
                "real" or "float" => Convert.ToDouble(raw, CultureInfo.InvariantCulture),
                "nvarchar" => Convert.ToString(raw, CultureInfo.InvariantCulture)!,
                _ => raw,
            };
        }
        catch (Exception e) when (e is FormatException or InvalidCastException or OverflowException)
        {
            return raw;
        }
    }
}
