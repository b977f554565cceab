using System.Data.Common;
using System.Diagnostics;
using Dapper;
using VteWats.Core.Diagnostics;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Vte.Schema;

namespace VteWats.Core.Inspection;

/// <summary>Connects to a site's database as the reader does and asks it about itself. Changes nothing.</summary>
public static class ConnectionCheck
{
    internal const string About = """
        SELECT CAST(SERVERPROPERTY('ServerName') AS nvarchar(256)) AS [Server], DB_NAME() AS [Database],
               CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128)) AS [Version], CAST(SERVERPROPERTY('Edition') AS nvarchar(128)) AS
                   [Edition],
               SUSER_SNAME() AS [Login],
               (SELECT CAST(d.snapshot_isolation_state | d.is_read_committed_snapshot_on AS bit) FROM sys.databases AS d WHERE
                   d.database_id = DB_ID()) AS [Snapshot];
        """;

    internal const string Permission = "SELECT HAS_PERMS_BY_NAME(@name, 'OBJECT', @permission);";
    internal const string ColumnPermission = "SELECT HAS_PERMS_BY_NAME(@name, 'OBJECT', 'SELECT', @column, 'COLUMN');";

    // Needs a right that a plain reader may lack.
    internal const string Encryption = "SELECT encrypt_option FROM sys.dm_exec_connections WHERE session_id = @@SPID;";

    /// <exception cref="VteWatsException">The connection errors, each with its own id and advice; ConfigurationInvalid.</exception>
    public static Task<ConnectionReport> RunAsync(VteSourceOptions site, string? password, CancellationToken ct)
    {
        var database = VteDatabase.Create(site, password);
        var profile = SchemaProfile.From(site.SchemaProfile);
        var watch = Stopwatch.StartNew();
        return database.UseAsync(
            connection =>
            {
                var connected = watch.Elapsed;
                var tables = Tables(Catalogue.ReadAsync(connection, ct).GetAwaiter().GetResult(), profile);
                var report = database.IsSqlite ? File(database, connection, site, tables) : Server(database, connection, site, tables);
                var (latency, difference) = Clock(database, connection);
                return report with { ConnectTime = connected, Latency = latency, ClockDifference = difference };
            }, ct);
    }

    private static ConnectionReport File(VteDatabase database, DbConnection connection, VteSourceOptions site,
        List<(string Logical, CatalogueTable Table)> tables) => new()
        {
            Site = site.Site, Provider = DatabaseProvider.Sqlite, Database = database.Target,
            Version = $"SQLite {connection.ServerVersion}",
            Readable = [.. tables.Select(t => t.Logical)],
        };

    private static ConnectionReport Server(VteDatabase database, DbConnection connection, VteSourceOptions site,
        List<(string Logical, CatalogueTable Table)> tables)
    {
        var timeout = database.CommandTimeoutSeconds;
        var about = connection.QuerySingle<ServerRow>(About, commandTimeout: timeout);
        var readable = tables.ToLookup(t => May(t.Table, "SELECT") || t.Table.Columns.Any(c => MaySelect(t.Table, c.Name)), t => t.Logical);
        var runs = tables.Where(t => t.Logical == "IndexData").Select(t => t.Table).ToList();
        return new ConnectionReport
        {
            Site = site.Site, Provider = DatabaseProvider.SqlServer, Server = about.Server, Database = about.Database,
            Version = about.Version ?? connection.ServerVersion,
            Edition = about.Edition, Login = about.Login, SnapshotIsolation = about.Snapshot ?? false, Readable = [.. readable[true]],
            NotReadable = [.. readable[false]],
            MayWrite = runs.Any(t => May(t, "INSERT") || May(t, "UPDATE") || May(t, "DELETE")), Encrypted = Encrypted(connection, timeout),
        };

        bool May(CatalogueTable table, string permission) =>
            connection.ExecuteScalar<int?>(Permission, new { name = Name(table), permission }, commandTimeout: timeout) == 1;
        // A careful administrator grants Users without its passwords.
        bool MaySelect(CatalogueTable table, string column) =>
            connection.ExecuteScalar<int?>(ColumnPermission, new { name = Name(table), column }, commandTimeout: timeout) == 1;
        static string Name(CatalogueTable table) => $"{SqlName.SqlServer(table.Schema)}.{SqlName.SqlServer(table.Name)}";
    }

    private static bool? Encrypted(DbConnection connection, int timeout)
    {
        try
        {
            return string.Equals(connection.ExecuteScalar<string>(Encryption, commandTimeout: timeout), "TRUE",
                StringComparison.OrdinalIgnoreCase);
        }
        catch (DbException) when (connection.State == System.Data.ConnectionState.Open)
        {
            return null;
        }
    }

    private static (TimeSpan Latency, TimeSpan Difference) Clock(VteDatabase database, DbConnection connection)
    {
        var samples = new List<(TimeSpan Latency, TimeSpan Difference)>();
        for (var i = 0; i < 5; i++)
        {
            var before = DateTimeOffset.UtcNow;
            var watch = Stopwatch.StartNew();
            var theirs = database.UtcNow(connection);
            var latency = watch.Elapsed;
            samples.Add((latency, theirs - (before + latency / 2)));
        }
        samples.Sort((a, b) => a.Latency.CompareTo(b.Latency));
        // The quickest round trip tells the clock best.
        return (samples[samples.Count / 2].Latency, samples[0].Difference);
    }

    private static List<(string Logical, CatalogueTable Table)> Tables(Catalogue catalogue, SchemaProfile profile) =>
    [
        .. from table in ReferenceSchema.Tables
           let physical = profile.Table(table.Name)
           where physical is not null
           let found = catalogue.Find(profile.Schema, physical)
           where found is not null
           select (table.Name, found),
    ];

    private sealed class ServerRow
    {
        public string? Server { get; init; }
        public string Database { get; init; } = "";
        public string? Version { get; init; }
        public string? Edition { get; init; }
        public string? Login { get; init; }
        public bool? Snapshot { get; init; }
    }
}
