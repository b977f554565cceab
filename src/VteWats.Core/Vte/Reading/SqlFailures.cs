using System.ComponentModel;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Vte.Reading;

/// <summary>Tells database failures to the user: which kind, what happened, and what to do.</summary>
internal static class SqlFailures
{
    private static readonly HashSet<int> LoginNumbers = [916, 4060, 4064, 15151, 18450, 18451, 18452, 18456, 18458, 18459, 18460, 18461,
        18463, 18464, 18465, 18466, 18467, 18468, 18470, 18486, 18487, 18488];

    // SEC_E_UNTRUSTED_ROOT, SEC_E_WRONG_PRINCIPAL, SEC_E_CERT_EXPIRED, SEC_E_CERT_UNKNOWN, CERT_E_UNTRUSTEDROOT, CERT_E_CN_NO_MATCH,
    // CERT_E_EXPIRED, CERT_E_CHAINING
    private static readonly HashSet<int> CertificateCodes = [-2146893019, -2146893022, -2146893016, -2146893017, -2146762487, -2146762481,
        -2146762495, -2146762486];

    // User connections, the resource governor's limits of sessions and logins, no thread or memory for a new session.
    private static readonly HashSet<int> FullNumbers = [10928, 10936, 17189, 17803, 17809];

    private const int CommandTimeout = -2;
    private const int LockTimeout = 1222;
    private const int WaitTimeout = 258;
    private const int NoEncryption = 20;

    /// <param name="exception">What the provider threw.</param>
    /// <param name="target">Server and database, or file, as the user knows it.</param>
    /// <param name="opening">True while connecting.</param>
    public static VteWatsException From(Exception exception, string target, bool opening) => exception switch
    {
        VteWatsException known => known,
        SqlException sql => From(sql, target, opening),
        SqliteException sqlite => From(sqlite, target),
        PlatformNotSupportedException or InvalidOperationException when IsIntegrated(exception) =>
            Login(exception, target, exception.Message),
        InvalidOperationException when opening && exception.Message.Contains("from the pool", StringComparison.OrdinalIgnoreCase) =>
            Full(exception, target, "all connections that this process may have to it are in use"),
        _ => new VteWatsException(
            opening ? ErrorKind.SqlUnreachable : ErrorKind.SqlFailed, $"{target}: {exception.Message}",
            "Check the connection of the site with Test-VteConnection.", target, exception),
    };

    private static VteWatsException From(SqlException e, string target, bool opening)
    {
        var numbers = e.Errors.Cast<SqlError>().Select(x => x.Number).ToHashSet();
        if (numbers.Overlaps(LoginNumbers) || IsIntegrated(e)) return Login(e, target, e.Message);
        if (IsFull(e, numbers)) return Full(e, target, e.Message);
        if (IsCertificate(e))
        {
            return new VteWatsException(
                ErrorKind.SqlCertificateUntrusted,
                $"{target} shows a certificate that this computer does not trust: {ServerReach.WhyUntrusted(e) ?? e.Message}",
                "Give the server a certificate of a trusted authority, or install its own certificate among the trusted roots of this "
                + "computer. Where the network is trusted, an admin may write "
                + "TrustServerCertificate=True into the site's connection string; HostNameInCertificate=name helps when only the name "
                + "differs. Nothing is weakened unless it is written there.",
                target, e);
        }
        if (opening && numbers.Contains(NoEncryption))
        {
            return new VteWatsException(
                ErrorKind.SqlUnreachable, $"{target} does not offer encryption, and the connection string asks for it: {e.Message}",
                "Have encryption enabled on the server. Where the network is trusted, an admin may write Encrypt=False into the site's "
                + "connection string; nothing is weakened unless it is written there.",
                target, e);
        }
        if (SqlTransience.Inner(e).Any(i => i is AuthenticationException)
            || e.Message.Contains("SSL Handshake failed", StringComparison.OrdinalIgnoreCase))
        {
            return new VteWatsException(
                ErrorKind.SqlUnreachable, $"{target} and this computer could not agree on encryption: {e.Message}",
                "The server probably offers only TLS 1.0 or 1.1: enable TLS 1.2 on it (SQL Server 2012 needs its last service pack and "
                + "update for this), or let the admin set Encrypt in the connection string.",
                target, e);
        }
        if (numbers.Contains(LockTimeout))
        {
            return new VteWatsException(
                ErrorKind.SqlTimeout, $"{target}: rows stayed locked by another program for too long.",
                "Find the blocking session on the server (sys.dm_exec_requests), or let the database administrator allow snapshot "
                + "isolation; then run it again.", target, e);
        }
        if (numbers.Contains(CommandTimeout) || numbers.Contains(WaitTimeout)
            || SqlTransience.Inner(e).Any(i => i is Win32Exception { NativeErrorCode: WaitTimeout }))
        {
            return opening
                ? new VteWatsException(
                    ErrorKind.SqlTimeout, $"{target} did not answer in time while connecting.",
                    "Check that the address and port belong to a SQL Server that is running and not overloaded, and that no firewall "
                    + "swallows the traffic; Connect Timeout in the connection string sets the seconds to wait.", target, e)
                : new VteWatsException(
                    ErrorKind.SqlTimeout, $"{target} did not finish a statement in time.",
                    "Raise commandTimeoutSeconds of the site, read a shorter period, or run Test-VteSchema: it tells when the index for "
                    + "paging is missing.", target, e);
        }
        if (numbers.Overlaps([229, 230, 300, 297]))
        {
            return new VteWatsException(
                ErrorKind.SqlLoginFailed, $"{target}: the login may not read what is needed: {e.Message}",
                "Let the database administrator grant SELECT on the VTE tables to the login (db_datareader suffices); "
                + "Test-VteConnection shows what it may read.", target, e);
        }
        if (opening || SqlTransience.IsBroken(e) || SqlTransience.Inner(e).Any(i => i is SocketException))
        {
            var why = ServerReach.Why(e) ?? e.Message;
            return new VteWatsException(
                ErrorKind.SqlUnreachable, opening ? $"{target} cannot be reached: {why}" : $"The connection to {target} broke: {why}",
                "Check server name, instance and port, that the SQL Server service runs with TCP/IP enabled (and SQL Server Browser for "
                + "a named instance), and the firewall between here and there.", target, e);
        }
        return new VteWatsException(
            ErrorKind.SqlFailed, FormattableString.Invariant($"{target}: SQL Server error {e.Number}: {e.Message}"),
            "Run Test-VteConnection and Test-VteSchema for the site: they tell what the login may read and how the database differs.",
            target, e);
    }

