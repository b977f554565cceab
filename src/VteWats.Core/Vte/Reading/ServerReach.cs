using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Data.SqlClient;

namespace VteWats.Core.Vte.Reading;

/// <summary>
/// Why a server could not be reached. SqlClient often says no more than "an internal exception was caught", and keeps the cause for itself:
/// then
/// the address is tried once more, without it.
/// </summary>
internal static class ServerReach
{
    private const string Key = "VteWats.Reach";
    private const int DefaultPort = 1433;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly (string Status, string Reason)[] Refusals =
    [
        ("NotTimeValid", "it has expired or is not valid yet"), ("name mismatch",
            "it was issued for another name than the one in the connection string"),
        ("UntrustedRoot", "it is self-signed, or issued by an authority that this computer does not know"),
        ("PartialChain", "the authority that issued it is not known to this computer"), ("Revoked", "it was revoked"),
        ("RevocationStatusUnknown", "whether it was revoked cannot be found out"),
        ("OfflineRevocation", "whether it was revoked cannot be found out"), ("NotValidForUsage", "it is not meant for servers"),
        ("not available", "the server showed none"),
    ];

    /// <summary>Notes with a failed attempt to connect why it failed. Blocks for a second at most beside looking up the name.</summary>
    public static void Note(SqlException failure, string dataSource)
    {
        if (failure.Class < 20 || Known(failure) is not null || Address(dataSource) is not ({ } host, var port)) return;
        failure.Data[Key] = Try(host, port, dataSource);
    }

    /// <summary>The cause in plain words; null when nobody knows it.</summary>
    public static string? Why(Exception failure) => Known(failure) ?? failure.Data[Key] as string;

    /// <summary>Why the certificate was refused, as far as the system says.</summary>
    public static string? WhyUntrusted(Exception failure)
    {
        var texts = SqlTransience.Inner(failure).OfType<AuthenticationException>().Select(e => e.Message).ToList();
        var reasons = Refusals.Where(r => texts.Exists(t => t.Contains(r.Status, StringComparison.OrdinalIgnoreCase)))
            .Select(r => r.Reason).Distinct().ToList();
        return reasons.Count > 0 ? string.Join("; ", reasons) : texts.LastOrDefault()?.Trim();
    }

    private static string? Known(Exception failure) =>
        SqlTransience.Inner(failure).OfType<SocketException>().Select(e => Text(e.SocketErrorCode)).FirstOrDefault(t => t is not null)
        ?? (failure is SqlException sql ? Text((SocketError)sql.Number) : null);

    private static string? Text(SocketError error) => error switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.NoRecovery => "there is no host of this name",
        SocketError.TryAgain => "the name service does not answer",
        SocketError.ConnectionRefused => "the connection was refused: nothing listens at this port",
        SocketError.TimedOut => "there was no answer in time",
        SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.NetworkDown or SocketError.HostDown =>
            "the network does not lead there",
        SocketError.ConnectionReset or SocketError.ConnectionAborted =>
            "the other side ended the connection; where that happens at once, it takes no more of them, or is no SQL Server",
        _ => null,
    };

    private static string? Try(string host, int? port, string dataSource)
    {
        try
        {
            var addresses = Dns.GetHostAddresses(host);
            if (port is null)
            {
                return $"the host is known, but SQL Server Browser there does not tell the port of the instance "
                    + $"'{dataSource[(dataSource.IndexOf('\\', StringComparison.Ordinal) + 1)..]}'";
            }
            using var socket = new TcpClient();
            using var patience = new CancellationTokenSource(Patience);
            socket.ConnectAsync(addresses, port.Value, patience.Token).AsTask().GetAwaiter().GetResult();
            return null;
        }
        catch (SocketException e)
        {
            return Text(e.SocketErrorCode) ?? e.Message;
        }
        catch (OperationCanceledException)
        {
            return Text(SocketError.TimedOut);
        }
    }

    // tcp:host\instance,port. What goes through a pipe or shared memory has no port to try.
    private static (string? Host, int? Port) Address(string dataSource)
    {
        var text = dataSource.Trim();
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0 && !text.StartsWith("tcp:", StringComparison.OrdinalIgnoreCase)) return (null, null);
        var parts = text[(colon + 1)..].Split(',', 2);
        var names = parts[0].Trim().Split('\\', 2);
        var host = names[0].ToUpperInvariant() is "." or "(LOCAL)" or "" ? "localhost" : names[0];
        if (host.StartsWith('(')) return (null, null);
        if (parts.Length > 1)
            return int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? (host, port) : (null, null);
        return (host, names.Length > 1 ? null : DefaultPort);
    }
}
