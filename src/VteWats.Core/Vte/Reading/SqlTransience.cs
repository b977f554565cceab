using System.Net.Sockets;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Vte.Reading;

/// <summary>Which failures of a database pass by themselves, so that the same statement may succeed a moment later.</summary>
internal static class SqlTransience
{
    // Documented by Microsoft as transient: resource governance, failover and reconfiguration (4060 and 18456 are left out: in a plant they
    // mean a wrong name or a wrong password), deadlock victim, lock timeout, a table that was altered under a snapshot, out of memory or
    // locks, log in recovery, network.
    private static readonly HashSet<int> Numbers =
    [
        20, 64, 121, 233, 258, 596, 601, 615, 617, 669, 701, 802, 921, 926, 983, 988, 1204, 1205, 1221, 1222, 1807, 3906, 3908, 3960, 3961,
        3966, 4221, 6005, 8628, 8645, 8651,
        9515, 10053, 10054, 10060, 10922, 10928, 10929, 10936, 14355, 17189, 17197, 17803, 17809, 18401, 20041, 30053, 40143, 40197, 40501,
            40540, 40613, 42108,
        42109, 49918, 49919, 49920,
    ];

    private const int CommandTimeout = -2;

    /// <summary>True for a statement that may be sent again, on a new connection where the old one broke.</summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        VteWatsException or OperationCanceledException => false,
        _ when BadRow.IsCause(exception) => false,
        SqlException sql => sql.Number is CommandTimeout || IsBroken(sql)
            || sql.Errors.Cast<SqlError>().Any(e => Numbers.Contains(e.Number)),
        SqliteException sqlite =>
            sqlite.SqliteErrorCode is SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED or SQLitePCL.raw.SQLITE_PROTOCOL,
        SocketException or TimeoutException => true,
        IOException io => io.InnerException is SocketException,
        _ => exception.InnerException is { } inner && IsTransient(inner),
    };

    /// <summary>
    /// True while connecting, too, for what is worth a second try: a server that is not there, or that does not answer, is told at once.
    /// </summary>
    public static bool IsTransientAtOpen(Exception exception) =>
        exception is SqlException sql ? sql.Errors.Cast<SqlError>().Any(e => Numbers.Contains(e.Number) && e.Number is not (258 or 10060))
        : exception is not SocketException and not TimeoutException && IsTransient(exception);

    /// <summary>True when the connection itself is gone. A killed session shows as number 0 or -2 with class 20: the class and the inner
    /// exception tell.</summary>
    public static bool IsBroken(SqlException exception) =>
        exception.Class >= 20 || (exception.Number == 0 && exception.Class >= 11)
        || Inner(exception).Any(e => e is SocketException or IOException or ObjectDisposedException);

    /// <summary>True when the statement took longer than it may: a smaller page has a better chance.</summary>
    public static bool IsTimeout(Exception exception) => exception is SqlException { Number: CommandTimeout } or TimeoutException;

    internal static IEnumerable<Exception> Inner(Exception exception)
    {
        for (var e = exception.InnerException; e is not null; e = e.InnerException) yield return e;
    }
}
