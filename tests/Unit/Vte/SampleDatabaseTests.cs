using System.Security.Cryptography;
using Dapper;
using Microsoft.Data.Sqlite;
using VteWats.Core.Diagnostics;
using VteWats.Core.Vte.Sample;
using VteWats.Core.Vte.Schema;
using VteWats.Unit.Support;

namespace VteWats.Unit.Vte;

public sealed class SampleDatabaseTests(SampleDatabaseTests.Thousand thousand) : IClassFixture<SampleDatabaseTests.Thousand>, IDisposable
{
    private static readonly DateTimeOffset Until = new(2024, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_same_seed_gives_the_same_bytes()
    {
        await Create("a.db", 300);
        await Create("b.db", 300);
        Assert.Equal(Hash("a.db"), Hash("b.db"));
        await SampleDatabase.CreateSqliteAsync(_folder.File("c.db"), new SampleOptions { Runs = 300, Seed = 2, Until = Until });
        Assert.NotEqual(Hash("a.db"), Hash("c.db"));
    }

    [Fact]
    public void The_summary_is_what_the_database_holds()
    {
        var summary = thousand.Summary;
        using var db = thousand.Open();
        Assert.Equal(1000, db.ExecuteScalar<int>("SELECT count(*) FROM IndexData"));
        Assert.Equal(1000, db.ExecuteScalar<int>(
            "SELECT count(*) FROM IndexData i JOIN UutData u ON u.Uut_GUID = i.Uut_GUID JOIN Products p ON p.Product_GUID = "
            + "i.Product_GUID JOIN TestSystems s ON s.Testsystem_GUID = i.Testsystem_GUID"));
        Assert.Equal(summary.Units, db.ExecuteScalar<int>("SELECT count(*) FROM UutData"));
        Assert.Equal(summary.Steps,
            db.ExecuteScalar<long>("SELECT (SELECT count(*) FROM TestDataNumeric) + (SELECT count(*) FROM TestDataText) + (SELECT "
            + "count(*) FROM TestDataOther)"));
        Assert.Equal(summary.Results.OrderBy(r => r.Key),
            db.Query<(int, int)>("SELECT Result, count(*) FROM IndexData GROUP BY Result")
            .Select(r => KeyValuePair.Create(r.Item1, r.Item2)).OrderBy(r => r.Key));
        var unmappable = db.Query<string>(
            "SELECT i.Index_GUID FROM IndexData i JOIN UutData u ON u.Uut_GUID = i.Uut_GUID WHERE trim(coalesce(u.Serial, '')) = '' OR "
            + "i.Result NOT IN (0, 1, 2, 3)");
        Assert.Equal(unmappable.Select(Guid.Parse).Order(), summary.Unmappable.Select(u => u.Id).Order());
        Assert.True(db.ExecuteScalar<string>("SELECT max(Timestamp) FROM IndexData")!.CompareTo("2024-11-20 13:00:00.000",
            StringComparison.Ordinal) < 0);
    }

    [Theory]
    [InlineData("failed, error and aborted runs", "SELECT count(DISTINCT Result) = 5 FROM IndexData")]
    [InlineData("retests", "SELECT count(*) > 50 FROM (SELECT 1 FROM IndexData GROUP BY Uut_GUID HAVING count(*) > 1)")]
    [InlineData("NULL and blank serials", "SELECT sum(Serial IS NULL) > 2 AND sum(trim(Serial) = '') > 2 FROM UutData")]
    [InlineData("padded serials", "SELECT sum(Serial <> trim(Serial) AND trim(Serial) <> '') > 5 FROM UutData")]
    [InlineData("over-long serials", "SELECT sum(length(Serial) > 100) > 0 FROM UutData")]
    [InlineData("equal timestamps", "SELECT count(*) > 20 FROM (SELECT 1 FROM IndexData GROUP BY Timestamp HAVING count(*) > 1)")]
    [InlineData("one unit twice at one time",
        "SELECT count(*) > 2 FROM (SELECT 1 FROM IndexData GROUP BY Timestamp, Uut_GUID HAVING count(*) > 1)")]
    [InlineData("runs in the repeated hour",
        "SELECT count(*) > 10 FROM IndexData WHERE Timestamp >= '2024-10-27 02:00:00' AND Timestamp < '2024-10-27 03:00:00'")]
    [InlineData("runs without steps",
        "SELECT count(*) > 10 FROM IndexData WHERE Index_GUID NOT IN (SELECT Index_GUID FROM TestDataNumeric)")]
    [InlineData("limits reversed", "SELECT count(*) > 10 FROM TestDataNumeric WHERE LowLimit > HighLimit")]
    [InlineData("both limits, one, none",
        "SELECT sum(LowLimit IS NULL AND HighLimit IS NULL) > 0 AND sum(LowLimit IS NULL AND HighLimit IS NOT NULL) > 0 AND "
        + "sum(LowLimit IS NOT NULL AND HighLimit IS NULL) > 0 AND sum(LowLimit < HighLimit) > 0 FROM TestDataNumeric")]
    [InlineData("sentinels", "SELECT sum(abs(TestResult) > 9e36) > 10 FROM TestDataNumeric")]
    [InlineData("over-long names", "SELECT sum(length(TestName) > 100) > 5 FROM TestDataNumeric")]
    [InlineData("control characters", "SELECT sum(instr(Info1, char(7)) > 0) > 5 FROM IndexData")]
    [InlineData("other alphabets", "SELECT sum(instr(Info1, '检') > 0) > 5 FROM IndexData")]
    [InlineData("large texts", "SELECT max(length(TestResult)) > 80000 FROM TestDataText")]
    [InlineData("other as text and as bytes", "SELECT count(DISTINCT typeof(TestResult)) = 2 FROM TestDataOther")]
    [InlineData("20 to 60 steps in a passed run",
        "SELECT min(n) >= 20 AND max(n) BETWEEN 50 AND 70 FROM (SELECT count(*) n FROM (SELECT Index_GUID FROM TestDataNumeric UNION "
        + "ALL SELECT Index_GUID FROM TestDataText UNION ALL SELECT Index_GUID FROM TestDataOther) WHERE Index_GUID IN (SELECT "
        + "Index_GUID FROM IndexData WHERE Result = 1) GROUP BY Index_GUID)")]
    [InlineData("assemblies and repairs",
        "SELECT (SELECT count(*) FROM AssemblyData) > 100 AND (SELECT count(*) FROM RepairData) > 10 AND (SELECT count(*) FROM "
        + "RepairActions) > 10")]
    public void The_sample_holds_the_dirt_of_a_real_plant(string what, string sql)
    {
        using var db = thousand.Open();
        Assert.True(db.ExecuteScalar<bool>(sql), what);
    }

    [Fact]
    public async Task A_sample_in_summer_has_runs_in_the_repeated_hour_of_last_October()
    {
        await SampleDatabase.CreateSqliteAsync(_folder.File("a.db"),
            new SampleOptions { Runs = 120, Until = new DateTimeOffset(2024, 7, 1, 0, 0, 0, TimeSpan.Zero) });
        using var db = Open("a.db");
        Assert.Equal(2, db.ExecuteScalar<int>(
            "SELECT count(*) FROM IndexData WHERE Timestamp >= '2023-10-29 02:00:00' AND Timestamp < '2023-10-29 03:00:00'"));
    }

    [Fact]
    public async Task Times_are_whole_ticks_of_datetime()
    {
        await Create("a.db", 200);
        using var db = Open("a.db");
        Assert.All(db.Query<string>("SELECT Timestamp FROM IndexData"), t => Assert.Contains(t[^1], "037"));
    }

    [Fact]
    public async Task A_profile_renames_everything()
    {
        var options = new SampleOptions { Runs = 100, Until = Until };
        await SampleDatabase.CreateSqliteAsync(_folder.File("a.db"), options with { Profile = SchemaProfile.From(SampleProfiles.Renamed) });
        await SampleDatabase.CreateSqliteAsync(_folder.File("b.db"), options);
        using var renamed = Open("a.db");
        using var plain = Open("b.db");
        Assert.Equal(
            plain.Query<string>("SELECT TestName || TestResult FROM TestDataNumeric ORDER BY rowid"),
            renamed.Query<string>("""SELECT "x TestName]" || "x TestResult]" FROM "t""TestDataNumeric" ORDER BY rowid"""));
    }

    [Fact]
    public async Task An_existing_file_stays_unless_it_is_to_be_overwritten()
    {
        File.WriteAllText(_folder.File("a.db"), "mine");
        var refused = await Assert.ThrowsAsync<VteWatsException>(() => Create("a.db", 10));
        Assert.Same(ErrorKind.FileExists, refused.Error);
        Assert.Equal("mine", File.ReadAllText(_folder.File("a.db")));
        await SampleDatabase.CreateSqliteAsync(_folder.File("a.db"), new SampleOptions { Runs = 10, Until = Until }, overwrite: true);
        Assert.Equal([_folder.File("a.db")], Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData(0, 30)]
    [InlineData(10, 0)]
    public async Task Options_out_of_range_are_refused(int runs, int days)
    {
        var refused = await Assert.ThrowsAsync<VteWatsException>(() =>
            SampleDatabase.CreateSqliteAsync(_folder.File("a.db"), new SampleOptions { Runs = runs, DaysBack = days, Until = Until }));
        Assert.Same(ErrorKind.InvalidArgument, refused.Error);
    }

    private Task<SampleSummary> Create(string name, int runs) =>
        SampleDatabase.CreateSqliteAsync(_folder.File(name), new SampleOptions { Runs = runs, Until = Until });

    private SqliteConnection Open(string name) => Open(_folder, name);

    private static SqliteConnection Open(TempFolder folder, string name)
    {
        var connection = new SqliteConnection($"Data Source={folder.File(name)};Pooling=False");
        connection.Open();
        return connection;
    }

    /// <summary>One sample of 1000 runs for all tests that only look at it.</summary>
    public sealed class Thousand : IAsyncLifetime, IDisposable
    {
        private readonly TempFolder _folder = new();

        public SampleSummary Summary { get; private set; } = null!;

        public async Task InitializeAsync() =>
            Summary = await SampleDatabase.CreateSqliteAsync(_folder.File("a.db"), new SampleOptions { Runs = 1000, Until = Until });

        public Task DisposeAsync() => Task.CompletedTask;

        public void Dispose() => _folder.Dispose();

        public SqliteConnection Open() => SampleDatabaseTests.Open(_folder, "a.db");
    }

    private string Hash(string name) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(_folder.File(name))));
}
