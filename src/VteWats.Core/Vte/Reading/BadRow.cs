using System.Data;
using System.Data.SqlTypes;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;

namespace VteWats.Core.Vte.Reading;

/// <summary>A run that cannot be read, found by reading ever smaller pages.</summary>
/// <param name="Key">Its time and id as they are stored.</param>
/// <param name="Reason">Why.</param>
internal sealed record BadRow(PageCursor Key, Exception Reason)
{
    // Conversion failed, overflow, division by zero, a date or GUID that is none; a page of the database that is damaged.
    private static readonly HashSet<int> Numbers =
        [220, 232, 235, 241, 242, 244, 245, 248, 295, 296, 517, 535, 605, 608, 823, 824, 3606, 3607, 5242, 5243, 8114, 8115, 8134, 8152,
        8169, 9420, 9436];

    /// <summary>True for a failure that lies in what is stored, and so in one row: the others can be read.</summary>
    public static bool IsCause(Exception exception) => exception switch
    {
        SqlException sql => sql.Errors.Cast<SqlError>().Any(e => Numbers.Contains(e.Number)),
        SqliteException sqlite =>
            sqlite.SqliteErrorCode is SQLitePCL.raw.SQLITE_CONSTRAINT or SQLitePCL.raw.SQLITE_MISMATCH or SQLitePCL.raw.SQLITE_TOOBIG,
        FormatException or OverflowException or InvalidCastException or ArgumentException or DataException or SqlTypeException => true,
        _ => false,
    };

    public string Text => Key.Id is DBNull ? "" : Convert.ToString(Key.Id, CultureInfo.InvariantCulture) ?? "";

    public Guid Id => Key.Id as Guid? ?? (Guid.TryParse(Text, out var id) ? id : new Guid(Digest("id")[..16]));

    public DateTime? Timestamp => Key.Timestamp as DateTime? ?? (DateTime.TryParse(
        Key.Timestamp as string, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
        ? DateTime.SpecifyKind(time, DateTimeKind.Unspecified) : null);

    /// <summary>Stands for the hashes of the run.</summary>
    public string Hash => LargeValue.Hex(Digest("unreadable"));

    public UnreadableRun ToRun(string site, ReadMark mark) => new()
    {
        Id = Id, Site = site, Key = Text, Timestamp = Timestamp, Reason = Reason.Message, ContentHash = Hash, Mark = mark,
    };

    private byte[] Digest(string what) => SHA256.HashData(Encoding.UTF8.GetBytes($"{what} {Key.Timestamp} {Text}"));
}
