using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace VteWats.Core.Vte.Reading;

/// <summary>
/// Values of a row in the types that the runs need, whatever the column was declared as: sites store a number as real, float, decimal or
/// text. Columns must be read from left to right. Counts rows and, roughly, bytes, for the size of the next page.
/// </summary>
internal abstract class RowReader(DbDataReader reader)
{
    public static RowReader Over(DbDataReader reader) =>
        reader is SqliteDataReader sqlite ? new SqliteRowReader(sqlite) : new SqlServerRowReader(reader);

    public long Rows { get; private set; }

    /// <summary>About as many bytes as the values take in memory.</summary>
    public long Bytes { get; protected set; }

    public bool Read()
    {
        if (!reader.Read()) return false;
        Rows++;
        Bytes += 64;
        return true;
    }

    public bool NextSet()
    {
        if (!reader.NextResult()) return false;
        Learn();
        return true;
    }

    /// <summary>The value as it is, to be sent back as a parameter.</summary>
    public object Raw(int i) => reader.GetValue(i);

    public abstract bool IsNull(int i);

    public abstract Guid? Guid(int i);

    public abstract string? Text(int i);

    public abstract int? Integer(int i);

    public abstract double? Number(int i);

    public abstract DateTime? Time(int i);

    /// <summary>Text, or bytes where the value is binary.</summary>
    public abstract (string? Text, byte[]? Bytes) Opaque(int i);

    /// <summary>Called at each result set before its first row is read.</summary>
    protected abstract void Learn();

    protected static double? Parse(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    protected static DateTime? ParseTime(string? text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
        ? DateTime.SpecifyKind(time, DateTimeKind.Unspecified) : null;

    /// <summary>Null where the number is none that the column of a well-kept database could hold.</summary>
    protected static int? Narrow(double? value) => value is >= int.MinValue and <= int.MaxValue ? (int)value.Value : null;
}
