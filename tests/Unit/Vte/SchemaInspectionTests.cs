using VteWats.Core.Inspection;
using VteWats.Core.Mapping;
using VteWats.Core.Sync;
using VteWats.Core.Time;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Vte.Sample;
using VteWats.Core.Vte.Schema;
using VteWats.Unit.Support;
using VteWats.Unit.Sync;

namespace VteWats.Unit.Vte;

public sealed class SchemaInspectionTests : IDisposable
{
    private static readonly DateTimeOffset Until = new(2024, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_kind_of_dirt_in_the_sample_is_found()
    {
        var sample = await SampleDatabase.CreateSqliteAsync(_folder.File("a.db"), new SampleOptions { Runs = 1000, Until = Until });
        var measured = await MeasureAsync(Site("a.db"));
        var found = measured.Findings.ToDictionary(f => f.Kind, f => f.Count);
        Assert.Equal(1000, measured.Runs);
        Assert.Equal(sample.Steps, measured.Steps);
        Assert.Equal((sample.First, sample.Last), (measured.First, measured.Last));
        Assert.Equal(sample.Results[0], measured.Products.Sum(p => p.Failed));
        Assert.Equal(1000, measured.Days.Sum(d => d.Count));
        Assert.Equal(sample.Dirt["UnknownResult"], found["ResultUnknown"]);
        Assert.Equal(sample.Dirt["WithoutSteps"], found["WithoutSteps"]);
        Assert.Equal(sample.Dirt["NullTestTime"], found["TestTimeMissing"]);
        Assert.Equal(sample.Unmappable.Count, found["SerialMissing"] + found["ResultUnknown"]);
        foreach (var kind in new[] { "SerialPadded", "SerialLong", "ProductNamePadded", "ProductNameLong", "ValueNotANumber",
            "LimitsReversed", "ResultAgainstLimits", "StepNameLong", "TextLong", "TimestampShared", "StartCollides", "TimeAmbiguous" })
            Assert.True(found.GetValueOrDefault(kind) > 0, kind);
        Assert.DoesNotContain("TimeInvalid", found.Keys);
        Assert.DoesNotContain("TimeInFuture", found.Keys);
        Assert.All(measured.Findings, f => Assert.InRange(f.Examples.Count, 1, 3));
        Assert.Equal(0, measured.FewestSteps);
    }

    [Fact]
    public void A_wrong_time_zone_shows_in_the_measurement()
    {
        var clock = SiteClock.For("Europe/Oslo");
        var statistics = new TestRunStatistics("Oslo", SiteClock.For("Europe/Oslo"), new MappingOptions(), Until);
        foreach (var local in new[] { new DateTime(2024, 3, 31, 2, 30, 0), new DateTime(2024, 10, 27, 2, 30, 0),
            new DateTime(2024, 11, 21, 0, 0, 0) })
            statistics.Add(new VteTestRun
            {
                Id = Guid.NewGuid(), Site = "Oslo", Timestamp = local, Start = clock.ToInstant(local),
                Steps = []
            });
        var kinds = statistics.Result().Findings.Select(f => f.Kind).ToList();
        Assert.Contains("TimeInvalid", kinds);
        Assert.Contains("TimeAmbiguous", kinds);
        Assert.Contains("TimeInFuture", kinds);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_export_of_a_site_with_other_names_or_less_columns_is_a_reference_database(bool renamed)
    {
        var configuration = renamed ? SampleProfiles.Renamed : SampleProfiles.Bare;
        var options = new SampleOptions { Runs = 150, Until = Until, Profile = SchemaProfile.From(configuration) };
        await SampleDatabase.CreateSqliteAsync(_folder.File("a.db"), options);
        var summary = await TestRunExport.WriteAsync(
            (Site("a.db") with { SchemaProfile = configuration }).ToSource(), SyncTestData.Oslo, null, new TestRunQuery(),
            _folder.File("out.db"), anonymize: false, overwrite: false, null, null, CancellationToken.None);
        Assert.Equal(150, summary.Runs);
        var before = await MeasureAsync(Site("a.db") with { SchemaProfile = configuration });
        var after = await MeasureAsync(Site("out.db"));
        Assert.Equal((before.Runs, before.Steps, before.First, before.Last), (after.Runs, after.Steps, after.First, after.Last));
        Assert.Equal(before.Results, after.Results);
    }

    [Fact]
    public void Anonymous_tokens_are_consistent_keep_padding_and_differ_from_key_to_key()
    {
        var one = new Anonymizer();
        Assert.Equal(one.Replace("SN", "A-1"), one.Replace("SN", "A-1"));
        Assert.Equal($"  {one.Replace("SN", "A-1")} ", one.Replace("SN", "  A-1 "));
        Assert.NotEqual(one.Replace("SN", "A-1"), one.Replace("SN", "A-2"));
        Assert.NotEqual(one.Replace("SN", "A-1"), new Anonymizer().Replace("SN", "A-1"));
        Assert.Equal(130, one.Replace("SN", new string('9', 130))!.Length);
        Assert.Null(one.Replace("SN", null));
        Assert.Equal("  ", one.Replace("SN", "  "));
        Assert.Equal($"read {one.Replace("SN", "ABC-123")} ok", one.Scrub("read abc-123 ok", [("SN", "ABC-123")]), ignoreCase: true);
    }

    [Fact]
    public void Every_statement_is_SQL_Server_2012_and_binds()
    {
        var schema = BoundSchema.Bind(ReferenceCatalogue(), SchemaProfile.Default);
        foreach (var table in ReferenceSchema.Tables)
        {
            foreach (var key in table.Columns.Where(c => c.BaseType == "uniqueidentifier").Select(c => c.Name).Append(null))
            {
                var sql = TableRowReader.Statement(schema, table.Name, key);
                SqlProof.Parses(sql);
                Assert.DoesNotContain("Password", sql, StringComparison.OrdinalIgnoreCase);
            }
        }
        SqlProof.Binds(string.Join('\n',
            ReferenceSchema.Tables.Select(t => TableRowReader.Statement(schema, t.Name, null))
            .Append(TableRowReader.Statement(schema, "IndexData", "Index_GUID"))));
        Assert.All([ConnectionCheck.About, ConnectionCheck.Permission, ConnectionCheck.ColumnPermission, ConnectionCheck.Encryption,
            SampleDatabase.TableCount], SqlProof.Parses);
    }

    [SqlServerFact]
    public async Task A_sample_in_SQL_Server_is_the_sample_in_SQLite()
    {
        using var scratch = new ScratchDatabase();
        var (server, password) = (scratch.Site, scratch.Password);
        var options = new SampleOptions { Runs = 300, Until = Until };
        var summary = await SampleDatabase.CreateSqlServerAsync(scratch.ConnectionString, null, null, options);
        await SampleDatabase.CreateSqliteAsync(_folder.File("a.db"), options);
        await Assert.ThrowsAsync<Core.Diagnostics.VteWatsException>(() => SampleDatabase.CreateSqlServerAsync(scratch.ConnectionString,
            null, null, options));

        var live = await LiveSchema.ReadAsync(server.ToSource(), password, CancellationToken.None);
        Assert.Empty(SchemaCheck.Compare(live.Catalogue, live.Profile));
        Assert.Equal(-1, live.Catalogue.Find(null, "TestDataText")!.Find("TestResult")!.Length);
        var report = await ConnectionCheck.RunAsync(server.ToSource(), password, CancellationToken.None);
        Assert.Equal((scratch.Name, 21), (report.Database, report.Readable.Count));

        Assert.Equal(await HashesAsync(Site("a.db"), null), await HashesAsync(server, password));
        await TestRunExport.WriteAsync(server.ToSource(), SyncTestData.Oslo, password, new TestRunQuery(), _folder.File("out.db"),
            anonymize: false, overwrite: false, null, null, CancellationToken.None);
        Assert.Equal(await HashesAsync(Site("a.db"), null), await HashesAsync(Site("out.db"), null));
        Assert.Equal(300, summary.Runs);
    }

    private static Task<TestRunMeasurement> MeasureAsync(SiteOptions site) => TestRunMeasure.RunAsync(
        site.ToSource(), SyncTestData.Oslo, site.Mapping, null, new TestRunQuery(), null, CancellationToken.None);

    private static async Task<List<(Guid, string?)>> HashesAsync(SiteOptions site, string? password)
    {
        await using var source = await TestSource.OpenAsync(site, password, CancellationToken.None);
        var runs = await source.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync();
        return [.. runs.Select(r => (r.Id, r.ContentHash)).OrderBy(r => r.Id)];
    }

    private static Catalogue ReferenceCatalogue() => new(
        DatabaseProvider.SqlServer, "dbo",
        [
            .. ReferenceSchema.Tables.Select(t => new CatalogueTable(
                "dbo", t.Name, false, 0,
                [.. t.Columns.Select(c => new CatalogueColumn(c.Name, c.BaseType, null, null, c.Nullable, c.IsKey))], [])),
        ]);

    private SiteOptions Site(string name) => new()
    {
        Name = "Oslo", TimeZone = SampleDatabase.TimeZone, Connection = new ConnectionOptions { Path = _folder.File(name) },
    };
}
