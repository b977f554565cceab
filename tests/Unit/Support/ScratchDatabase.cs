using Dapper;
using Microsoft.Data.SqlClient;
using VteWats.Core.Configuration;
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
        using var master = new SqlConnection(SqlServerFactAttribute.ConnectionString);
        master.Execute($"CREATE DATABASE [{Name}]");
        _settings = new SqlConnectionStringBuilder(SqlServerFactAttribute.ConnectionString) { InitialCatalog = Name, Pooling = false };
    }

    public string Name { get; }

    public string ConnectionString => _settings.ConnectionString;

    /// <summary>Password of the login; null when it logs on as the account that runs the tests.</summary>
    public string? Password => _settings.Password.Length > 0 ? _settings.Password : null;

    /// <summary>The database as a site's, its password left to be given apart.</summary>
    public SiteConfiguration Site
    {
        get
        {
            var settings = new SqlConnectionStringBuilder(ConnectionString);
            settings.Remove("Password");
            return new SiteConfiguration { Name = "Oslo", TimeZone = SampleDatabase.TimeZone, Connection = new ConnectionConfiguration { ConnectionString = settings.ConnectionString } };
        }
    }

    public SqlConnection Connect()
    {
        var connection = new SqlConnection(ConnectionString);
        connection.Open();
        return connection;
    }

    public Task<VteSource> OpenAsync() => VteSource.OpenAsync(Site, Password, CancellationToken.None);

    // A session whose command was cancelled may take a moment to end.
    public void Dispose()
    {
        SqlConnection.ClearAllPools();
        var end = DateTime.UtcNow + Patience;
        while (true)
        {
            try
            {
                using var master = new SqlConnection(SqlServerFactAttribute.ConnectionString);
                master.Execute($"DROP DATABASE [{Name}]");
                return;
            }
            catch (SqlException) when (DateTime.UtcNow < end)
            {
                Thread.Sleep(250);
            }
        }
    }
}
