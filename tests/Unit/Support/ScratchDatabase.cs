using Dapper;
using Microsoft.Data.SqlClient;
using VteWats.Core.Sync;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Vte.Sample;

namespace VteWats.Unit.Support;

/// <summary>An empty database of its own on the SQL Server of the tests, dropped at the end.</summary>
public sealed class ScratchDatabase : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly SqlConnectionStringBuilder _settings;

    public ScratchDatabase()
    {
        Name = "vtewats_" + Guid.NewGuid().ToString("N")[..16];
        using var master = Connect(SqlServerFactAttribute.ConnectionString);
        master.Execute($"CREATE DATABASE [{Name}]");
        _settings = new SqlConnectionStringBuilder(SqlServerFactAttribute.ConnectionString) { InitialCatalog = Name, Pooling = false };
    }

    public string Name { get; }

    public string ConnectionString => _settings.ConnectionString;

    /// <summary>Password of the login; null when it logs on as the account that runs the tests.</summary>
    public string? Password => _settings.Password.Length > 0 ? _settings.Password : null;

    /// <summary>The database as a site's, its password left to be given apart.</summary>
    public SiteOptions Site
    {
        get
        {
            var settings = new SqlConnectionStringBuilder(ConnectionString);
            settings.Remove("Password");
            return new SiteOptions
            {
                Name = "Oslo", TimeZone = SampleDatabase.TimeZone,
                Connection = new ConnectionOptions { ConnectionString = settings.ConnectionString }
            };
        }
    }

    public SqlConnection Connect() => Connect(ConnectionString);

    public static SqlConnection Connect(string connectionString)
    {
        var connection = new SqlConnection(connectionString);
        connection.OpenForPartialPackets();
        return connection;
    }

    /// <summary>Tries until the server has done with the sessions that were cancelled or have just ended.</summary>
    public static void DropPatiently(string statement)
    {
        SqlConnection.ClearAllPools();
        for (var end = DateTime.UtcNow + Patience; ; Thread.Sleep(250))
        {
            try
            {
                using var master = Connect(SqlServerFactAttribute.ConnectionString);
                master.Execute(statement);
                return;
            }
            catch (SqlException) when (DateTime.UtcNow < end)
            {
                // Still in use.
            }
        }
    }

    public Task<VteSource> OpenAsync() => TestSource.OpenAsync(Site, Password, CancellationToken.None);

    public void Dispose() => DropPatiently($"DROP DATABASE [{Name}]");
}
