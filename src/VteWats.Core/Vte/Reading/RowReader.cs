using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace VteWats.Core.Vte.Reading;

/// <summary>
/// Values of a row in the types that the runs need, whatever the column was declared as: sites store a number as real, float, decimal or
/// text. Columns must be read from left to right. Counts rows and, roughly, bytes: for the size of the next page, and to leave this one
/// when it gets too large.
/// </summary>
internal abstract class RowReader(DbDataReader reader, PageBudget budget)
{
    public static RowReader Over(DbDataReader reader, PageBudget? budget = null) => reader is SqliteDataReader sqlite
        ? new SqliteRowReader(sqlite, budget ?? PageBudget.None) : new SqlServerRowReader(reader, budget ?? PageBudget.None);

    public long Rows { get; private set; }

    /// <summary>About as many bytes as came: of a large value all, though little of it is kept.</summary>
    public long Bytes { get; private set; }

    /// <summary>About as many bytes as the kept values take in memory.</summary>
    public long Kept { get; private set; }

    /// <summary>True when more came than the budget allows: no further row is read.</summary>
    public bool OverBudget { get; private set; }

    protected int KeptValueBytes => budget.ValueBytes;

    public bool Read()
    {
        if (OverBudget || !reader.Read()) return false;
        Rows++;
        Count(64);
        OverBudget = Rows > budget.Rows || Bytes > budget.Bytes || Kept > budget.Kept;
        return !OverBudget;
    }

    /// <summary>The next row of a set that is not part of the page's size.</summary>
    public bool ReadUncounted() => reader.Read();

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

    /// <summary>A text of any length.</summary>
    public abstract (string? Text, VteCutValue? Cut) Long(int i);

    /// <summary>Text, or bytes where the value is binary, of any length.</summary>
    public abstract (string? Text, byte[]? Bytes, VteCutValue? Cut) Opaque(int i);

    /// <summary>Called at each result set before its first row is read.</summary>
    protected abstract void Learn();

    protected void Count(long kept)
    {
        Bytes += kept;
        Kept += kept;
    }

    protected void CountCut(VteCutValue cut)
    {
        Bytes += cut.Length;
        Kept += 2 * LargeValue.Beginning;
    }

    protected static double? Parse(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    protected static DateTime? ParseTime(string? text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
        ? DateTime.SpecifyKind(time, DateTimeKind.Unspecified) : null;

    /// <summary>Null where the number is none that the column of a well-kept database could hold.</summary>
    protected static int? Narrow(double? value) => value is >= int.MinValue and <= int.MaxValue ? (int)value.Value : null;
}
