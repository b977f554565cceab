using Dapper;
using VteWats.Core.Configuration;
using VteWats.Core.Sync;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Schema;

namespace VteWats.Unit.Sync;

/// <summary>What a plant met once, from the database to WATS: it is not met again.</summary>
public sealed class SeenTodayTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2024, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private SyncRig _rig = null!;

    public async Task InitializeAsync() => _rig = await SyncRig.StartAsync(Now);

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_row_of_other_data_without_a_verdict_does_not_keep_its_run_out_whether_the_column_is_there_or_switched_off(bool off)
    {
        var run = _rig.Insert(_rig.Local.AddDays(-1));
        _rig.Direct.Execute("INSERT INTO TestDataOther (Index_GUID, TestStepNumber, TestName, TestResult) VALUES (@id, 9, 'Trace', 'x')",
            new { id = run.ToString("D").ToUpperInvariant() });
        Assert.Equal(1, (await _rig.RunAsync()).DeadLetters);
        // As the finding, and Test-VteSchema, propose.
        _rig.Site = _rig.Site with
        {
            Mapping = _rig.Site.Mapping with { MissingStepResult = "D" },
            SchemaProfile = off ? new SchemaProfileOptions { Missing = ["TestDataOther.TestResultType"] } : new SchemaProfileOptions(),
        };
        Assert.Equal((0, 1), await SentAsync());
        Assert.Contains("\"name\":\"Trace\"", System.Text.Encoding.UTF8.GetString(_rig.Wats.Store.Find(run)!.Body!),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_plants_in_one_database_post_each_run_once()
    {
        var runs = Enumerable.Range(0, 10).Select(i => _rig.Insert(_rig.Local.AddDays(-1).AddMinutes(i))).ToList();
        foreach (var (run, i) in runs.Select((run, i) => (run, i)))
            _rig.Direct.Execute("UPDATE IndexData SET Site = @site WHERE Index_GUID = @id",
                new { site = i % 3 == 0 ? "Bergen" : "Oslo", id = run.ToString("D").ToUpperInvariant() });
        foreach (var name in new[] { "Oslo", "Bergen" })
        {
            _rig.Site = _rig.Site with { Name = name, Rows = new RowShareOptions { Sites = [name] } };
            Assert.Equal(0, (await _rig.RunAsync()).ExitCode);
        }
        Assert.Equal(runs.Order(), _rig.Wats.Store.Ids.Order());
        Assert.All(_rig.Wats.Store.Reports, report => Assert.Equal(1, report.ReceiveCount));
    }

    [Fact]
    public void A_site_that_does_not_say_what_its_timestamps_are_is_not_accepted()
    {
        var path = Path.Combine(_rig.Folder, "vtewats.json");
        File.WriteAllText(path, """{ "sites": { "Oslo": { "connection": { "path": "a.db" }, "timeZone": "Europe/Oslo" } } }""");
        Assert.Contains("timestampIs", Assert.Single(ConfigurationFile.Check(path)).ToString(), StringComparison.Ordinal);
    }

    // The letter of the first attempt is sent by the reset: what was refused is read again.
    private async Task<(int ExitCode, long Uploaded)> SentAsync()
    {
        _rig.Watermarks.Reset("a test");
        var summary = await _rig.RunAsync(new SyncRequest { Force = true });
        return (summary.ExitCode, summary.Uploaded);
    }
}
