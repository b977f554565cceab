using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace VteWats.Core.Vte.Reading;

/// <summary>
/// Values of a row in the types that the runs need, whatever the column was declared as: sites store a number as real, float, decimal or
/// text. Columns must be read from left to right. Counts rows and, roughly, bytes, for the size of the next page.
/// </summary>
internal sealed class RowReader
{
    private readonly DbDataReader _reader;
    private readonly bool _dynamic;
    private Type?[] _types = [];

    public RowReader(DbDataReader reader)
    {
        _reader = reader;
        // A SQLite value has a type of its own; a SQL Server value has its column's.
        _dynamic = reader is SqliteDataReader;
        Learn();
    }

    public long Rows { get; private set; }

    /// <summary>About as many bytes as the values take in memory.</summary>
    public long Bytes { get; private set; }

    public bool Read()
    {
        if (!_reader.Read()) return false;
        Rows++;
        Bytes += 64;
        return true;
    }

    public bool NextSet()
    {
        if (!_reader.NextResult()) return false;
        Learn();
        return true;
    }

    /// <summary>The value as it is, to be sent back as a parameter.</summary>
    public object Raw(int i) => _reader.GetValue(i);

    public bool IsNull(int i) => _reader.IsDBNull(i);

    public Guid? Guid(int i)
    {
        if (_reader.IsDBNull(i)) return null;
        if (Type(i) == typeof(Guid)) return _reader.GetGuid(i);
        return System.Guid.TryParse(Text(i), out var id) ? id : null;
    }

    public string? Text(int i)
    {
        if (_reader.IsDBNull(i)) return null;
        var text = _dynamic || Type(i) == typeof(string) ? _reader.GetString(i) : TextOf(_reader.GetValue(i));
        Bytes += 2 * text.Length;
        return text;
    }

    public int? Integer(int i)
    {
        if (_reader.IsDBNull(i)) return null;
        if (_dynamic) return Narrow(_reader.GetInt64(i));
        var type = Type(i);
        return type == typeof(int) ? _reader.GetInt32(i)
            : double.TryParse(TextOf(_reader.GetValue(i)), NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && double.IsFinite(n) ? Narrow((long)n) : null;
    }

    public double? Number(int i)
    {
        if (_reader.IsDBNull(i)) return null;
        var type = Type(i);
        if (type == typeof(double)) return _reader.GetDouble(i);
        if (type == typeof(float)) return Widen(_reader.GetFloat(i));
        if (type == typeof(long)) return _reader.GetInt64(i);
        if (type == typeof(decimal)) return (double)_reader.GetDecimal(i);
        return _reader.GetValue(i) switch
        {
            float f => Widen(f),
            string s => Parse(s),
            byte[] => null,
            IConvertible c => Parse(c.ToString(CultureInfo.InvariantCulture)),
            _ => null,
        };
    }

    public DateTime? Time(int i)
    {
        if (_reader.IsDBNull(i)) return null;
        if (Type(i) == typeof(DateTime)) return DateTime.SpecifyKind(_reader.GetDateTime(i), DateTimeKind.Unspecified);
        return DateTime.TryParse(Text(i), CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? DateTime.SpecifyKind(time, DateTimeKind.Unspecified) : null;
    }

    /// <summary>Text, or bytes where the value is binary.</summary>
    public (string? Text, byte[]? Bytes) Opaque(int i)
    {
        if (_reader.IsDBNull(i)) return (null, null);
        if (Type(i) == typeof(string)) return (Text(i), null);
        var value = _reader.GetValue(i);
        if (value is not byte[] bytes) return (TextOf(value), null);
        Bytes += bytes.Length;
        return (null, bytes);
    }

    // The shortest number that the 4-byte value stands for: 1.1, not 1.10000002384.
    private static double Widen(float value) => Parse(value.ToString("R", CultureInfo.InvariantCulture)) ?? value;

    private static double? Parse(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static int? Narrow(long value) => value is < int.MinValue or > int.MaxValue ? null : (int)value;

    private static string TextOf(object value) => value switch
    {
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToHexString(bytes),
        bool flag => flag ? "1" : "0",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private Type Type(int i) => _dynamic ? _reader.GetFieldType(i) : _types[i]!;

    private void Learn()
    {
        if (_dynamic) return;
        _types = new Type?[_reader.FieldCount];
        for (var i = 0; i < _types.Length; i++) _types[i] = _reader.GetFieldType(i);
    }
}
