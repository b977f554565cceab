using System.Data;
using System.Data.SqlTypes;
using System.Globalization;
using Microsoft.Data.SqlClient;
using VteWats.Core.Vte.Schema;
using VteWats.Core.Vte.Sqlite;

namespace VteWats.Core.Vte.Sample;

/// <summary>
/// Writes into an empty SQL Server database, many rows a statement. Bulk copy would be faster, but asks more of the server than a sample is
/// worth: it reads catalogue procedures that not every server of the protocol has.
/// </summary>
internal sealed class SqlServerRowWriter : RowWriter
{
    private const int MostParameters = 2000;

    private readonly SqlConnection _connection;
    private readonly Dictionary<string, Insert> _inserts = new(StringComparer.Ordinal);

    /// <param name="connection">Open; belongs to the caller.</param>
    /// <param name="profile">Names of tables and columns.</param>
    public SqlServerRowWriter(SqlConnection connection, SchemaProfile profile)
        : base(profile)
    {
        _connection = connection;
        foreach (var statement in SchemaScript.SqlServer(profile))
        {
            using var command = new SqlCommand(statement, connection);
            command.ExecuteNonQuery();
        }
    }

    public override void Complete()
    {
        foreach (var insert in _inserts.Values) Flush(insert);
    }

    public override void Dispose()
    {
    }

    protected override void WriteRow(string table, object?[] values)
    {
        if (!_inserts.TryGetValue(table, out var insert))
            _inserts[table] = insert = new Insert(ReferenceSchema.Table(table), [.. Columns(ReferenceSchema.Table(table))]);
        insert.Rows.Add([.. values]);
        if ((insert.Rows.Count + 1) * insert.Columns.Count > MostParameters) Flush(insert);
    }

    private void Flush(Insert insert)
    {
        if (insert.Rows.Count == 0) return;
        using var command = _connection.CreateCommand();
        command.CommandTimeout = 300;
        var rows = insert.Rows.Select((row,
            r) => $"({string.Join(", ", insert.Columns.Select((column, c) => Value(command, column, row[c], r, c)))})").ToList();
        var columns = insert.Columns.Select(c => SqlName.SqlServer(Profile.Column(insert.Table.Name, c.Name)!));
        command.CommandText = $"""
            INSERT INTO {SqlName.SqlServer(Profile.Schema ?? "dbo")}.{SqlName.SqlServer(Profile.Table(insert.Table.Name)!)}
                ({string.Join(", ", columns)})
            VALUES {string.Join(",\n", rows)};
            """;
        command.ExecuteNonQuery();
        insert.Rows.Clear();
    }

    private static string Value(SqlCommand command, ColumnDefinition column, object? value, int row, int position)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"@r{row}c{position}");
        command.Parameters.Add(new SqlParameter(name, TypeOf(column, value))
        {
            Value = value is DateTime time ? new SqlDateTime(time).Value
            : value ?? DBNull.Value
        });
        // Else all rows of the statement get the one type that goes before the others: bytes would become text.
        return column.BaseType == "sql_variant" ? $"CAST({name} AS sql_variant)" : name;
    }

    private static SqlDbType TypeOf(ColumnDefinition column, object? value) => column.BaseType switch
    {
        "uniqueidentifier" => SqlDbType.UniqueIdentifier,
        "datetime" => SqlDbType.DateTime,
        "int" => SqlDbType.Int,
        "real" => SqlDbType.Real,
        "float" => SqlDbType.Float,
        "sql_variant" when value is byte[] => SqlDbType.VarBinary,
        _ => SqlDbType.NVarChar,
    };

    private sealed record Insert(TableDefinition Table, IReadOnlyList<ColumnDefinition> Columns)
    {
        public List<object?[]> Rows { get; } = [];
    }
}
