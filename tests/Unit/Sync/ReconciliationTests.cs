using Dapper;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Unit.Sandbox;

namespace VteWats.Unit.Sync;

/// <summary>What VTE holds beside what the sandbox holds.</summary>
public sealed class ReconciliationTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2024, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private SyncRig _rig = null!;

    public async Task InitializeAsync() => _rig = await SyncRig.StartAsync(Now, new SyncOptions { BatchSize = 10 });

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_reconciliation_finds_what_is_missing_what_has_another_verdict_and_what_has_no_run()
    {
        _rig.InsertRuns(30);
        var later = _rig.Insert(_rig.Local.AddHours(-2));
        await _rig.RunAsync();
        // A run far behind the guard band, a verdict that changed there, and a run that was deleted.
        var missing = _rig.Insert(_rig.Local.AddDays(-1).AddMinutes(3.5));
        var key = _rig.Wats.Store.Reports.First(r => r.Id != later).Id;
        await _rig.Direct.ExecuteAsync("UPDATE IndexData SET Result = 0 WHERE Index_GUID = @key",
            new { key = key.ToString("D").ToUpperInvariant() });
        await _rig.Direct.ExecuteAsync("DELETE FROM IndexData WHERE Index_GUID = @key",
            new { key = later.ToString("D").ToUpperInvariant() });

        await using var source = await _rig.OpenAsync();
        using var client = Core.Wats.Client.WatsClient.Create(_rig.Configuration, _rig.Wats.Token);
        var reconciliation = new Reconciliation(source, client, _rig.Site, SyncTestData.Oslo);
        var found = await reconciliation.CompareAsync(Now.AddDays(-2), null, CancellationToken.None).ToListAsync();
        Assert.Equal(31, reconciliation.Runs);
        Assert.Equal(
            new[] { (SyncDifferenceKind.MissingInWats, missing), (SyncDifferenceKind.OtherVerdict, key), (SyncDifferenceKind.NotInVte,
            later) }.OrderBy(d => d.Item1),
            found.Select(d => (d.Kind, d.RunId)).OrderBy(d => d.Kind));
        // Both verdicts in the same words, so that they can be compared and grouped.
        Assert.Equal([("Passed", null), ("Failed", "Passed"), (null, "Passed")],
            found.OrderBy(d => d.Kind).Select(d => (d.VteResult, d.WatsResult)));
    }

    [Fact]
    public async Task A_reconciliation_knows_stations_without_a_run_in_the_stretch_tells_sites_apart_and_finds_moved_runs()
    {
        _rig.InsertRuns(5, daysAgo: 5);
        var deleted = _rig.Insert(_rig.Local.AddHours(-3));
        var moved = _rig.Insert(_rig.Local.AddHours(-2));
        await _rig.RunAsync();
        await _rig.Direct.ExecuteAsync("DELETE FROM IndexData WHERE Index_GUID = @key",
            new { key = deleted.ToString("D").ToUpperInvariant() });
        await _rig.Direct.ExecuteAsync(
            "UPDATE IndexData SET Result = 0, Timestamp = @at WHERE Index_GUID = @key",
            new { key = moved.ToString("D").ToUpperInvariant(), at = SyncRig.Text(_rig.Local.AddDays(-2)) });

        Assert.Equal([(SyncDifferenceKind.NotInVte, deleted)], await Compare(_rig.Site, Now.AddHours(-4), Now.AddHours(-2.5)));
        Assert.Equal([(SyncDifferenceKind.OtherVerdict, moved)], await Compare(_rig.Site, Now.AddDays(-3), Now.AddDays(-1)));
        var bergen = _rig.Site with { Mapping = _rig.Site.Mapping with { Location = "Bergen" } };
        _rig.Direct.Execute("DELETE FROM IndexData");
        _rig.Insert(_rig.Local.AddDays(-9));
        Assert.DoesNotContain(await Compare(bergen, Now.AddDays(-6), null), d => d.Kind == SyncDifferenceKind.NotInVte);

        async Task<List<(SyncDifferenceKind Kind, Guid)>> Compare(SiteOptions site, DateTimeOffset since, DateTimeOffset? until)
        {
            await using var source = await _rig.OpenAsync();
            using var client = Core.Wats.Client.WatsClient.Create(_rig.Configuration, _rig.Wats.Token);
            return [.. (await new Reconciliation(source, client, site, SyncTestData.Oslo).CompareAsync(since, until, CancellationToken.None)
                .ToListAsync()).Select(d => (d.Kind, d.RunId))];
        }
    }

    [Fact]
    public async Task Runs_of_a_sister_site_in_the_same_database_are_no_reports_without_a_run()
    {
        var (ours, theirs) = (_rig.Insert(_rig.Local.AddHours(-3)), _rig.Insert(_rig.Local.AddHours(-2)));
        foreach (var (run, product) in new[] { (ours, "Inverter"), (theirs, "Charger") })
            await _rig.Direct.ExecuteAsync("UPDATE IndexData SET ProductName = @product WHERE Index_GUID = @key",
                new { product, key = run.ToString("D").ToUpperInvariant() });
        await _rig.RunAsync();
        _rig.Site = _rig.Site with { Rows = new() { Products = ["Inverter"] } };
        await using var source = await _rig.OpenAsync();
        using var client = Core.Wats.Client.WatsClient.Create(_rig.Configuration, _rig.Wats.Token);
        var comparison = new Reconciliation(source, client, _rig.Site, SyncTestData.Oslo);
        Assert.Empty(await comparison.CompareAsync(Now.AddDays(-1), null, CancellationToken.None).ToListAsync());
        Assert.Equal(1, comparison.Runs);
    }

    [Fact]
    public async Task Reports_of_others_cost_a_comparison_nothing_however_many_there_are()
    {
        var ours = new[] { _rig.Insert(_rig.Local.AddHours(-3)), _rig.Insert(_rig.Local.AddHours(-2)) };
        await _rig.RunAsync();
        var pattern = System.Text.Json.Nodes.JsonNode.Parse(_rig.Wats.Store.Find(ours[0])!.Body!)!;
        using (var others = SandboxClient.For(_rig.Wats))
        {
            await Parallel.ForAsync(0, 2500, async (n, _) =>
            {
                var report = pattern.DeepClone();
                (report["id"], report["sn"], report["machineName"]) = (Guid.NewGuid().ToString(), $"OTHER-{n}", "a station of others");
                await others.PostReportAsync(report.ToJsonString());
            });
        }
        Assert.Equal(2502, _rig.Wats.Store.Count);
        var requests = _rig.Wats.Requests.Total;
        await using var source = await _rig.OpenAsync();
        using var client = Core.Wats.Client.WatsClient.Create(_rig.Configuration, _rig.Wats.Token);
        var comparison = new Reconciliation(source, client, _rig.Site, SyncTestData.Oslo);
        Assert.Empty(await comparison.CompareAsync(Now.AddDays(-1), null, CancellationToken.None).ToListAsync());
        Assert.Equal((2, 1), (comparison.Runs, _rig.Wats.Requests.Total - requests));
    }

    [Fact]
    public async Task A_server_that_gives_50_headers_at_most_and_ignores_skip_is_compared_in_full()
    {
        _rig.InsertRuns(300);
        await _rig.RunAsync();
        _rig.Direct.Execute("DELETE FROM IndexData WHERE Timestamp >= @at",
            new { at = SyncRig.Text(_rig.Local.AddDays(-1).AddMinutes(180)) });
        _rig.Wats.Faults.MostHeaders = 50;
        _rig.Wats.Faults.Add(new WatsSandbox.SandboxFault { Kind = WatsSandbox.FaultKind.IgnoreSkip, Path = "Query" });
        await using var source = await _rig.OpenAsync();
        using var client = Core.Wats.Client.WatsClient.Create(_rig.Configuration, _rig.Wats.Token);
        var comparison = new Reconciliation(source, client, _rig.Site, SyncTestData.Oslo);
        var found = await comparison.CompareAsync(Now.AddDays(-2), null, CancellationToken.None).ToListAsync();
        Assert.All(found, difference => Assert.Equal(SyncDifferenceKind.NotInVte, difference.Kind));
        Assert.Equal((180, 120), (comparison.Runs, found.Select(difference => difference.RunId).Distinct().Count()));
    }

    [Fact]
    public async Task More_reports_of_one_instant_than_a_server_gives_at_once_end_a_comparison_and_say_so()
    {
        var moment = _rig.Local.AddHours(-3);
        for (var i = 0; i < 60; i++) _rig.Insert(moment);
        await _rig.RunAsync();
        _rig.Wats.Faults.MostHeaders = 50;
        await using var source = await _rig.OpenAsync();
        using var client = Core.Wats.Client.WatsClient.Create(_rig.Configuration, _rig.Wats.Token);
        var comparison = new Reconciliation(source, client, _rig.Site, SyncTestData.Oslo);
        var error = await Assert.ThrowsAsync<VteWatsException>(async () =>
            await comparison.CompareAsync(Now.AddDays(-2), null, CancellationToken.None).ToListAsync());
        Assert.Equal(ErrorKind.WatsNotWats, error.Error);
        Assert.Contains("2024-05-04 09:00:00", error.Message, StringComparison.Ordinal);
        Assert.Contains(" 50 ", error.Message, StringComparison.Ordinal);
    }
}
