using System.Data;
using System.Data.SqlTypes;
using Microsoft.Data.SqlClient;
using VteWats.Core.Vte.Schema;

namespace VteWats.Core.Vte.Sample;

/// <summary>Writes into an empty SQL Server database with bulk copy, some thousand rows of a table at a time.</summary>
internal sealed class SqlServerRowWriter : RowWriter
{
    private const int Batch = 5000;

    private readonly SqlConnection _connection;
    private readonly Dictionary<string, DataTable> _buffers = new(StringComparer.Ordinal);

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
        foreach (var table in _buffers.Keys) Flush(table);
    }

    public override void Dispose()
    {
        foreach (var buffer in _buffers.Values) buffer.Dispose();
    }

    protected override void WriteRow(string table, object?[] values)
    {
        if (!_buffers.TryGetValue(table, out var buffer)) _buffers[table] = buffer = Buffer(ReferenceSchema.Table(table));
        var row = new object[values.Length];
        for (var i = 0; i < values.Length; i++) row[i] = values[i] is DateTime time ? new SqlDateTime(time).Value : values[i] ?? DBNull.Value;
        buffer.Rows.Add(row);
        if (buffer.Rows.Count >= Batch) Flush(table);
    }

    private DataTable Buffer(TableDefinition table)
    {
        var buffer = new DataTable { Locale = System.Globalization.CultureInfo.InvariantCulture };
        foreach (var column in Columns(table))
        {
            buffer.Columns.Add(Profile.Column(table.Name, column.Name)!, column.BaseType switch
            {
                "uniqueidentifier" => typeof(Guid),
                "datetime" => typeof(DateTime),
                "int" => typeof(int),
                "real" => typeof(float),
                "float" => typeof(double),
                "sql_variant" => typeof(object),
                _ => typeof(string),
            });
        }
        return buffer;
    }

    private void Flush(string table)
    {
        var buffer = _buffers[table];
        if (buffer.Rows.Count == 0) return;
        using var copy = new SqlBulkCopy(_connection, SqlBulkCopyOptions.TableLock, null)
        {
            DestinationTableName = $"{SqlName.SqlServer(Profile.Schema ?? "dbo")}.{SqlName.SqlServer(Profile.Table(table)!)}",
            BulkCopyTimeout = 300,
        };
        foreach (DataColumn column in buffer.Columns) copy.ColumnMappings.Add(column.ColumnName, column.ColumnName);
        copy.WriteToServer(buffer);
        buffer.Clear();
    }
}
