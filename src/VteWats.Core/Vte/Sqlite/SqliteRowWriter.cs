using System.Data.SqlTypes;
using System.Globalization;
using Microsoft.Data.Sqlite;
using VteWats.Core.Vte.Schema;

namespace VteWats.Core.Vte.Sqlite;

/// <summary>Writes into a new SQLite file: one transaction, one prepared statement a table.</summary>
internal sealed class SqliteRowWriter : RowWriter
{
    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _transaction;
    private readonly Dictionary<string, SqliteCommand> _inserts = new(StringComparer.Ordinal);

    public SqliteRowWriter(string path, SchemaProfile profile)
        : base(profile)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        Execute("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;");
        _transaction = _connection.BeginTransaction();
        foreach (var statement in SchemaScript.Sqlite(profile)) Execute(statement);
        foreach (var table in ReferenceSchema.Tables.Where(t => profile.Table(t.Name) is not null)) _inserts[table.Name] = Insert(table);
    }

    public override void Complete()
    {
        _transaction.Commit();
        // Written without waiting for the disk, which is what makes it fast: so wait once, now.
        using var file = new FileStream(_connection.DataSource, FileMode.Open, FileAccess.ReadWrite,
            FileShare.ReadWrite | FileShare.Delete);
        file.Flush(flushToDisk: true);
    }

    public override void Dispose()
    {
        foreach (var insert in _inserts.Values) insert.Dispose();
        _transaction.Dispose();
        _connection.Dispose();
    }

    protected override void WriteRow(string table, object?[] values)
    {
        var insert = _inserts[table];
        for (var i = 0; i < values.Length; i++) insert.Parameters[i].Value = Stored(values[i]);
        insert.ExecuteNonQuery();
    }

    /// <summary>A value as the file stores it: GUIDs and times as text that sorts as they do.</summary>
    internal static object Stored(object? value) => value switch
    {
        null => DBNull.Value,
        Guid id => id.ToString("D").ToUpperInvariant(),
        DateTime time => new SqlDateTime(time).Value.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture),
        float number => (double)number,
        _ => value,
    };

    private SqliteCommand Insert(TableDefinition table)
    {
        var names = Columns(table).Select(c => SqlName.Sqlite(Profile.Column(table.Name, c.Name)!)).ToList();
        var insert = _connection.CreateCommand();
        insert.Transaction = _transaction;
        insert.CommandText = $"INSERT INTO {SqlName.Sqlite(Profile.Table(table.Name)!)} ({string.Join(", ", names)}) VALUES "
            + $"({string.Join(", ", names.Select((_, i) => FormattableString.Invariant($"$p{i}")))})";
        for (var i = 0; i < names.Count; i++) insert.Parameters.Add(
            new SqliteParameter { ParameterName = FormattableString.Invariant($"$p{i}") });
        insert.Prepare();
        return insert;
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.Transaction = _transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
