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

    public SqliteRowReader(SqliteDataReader reader, PageBudget budget)
        : base(reader, budget)
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
        Count(2 * text.Length);
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

    // SQLite has the value in its own memory already: what is long is hashed there, and only its beginning is copied.
    public override (string? Text, VteCutValue? Cut) Long(int i)
    {
        // Asking for the text makes it one, whatever the value is; its length is that of the text only then.
        _ = raw.sqlite3_column_text(_row, i);
        if (raw.sqlite3_column_bytes(_row, i) <= KeptValueBytes) return (Text(i), null);
        var utf8 = raw.sqlite3_column_blob(_row, i);
        var cut = LargeValue.Cut(utf8);
        CountCut(cut);
        return (LargeValue.BeginningOf(utf8), cut);
    }

    public override (string? Text, byte[]? Bytes, VteCutValue? Cut) Opaque(int i)
    {
        if (Type(i) != raw.SQLITE_BLOB)
        {
            var (text, cutText) = Long(i);
            return (text, null, cutText);
        }
        var value = raw.sqlite3_column_blob(_row, i);
        if (value.Length <= KeptValueBytes)
        {
            Count(value.Length);
            return (null, value.ToArray(), null);
        }
        var cut = LargeValue.Cut(value);
        CountCut(cut);
        return (null, null, cut);
    }

    protected override void Learn() => _row = _reader.Handle!;

    private int Type(int i) => raw.sqlite3_column_type(_row, i);
}
