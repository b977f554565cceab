using System.Buffers;
using System.Data.Common;
using System.Data.SqlTypes;
using System.Globalization;
using System.Security.Cryptography;

namespace VteWats.Core.Vte.Reading;

/// <summary>In SQL Server a value has its column's type, learnt once a result set.</summary>
internal sealed class SqlServerRowReader : RowReader
{
    // A page is read on one thread.
    [ThreadStatic]
    private static TextKeeper? t_text;

    private readonly DbDataReader _reader;
    private Type[] _types = [];
    private char[]? _characters;
    private byte[]? _bytes;
    private bool[]? _long;

    public SqlServerRowReader(DbDataReader reader, PageBudget budget)
        : base(reader, budget)
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
        Count(2 * text.Length);
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

    // In pieces where the column's type allows any length: such a value is never whole in memory unless it is kept.
    public override (string? Text, VteCutValue? Cut) Long(int i)
    {
        if (_reader.IsDBNull(i)) return (null, null);
        if (_types[i] != typeof(string) || !IsLong(i)) return (Text(i), null);
        var keeper = t_text ??= new TextKeeper();
        var buffer = _characters ??= new char[TextKeeper.Piece];
        keeper.Begin(KeptValueBytes);
        var offset = 0L;
        for (int n; (n = (int)_reader.GetChars(i, offset, buffer, 0, buffer.Length)) > 0; offset += n) keeper.Add(buffer.AsSpan(0, n));
        var (text, cut) = keeper.End();
        if (cut is null) Count(2 * text.Length);
        else CountCut(cut);
        return (text, cut);
    }

    public override (string? Text, byte[]? Bytes, VteCutValue? Cut) Opaque(int i)
    {
        if (_reader.IsDBNull(i)) return (null, null, null);
        if (_types[i] == typeof(string))
        {
            var (text, cut) = Long(i);
            return (text, null, cut);
        }
        if (_types[i] == typeof(byte[])) return Binary(i);
        var value = _reader.GetValue(i);
        if (value is not byte[] bytes)
        {
            var text = TextOf(value);
            Count(2 * text.Length);
            return (text, null, null);
        }
        Count(bytes.Length);
        return (null, bytes, null);
    }

    protected override void Learn()
    {
        _types = [.. Enumerable.Range(0, _reader.FieldCount).Select(_reader.GetFieldType)];
        _long = null;
    }

    private (string? Text, byte[]? Bytes, VteCutValue? Cut) Binary(int i)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var kept = new ArrayBufferWriter<byte>(256);
        var buffer = _bytes ??= new byte[16 * 1024];
        var length = 0L;
        for (int n; (n = (int)_reader.GetBytes(i, length, buffer, 0, buffer.Length)) > 0;)
        {
            length += n;
            hash.AppendData(buffer, 0, n);
            if (length <= KeptValueBytes) kept.Write(buffer.AsSpan(0, n));
        }
        if (length <= KeptValueBytes)
        {
            Count(length);
            return (null, kept.WrittenSpan.ToArray(), null);
        }
        var cut = new VteCutValue(length, LargeValue.Hex(hash.GetHashAndReset()));
        CountCut(cut);
        return (null, null, cut);
    }

    private bool IsLong(int i) =>
        (_long ??= [.. _reader.GetColumnSchema().Select(c => c.IsLong == true || c.ColumnSize is null or > 8000)])[i];

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
