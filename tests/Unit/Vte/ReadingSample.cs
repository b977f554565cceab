using Dapper;
using Microsoft.Data.Sqlite;
using VteWats.Core.Sync;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Vte.Sample;
using VteWats.Core.Vte.Schema;
using VteWats.Unit.Support;

namespace VteWats.Unit.Vte;

/// <summary>A sample database of 1000 runs in a SQLite file, made once for the tests of a class.</summary>
public sealed class ReadingSample : IAsyncLifetime, IDisposable
{
    public static readonly DateTimeOffset Until = new(2024, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private readonly TempFolder _folder = new();

    public string Path => _folder.File("sample.db");

    public string File(string name) => _folder.File(name);

    public async Task InitializeAsync() => await SampleDatabase.CreateSqliteAsync(Path, new SampleOptions { Until = Until });

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    public static SiteOptions Site(string path, SchemaProfileOptions? profile = null) => new()
    {
        Name = "Oslo", TimeZone = SampleDatabase.TimeZone, Connection = new ConnectionOptions { Path = path }, SchemaProfile = profile
            ?? new SchemaProfileOptions(),
    };

    public Task<VteSource> OpenAsync() => TestSource.OpenAsync(Site(Path), null, CancellationToken.None);

    public async Task<List<VteTestRun>> ReadAsync(TestRunQuery query)
    {
        await using var source = await OpenAsync();
        return await source.ReadAsync(query, CancellationToken.None).ToListAsync();
    }

    /// <summary>The database for direct questions, and for what a station would write meanwhile.</summary>
    public SqliteConnection Direct() => Direct(Path);

    public static SqliteConnection Direct(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    /// <summary>An empty database with the reference schema and one unit, product and station.</summary>
    public static void Empty(string path)
    {
        using var db = Direct(path);
        foreach (var statement in SchemaScript.Sqlite(SchemaProfile.Default)) db.Execute(statement);
        db.Execute("INSERT INTO UutData (Uut_GUID, Serial) VALUES (@unit, 'SN1')", new { unit = Unit });
    }

    public const string Unit = "00000000-0000-0000-0000-0000000000AA";

    public static void Insert(SqliteConnection db, Guid id, string timestamp, int steps = 2, string unit = Unit)
    {
        var key = id.ToString("D").ToUpperInvariant();
        db.Execute("INSERT INTO IndexData (Index_GUID, Uut_GUID, Timestamp, Result, ProductName) VALUES (@key, @unit, @timestamp, 1, 'P')",
            new { key, unit, timestamp });
        for (var n = 1; n <= steps; n++)
            db.Execute("INSERT INTO TestDataNumeric (Index_GUID, TestStepNumber, TestName, TestResult, TestResultType) VALUES (@key, "
                + "@n, 'Step', @n, 1)", new { key, n });
    }
}
