using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace VteWats.Core.Vte.Reading;

/// <summary>
/// In SQLite every value has a type of its own, so each is asked for its type and then for itself, on the statement: the getters of the
/// data reader ask for the type up to three times, which took more than half of the time of a whole reading.
/// </summary>
internal sealed class SqliteRowReader : RowReader
{
    private readonly SqliteDataReader _reader;
    private sqlite3_stmt _row = null!;

    public SqliteRowReader(SqliteDataReader reader)
        : base(reader)
    {
        _reader = reader;
        Learn();
    }

    public override bool IsNull(int i) => Type(i) == raw.SQLITE_NULL;

    public override Guid? Guid(int i) => System.Guid.TryParse(Text(i), out var id) ? id : null;

    public override string? Text(int i)
    {
        // A NULL has no text: that spares asking for its type.
        if (raw.sqlite3_column_text(_row, i).utf8_to_string() is not { } text) return null;
        Bytes += 2 * text.Length;
        return text;
    }

    public override int? Integer(int i) => Type(i) == raw.SQLITE_INTEGER ? Narrow(raw.sqlite3_column_int64(_row, i)) : Narrow(Number(i));

    public override double? Number(int i) => Type(i) switch
    {
        raw.SQLITE_FLOAT => raw.sqlite3_column_double(_row, i),
        raw.SQLITE_INTEGER => raw.sqlite3_column_int64(_row, i),
        raw.SQLITE_TEXT => Parse(Text(i)),
        _ => null,
    };

    public override DateTime? Time(int i) => ParseTime(Text(i));

    public override (string? Text, byte[]? Bytes) Opaque(int i)
    {
        if (Type(i) != raw.SQLITE_BLOB) return (Text(i), null);
        var bytes = raw.sqlite3_column_blob(_row, i).ToArray();
        Bytes += bytes.Length;
        return (null, bytes);
    }

    protected override void Learn() => _row = _reader.Handle!;

    private int Type(int i) => raw.sqlite3_column_type(_row, i);
}
