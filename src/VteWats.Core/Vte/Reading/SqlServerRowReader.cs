using System.Data.Common;
using System.Data.SqlTypes;
using System.Globalization;

namespace VteWats.Core.Vte.Reading;

/// <summary>In SQL Server a value has its column's type, learnt once a result set.</summary>
internal sealed class SqlServerRowReader : RowReader
{
    private readonly DbDataReader _reader;
    private Type[] _types = [];

    public SqlServerRowReader(DbDataReader reader)
        : base(reader)
    {
        _reader = reader;
        Learn();
    }

    public override bool IsNull(int i) => _reader.IsDBNull(i);

    public override Guid? Guid(int i)
    {
        if (_reader.IsDBNull(i)) return null;
        if (_types[i] == typeof(Guid)) return _reader.GetGuid(i);
        return System.Guid.TryParse(Text(i), out var id) ? id : null;
    }

    public override string? Text(int i)
    {
        if (_reader.IsDBNull(i)) return null;
        var text = _types[i] == typeof(string) ? _reader.GetString(i) : TextOf(_reader.GetValue(i));
        Bytes += 2 * text.Length;
        return text;
    }

    public override int? Integer(int i)
    {
        if (_reader.IsDBNull(i)) return null;
        return _types[i] == typeof(int) ? _reader.GetInt32(i) : Narrow(Parse(TextOf(_reader.GetValue(i))));
    }

    public override double? Number(int i)
    {
        if (_reader.IsDBNull(i)) return null;
        var type = _types[i];
        if (type == typeof(double)) return _reader.GetDouble(i);
        if (type == typeof(float)) return Widen(_reader.GetFloat(i));
        if (type == typeof(long)) return _reader.GetInt64(i);
        if (type == typeof(decimal))
            return _reader.GetProviderSpecificValue(i) is SqlDecimal wide ? Narrow(wide) : (double)_reader.GetDecimal(i);
        return _reader.GetValue(i) switch
        {
            float f => Widen(f),
            string s => Parse(s),
            byte[] => null,
            IConvertible c => Parse(c.ToString(CultureInfo.InvariantCulture)),
            _ => null,
        };
    }

    public override DateTime? Time(int i)
    {
        if (_reader.IsDBNull(i)) return null;
        return _types[i] == typeof(DateTime) ? DateTime.SpecifyKind(_reader.GetDateTime(i), DateTimeKind.Unspecified) : ParseTime(Text(i));
    }

    public override (string? Text, byte[]? Bytes) Opaque(int i)
    {
        if (_reader.IsDBNull(i)) return (null, null);
        if (_types[i] == typeof(string)) return (Text(i), null);
        var value = _reader.GetValue(i);
        if (value is not byte[] bytes) return (TextOf(value), null);
        Bytes += bytes.Length;
        return (null, bytes);
    }

    protected override void Learn() => _types = [.. Enumerable.Range(0, _reader.FieldCount).Select(_reader.GetFieldType)];

    // The shortest number that the 4-byte value stands for: 1.1, not 1.10000002384.
    private static double Widen(float value) => Parse(value.ToString("R", CultureInfo.InvariantCulture)) ?? value;

    /// <summary>A decimal of SQL Server has up to 38 digits, one of .NET 28: a single wide value must not end the reading.</summary>
    internal static double Narrow(SqlDecimal value)
    {
        try
        {
            return (double)value.Value;
        }
        catch (OverflowException)
        {
            return value.ToDouble();
        }
    }

    private static string TextOf(object value) => value switch
    {
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToHexString(bytes),
        bool flag => flag ? "1" : "0",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
