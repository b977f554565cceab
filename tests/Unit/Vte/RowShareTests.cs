using Dapper;
using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.Core.Inspection;
using VteWats.Core.Sync;
using VteWats.Core.Time;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Unit.Support;

namespace VteWats.Unit.Vte;

/// <summary>One database with two plants: each site reads, counts and answers for its own runs alone.</summary>
public sealed class RowShareTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Guid[] _oslo = [Guid.NewGuid(), Guid.NewGuid()], _bergen = [Guid.NewGuid()];

    public RowShareTests()
    {
        ReadingSample.Empty(Database);
        using var db = ReadingSample.Direct(Database);
        foreach (var (id, n) in _oslo.Concat(_bergen).Select((id, n) => (id, n)))
        {
            ReadingSample.Insert(db, id, $"2024-11-01 10:0{n}:00.000");
            db.Execute("UPDATE IndexData SET Site = @site, Hostname = @host, ProductName = @product WHERE Index_GUID = @id", new
            {
                site = n < 2 ? "Oslo" : "Bergen ", host = n < 2 ? "osl-1" : "ber-1", product = n < 2 ? "Inverter" : "Charger",
                id = id.ToString("D").ToUpperInvariant(),
            });
        }
    }

    private string Database => _folder.File("two.db");

    public void Dispose() => _folder.Dispose();

    public static TheoryData<RowShareOptions, RowShareOptions> Shares() => new()
    {
        { new() { Sites = ["Oslo"] }, new() { Sites = ["B*"] } },
        { new() { Stations = ["osl-?"] }, new() { Stations = ["ber-1", "none"] } },
        { new() { Products = ["inverter"], Sites = ["*"] }, new() { Products = ["Ch*"], Sites = ["Bergen"] } },
    };

    [Theory]
    [MemberData(nameof(Shares))]
    public async Task Each_site_reads_and_counts_its_own_runs_alone(RowShareOptions first, RowShareOptions second)
    {
        var (from, to) = (new DateTime(2024, 11, 1), new DateTime(2024, 11, 2));
        Guid[] all = [.. _oslo, .. _bergen];
        foreach (var (rows, expected) in new[] { (first, _oslo), (second, _bergen), (new RowShareOptions(), all) })
        {
            await using var source = await OpenAsync(rows);
            var query = new TestRunQuery();
            Assert.True(query.LeavesNothingOut);
            Assert.Equal(expected.Order(), (await source.ReadAsync(query, default).ToListAsync()).Select(run => run.Id).Order());
            Assert.Equal(expected.Length, await source.CountAsync(query, default));
            Assert.Equal(expected.Length, (await source.CountByHourAsync(from, to, default)).Sum(hour => hour.Runs));
            Assert.Equal(expected.Length, (await source.CountWaitingAsync(from, to, default)).Count);
            Assert.Equal(expected.Order(), (await source.ReadKeysAsync(from, to, default).ToListAsync()).Select(key => key.Id).Order());
            Assert.Equal(expected.Order(), (await source.CountStepsAsync(from, to, default)).Keys.Order());
            source.SimulatedTime = new Sync.ManualTime(new DateTimeOffset(2024, 10, 1, 0, 0, 0, TimeSpan.Zero));
            Assert.Equal(expected.Length, (await source.CountAheadAsync(10, default)).Count);
        }
    }

    [Fact]
    public async Task The_share_belongs_to_the_identity_of_the_source()
    {
        await using var all = await OpenAsync(new RowShareOptions());
        await using var oslo = await OpenAsync(new RowShareOptions { Sites = ["Oslo"] });
        await using var same = await OpenAsync(new RowShareOptions { Sites = [" oslo "] });
        await using var bergen = await OpenAsync(new RowShareOptions { Sites = ["Bergen"] });
        Assert.StartsWith(all.Identity, oslo.Identity, StringComparison.Ordinal);
        Assert.Equal(oslo.Identity, same.Identity);
        Assert.Equal(3, new[] { all.Identity, oslo.Identity, bergen.Identity }.Distinct().Count());
    }

    [Fact]
    public async Task A_share_by_a_column_that_is_not_there_is_an_error_and_not_an_empty_site()
    {
        var site = ReadingSample.Site(Database, new() { Missing = ["IndexData.Site"] }) with { Rows = new() { Sites = ["Oslo"] } };
        var e = await Assert.ThrowsAsync<VteWatsException>(() => TestSource.OpenAsync(site, null, default));
        Assert.Equal(ErrorKind.SchemaUnsupported, e.Error);
    }

    [Theory]
    [InlineData("", "", 2)]
    [InlineData(""", "rows": { "sites": ["Oslo"] }""", "", 1)]
    [InlineData(""", "rows": { "sites": ["Oslo"] }""", """, "rows": { "sites": ["Bergen"] }""", 0)]
    [InlineData(""", "rows": { "sites": ["[O]slo"] }""", """, "rows": { "sites": ["Bergen"] }""", 1)]
    public void Two_sites_on_one_database_have_to_say_which_runs_are_whose(string first, string second, int findings)
    {
        var path = _folder.File("vtewats.json");
        string Site(string rows) => $$"""
            { "connection": { "connectionString": "Server=db;Database=VTE9_3" }, "timeZone": "Europe/Oslo", "timestampIs": "start"{{rows}} }
            """;
        File.WriteAllText(path, $$"""{ "sites": { "Oslo": {{Site(first)}}, "Bergen": {{Site(second)}} } }""");
        var found = ConfigurationFile.Check(path);
        Assert.Equal(findings, found.Count);
        Assert.All(found, finding => Assert.Contains("rows", finding.Path, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Inverter", "Charger", 0, 0)]
    [InlineData("Inverter", "Ch", 1, 0)]
    [InlineData("none", "Ch", 3, 0)]
    [InlineData("*", "Charger", 0, 1)]
    [InlineData("I*", "*er", 0, 2)]
    public async Task Runs_of_no_share_and_of_two_are_counted_and_told_with_the_names_of_the_sites(string first, string second, int none,
        int two)
    {
        using (var db = ReadingSample.Direct(Database))
        {
            // The runs of long ago count no more.
            ReadingSample.Insert(db, Guid.NewGuid(), "2020-11-01 10:00:00.000");
            db.Execute("UPDATE IndexData SET Timestamp = strftime('%Y-%m-%d %H:%M:%S.000', 'now', '-2 days') WHERE Timestamp > '2024'");
        }
        var site = ReadingSample.Site(Database);
        VteSourceOptions[] sites =
        [
            (site with { Name = "Oslo", Rows = new() { Products = [first] } }).ToSource(),
            (site with { Name = "Bergen", Rows = new() { Products = [second] } }).ToSource(),
        ];
        var told = await ShareCheck.RunAsync(sites, SiteClock.For("Europe/Oslo"), null, default);
        Assert.Equal((none > 0 ? 1 : 0) + (two > 0 ? 1 : 0), told.Count);
        Assert.All(told, text => Assert.Contains("Oslo and Bergen", text, StringComparison.Ordinal));
        if (none > 0) Assert.StartsWith(none == 1 ? "1 run belongs" : $"{none} runs belong", told[0], StringComparison.Ordinal);
        if (none > 0) Assert.Contains("none of", told[0], StringComparison.Ordinal);
        if (two > 0) Assert.Contains("at once", told[^1], StringComparison.Ordinal);
        if (two > 0) Assert.StartsWith(two == 1 ? "1 run belongs" : $"{two} runs belong", told[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Test_VteConnection_warns_once_for_a_database_whose_sites_leave_runs_out()
    {
        using (var db = ReadingSample.Direct(Database))
            db.Execute("UPDATE IndexData SET Timestamp = strftime('%Y-%m-%d %H:%M:%S.000', 'now', '-2 days')");
        var path = _folder.File("shares.json");
        string Site(string rows) => $$"""
            { "connection": { "path": "two.db" }, "timeZone": "Europe/Oslo", "timestampIs": "start", "rows": { "sites": ["{{rows}}"] },
              "mapping": { "defaultProcessCode": 10 } }
            """;
        File.WriteAllText(path, $$"""{ "sites": { "Oslo": {{Site("Oslo")}}, "Bergen": {{Site("Berg")}} }, "stateFolder": "state" }""");
        using var module = new HostedModule();
        foreach (var (names, sites) in new[] { ("*", 2), ("Bergen", 1) })
        {
            var result = module.Run("param($names, $path) Test-VteConnection -Site $names -ConfigurationPath $path",
                ("names", names), ("path", path));
            Assert.Empty(result.Errors);
            Assert.Equal(sites, result.Output.Count);
            Assert.Contains("1 run belongs", Assert.Single(result.Warnings), StringComparison.Ordinal);
        }
    }

    private Task<VteSource> OpenAsync(RowShareOptions rows) =>
        TestSource.OpenAsync(ReadingSample.Site(Database) with { Rows = rows }, null, default);
}