    private static VteWatsException From(SqliteException e, string target) => e.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_CANTOPEN => new VteWatsException(
            ErrorKind.SqlUnreachable, $"{target} cannot be opened: {e.Message}", "Check the path, and that this user may read the file.",
            target, e),
        SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_CORRUPT => new VteWatsException(
            ErrorKind.SqlFailed, $"{target} is not a sound SQLite database: {e.Message}",
            "Use a file made by New-VteSampleDatabase or Export-VteTestRun, or make it anew.", target, e),
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => new VteWatsException(
            ErrorKind.SqlTimeout, $"{target} is locked by another program.",
            "Wait until the other program has finished writing, then run it again.", target, e),
        _ => new VteWatsException(ErrorKind.SqlFailed, $"{target}: {e.Message}",
            "Run Test-VteSchema for the site; make the file anew if it is damaged.", target, e),
    };

    private static VteWatsException Login(Exception e, string target, string text) => new(
        ErrorKind.SqlLoginFailed, $"{target} refused the login: {text}",
        "Check user name and password of the site (userName and the password reference, or -Credential), or that the Windows account "
        + "running this has a login; "
        + "the login must be allowed into the database. Integrated security on Linux needs a Kerberos ticket.", target, e);

    private static VteWatsException Full(Exception e, string target, string text) => new(
        ErrorKind.SqlUnreachable, $"{target} takes no more connections: {text}",
        "End programs that hold connections without need (sys.dm_exec_sessions on the server lists them), or let the database "
        + "administrator "
        + "raise the limit ('user connections' of the server, resource governance, Max Pool Size in the connection string). It is tried "
        + "again at the next sync.", target, e);

    private static bool IsFull(SqlException e, HashSet<int> numbers) => numbers.Overlaps(FullNumbers)
        || e.Message.Contains("too many clients", StringComparison.OrdinalIgnoreCase)
        || e.Message.Contains("maximum number of user connections", StringComparison.OrdinalIgnoreCase);

    private static bool IsCertificate(SqlException e) =>
        e.Errors.Cast<SqlError>().Any(x => CertificateCodes.Contains(x.Number))
        || SqlTransience.Inner(e)
        .Any(i => CertificateCodes.Contains(i.HResult) || (i is Win32Exception w && CertificateCodes.Contains(w.NativeErrorCode)))
        || SqlTransience.Inner(e).Append(e)
        .Any(i => i is AuthenticationException or SqlException && i.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase));

    private static bool IsIntegrated(Exception e) => SqlTransience.Inner(e).Append(e).Any(i =>
        i.Message.Contains("Kerberos", StringComparison.OrdinalIgnoreCase) || i.Message.Contains("SSPI", StringComparison.Ordinal)
        || i.Message.Contains("GSSAPI", StringComparison.Ordinal));
}
