using System.Data.Common;
using Dapper;
using VteWats.Core.Vte.Reading;

namespace VteWats.Core.Assistant;

/// <summary>What a database server says of its own time zone.</summary>
internal static class ServerClock
{
    internal const string Offset = "SELECT DATEPART(tzoffset, SYSDATETIMEOFFSET());";

    // Known from SQL Server 2022 on.
    internal const string Zone = "SELECT CURRENT_TIMEZONE_ID();";

    public static Task<(string? Zone, TimeSpan? Offset)> ReadAsync(VteDatabase database, CancellationToken ct) =>
        database.UseAsync<(string?, TimeSpan?)>(connection =>
        {
            if (database.IsSqlite) return (null, null);
            var minutes = Ask<int?>(connection, Offset, database.CommandTimeoutSeconds);
            return (Ask<string?>(connection, Zone, database.CommandTimeoutSeconds),
                minutes is { } m ? TimeSpan.FromMinutes(m) : null);
        }, ct);

    // A server that does not know the question is no reason to end.
    private static T? Ask<T>(DbConnection connection, string question, int timeout)
    {
        try
        {
            return connection.ExecuteScalar<T>(question, commandTimeout: timeout);
        }
        catch (DbException) when (connection.State == System.Data.ConnectionState.Open)
        {
            return default;
        }
    }
}
