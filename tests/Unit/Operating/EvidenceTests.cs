using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using VteWats.Core.Operating.Evidence;
using VteWats.Core.Sync;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte.Sample;
using VteWats.Core.Wats.Client;
using VteWats.Unit.Plants;
using VteWats.Unit.Sync;

namespace VteWats.Unit.Operating;

/// <summary>Evidence that a customer signs: where every run is, the times at the clock changes, and a page that can be checked.</summary>
public sealed class EvidenceTests
{
    // Three days behind the end of summer time of 2024.
    private static readonly DateTimeOffset Now = new(2024, 10, 30, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_sums_of_each_day_agree_wherever_its_runs_are()
    {
        await using var rig = await SyncRig.StartAsync(Now);
        var day = rig.Local.Date.AddDays(-1);
        for (var i = 0; i < 10; i++) rig.Insert(day.AddHours(i));
        var letter = rig.Insert(day.AddHours(11), serial: " ");
        var held = rig.Insert(day.AddHours(12));
        new Holds(new StateDatabase(rig.State), rig.Site.Name).Put(held, "a test", "looked at", Now);
        var ahead = rig.Insert(rig.Local.AddDays(2));
        await rig.RunAsync();
        rig.Time.Advance(TimeSpan.FromMinutes(20));
        await rig.RunAsync();
        rig.Insert(rig.Local.AddMinutes(-30));
        Assert.True(rig.Letters.Has(letter));
        var gone = rig.Wats.Store.Ids.First();
        rig.Wats.Store.Remove(gone);

        var data = await LookAsync(rig, new EvidenceOptions(Now.AddDays(-10), Now.AddDays(10), 1));
        Assert.Equal(3, data.Days.Count);
        Assert.Equal((12, 9, 1, 1, 0, 0, 1), Parts(data.Days[0]));
        Assert.Equal((1, 0, 0, 0, 0, 1, 0), Parts(data.Days[1]));
        Assert.Equal((1, 0, 0, 0, 1, 0, 0), Parts(data.Days[2]));
        Assert.Contains("2024-10-29", Assert.Single(data.Open, line => line.What == "Completeness").Found, StringComparison.Ordinal);
        Assert.Contains(data.Open, line => line.What == "Dead letters");
        Assert.NotNull(data.Days[0].LagMinutes);
        Assert.NotEqual(Guid.Empty, ahead);
    }

    [Fact]
    public async Task Times_at_both_clock_changes_stand_beside_what_wats_has()
    {
        await using var rig = await SyncRig.StartAsync(Now);
        var twice = rig.Insert(new DateTime(2024, 10, 27, 2, 30, 0));
        var never = rig.Insert(new DateTime(2024, 3, 31, 2, 30, 0));
        var after = rig.Insert(new DateTime(2024, 3, 31, 3, 15, 0));
        await rig.RunAsync();
        var data = await LookAsync(rig, new EvidenceOptions(Now.AddDays(-20), Now, 1));
        Assert.Equal([new(2024, 10, 27, 1, 0, 0, TimeSpan.Zero), new(2024, 3, 31, 1, 0, 0, TimeSpan.Zero)],
            data.ClockChanges.Select(change => change.At));
        Assert.All(data.ClockChanges.SelectMany(change => change.Runs), run => Assert.True(run.IsRight, $"{run}"));
        var runs = data.ClockChanges.SelectMany(change => change.Runs).ToDictionary(run => run.RunId, run => run.Expected);
        Assert.Equal(new DateTimeOffset(2024, 10, 27, 0, 30, 0, TimeSpan.Zero), runs[twice]);
        Assert.Equal(new DateTimeOffset(2024, 3, 31, 1, 30, 0, TimeSpan.Zero), runs[never]);
        Assert.Equal(new DateTimeOffset(2024, 3, 31, 1, 15, 0, TimeSpan.Zero), runs[after]);
    }

    [Fact]
    public async Task A_sample_plant_with_all_its_dirt_is_accurate_and_its_sums_agree()
    {
        await using var rig = await SyncRig.StartAsync(Now);
        var path = Path.Combine(rig.Folder, "sample.db");
        await SampleDatabase.CreateSqliteAsync(path, new SampleOptions { Runs = 600, Until = Now });
        rig.Site = rig.Site with { Connection = rig.Site.Connection with { Path = path } };
        await rig.RunAsync();
        var data = await LookAsync(rig, new EvidenceOptions(Now.AddDays(-40), Now, 3, Runs: 300));
        Assert.Empty(data.Accuracy.Findings);
        Assert.True(data.Accuracy.IsClean);
        Assert.Equal(600, data.Days.Sum(day => day.Vte));
        Assert.All(data.Days, day => Assert.Equal(0, day.Missing));
        Assert.All(data.Products, product => Assert.Equal(product.InVte, product.InWats == product.Units ? product.OfWats : product.InVte));
        Assert.Contains(data.Quality.Findings, finding => finding.Count > 0);
    }

    [Fact]
    public async Task The_page_is_one_file_without_scripts_and_bears_the_hash_of_its_own_content()
    {
        await using var rig = await EvidenceRig.StartAsync(MadeUpPlant.All[0]);
        var summary = await rig.WriteAsync("evidence.html");
        Assert.True(summary.IsClean);
        var page = await File.ReadAllTextAsync(summary.Path);
        var content = page[..page.IndexOf(EvidencePage.HashMark, StringComparison.Ordinal)];
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content))), summary.Hash);
        Assert.Contains(summary.Hash, page, StringComparison.Ordinal);
        var json = await File.ReadAllBytesAsync(summary.JsonPath);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(json)), page, StringComparison.Ordinal);
        using var data = JsonDocument.Parse(json);
        Assert.Equal(7, data.RootElement.GetProperty("accuracy").GetProperty("seed").GetInt32());
        foreach (var fetched in new[] { "<script", "src=", "href=\"http", "url(", "@import" })
            Assert.DoesNotContain(fetched, page, StringComparison.Ordinal);
        foreach (var told in new[] { "seed 7", "Plant", rig.Wats.BaseUrl.Authority, "timestampIs", "overlap", "First-pass", "Signature" })
            Assert.Contains(told, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_seed_draws_the_same_runs_and_another_one_others()
    {
        await using var rig = await EvidenceRig.StartAsync(MadeUpPlant.All[0]);
        var first = (await rig.LookAsync()).Accuracy.Ids;
        Assert.Equal(first, (await rig.LookAsync()).Accuracy.Ids);
        Assert.NotEqual(first, (await rig.LookAsync(EvidenceRig.Stretch with { Seed = 8 })).Accuracy.Ids);
    }

    private static Task<EvidenceData> LookAsync(SyncRig rig, EvidenceOptions options)
    {
        var client = WatsClient.Create(rig.Configuration, rig.Wats.Token);
        return new EvidenceMaker(rig.Parts(new SyncRequest()), client).LookAsync(options, CancellationToken.None);
    }

    private static (long, long, long, long, long, long, long) Parts(EvidenceDay day) =>
        (day.Vte, day.Wats, day.Letters, day.Held, day.Ahead, day.Waiting, day.Missing);
}
