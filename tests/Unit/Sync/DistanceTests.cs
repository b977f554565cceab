using Dapper;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Sync.State;

namespace VteWats.Unit.Sync;

/// <summary>Runs and steps that are written late, however late, and stations whose clocks are wrong: nothing is lost at any
/// distance.</summary>
public sealed partial class DistanceTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2024, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private SyncRig _rig = null!;

    public async Task InitializeAsync() => _rig = await SyncRig.StartAsync(Now, new SyncOptions { BatchSize = 10 });

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    // A plant that tests a unit a minute, and a sync every five minutes.
    private async Task<List<SyncSummary>> WorkAsync(int syncs, Action? inBetween = null)
    {
        var summaries = new List<SyncSummary>();
        for (var i = 0; i < syncs; i++)
        {
            for (var minute = 0; minute < 5; minute++)
            {
                _rig.Time.Advance(TimeSpan.FromMinutes(1));
                _rig.Insert(_rig.Local.AddSeconds(-1));
            }
            inBetween?.Invoke();
            var summary = await _rig.RunAsync();
            Assert.Null(summary.Error);
            summaries.Add(summary);
        }
        return summaries;
    }

    [Fact]
    public async Task A_run_that_is_committed_45_minutes_late_is_sent_and_counted()
    {
        await WorkAsync(12);
        var late = _rig.Insert(_rig.Local.AddMinutes(-45));
        var summary = Assert.Single(await WorkAsync(1));
        Assert.Equal((0, 1), (summary.ExitCode, summary.Late));
        Assert.InRange(summary.MostLate.TotalMinutes, 40, 50);
        Assert.NotNull(_rig.Wats.Store.Find(late));
        _rig.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(0, (await _rig.RunAsync()).Late);
        await _rig.AssertCompleteAsync();
    }

    [Theory]
    [InlineData(3)]
    [InlineData(13)]
    public async Task A_run_that_is_committed_days_late_is_sent_by_the_next_sync(int days)
    {
        _rig.InsertRuns(5, daysAgo: days + 1);
        await WorkAsync(3);
        var late = _rig.Insert(_rig.Local.AddDays(-days));
        var summary = Assert.Single(await WorkAsync(1));
        Assert.Equal((1, 1), (summary.Late, summary.CensusDiffering));
        Assert.NotNull(_rig.Wats.Store.Find(late));
    }

    [Fact]
    public async Task A_run_that_is_committed_before_the_days_of_the_census_is_found_within_a_week()
    {
        _rig.InsertRuns(5, daysAgo: 60);
        await WorkAsync(2);
        var late = _rig.Insert(_rig.Local.AddDays(-59));
        await WorkAsync(1);
        Assert.Null(_rig.Wats.Store.Find(late));
        _rig.Time.Advance(TimeSpan.FromDays(7));
        Assert.Equal(1, (await _rig.RunAsync()).Late);
        Assert.NotNull(_rig.Wats.Store.Find(late));
    }

    [Fact]
    public async Task The_census_never_looks_before_the_begin_of_the_site()
    {
        _rig.InsertRuns(5, daysAgo: 3);
        _rig.InsertRuns(5, daysAgo: 1);
        Assert.Equal(5, (await _rig.RunAsync(new SyncRequest { InitialSince = Now.AddDays(-2) })).Uploaded);
        _rig.Time.Advance(TimeSpan.FromDays(8));
        var summary = await _rig.RunAsync(new SyncRequest { InitialSince = Now.AddDays(-2) });
        Assert.Equal((0, 0), (summary.Late, summary.Uploaded));
        Assert.Equal(5, _rig.Wats.Store.Count);
    }

    [Fact]
    public async Task Steps_that_come_20_minutes_after_their_header_are_in_wats_after_the_next_sync()
    {
        await WorkAsync(3);
        var slow = _rig.Insert(_rig.Local.AddSeconds(-1), steps: 1);
        await WorkAsync(4);
        _rig.AddSteps(slow, 39);
        await WorkAsync(1);
        Assert.Equal(2, _rig.Wats.Store.Find(slow)!.ReceiveCount);
        _rig.Time.Advance(TimeSpan.FromMinutes(2));
        await _rig.RunAsync();
        await _rig.AssertCompleteAsync();
    }

    [Fact]
    public async Task Steps_and_verdicts_that_come_days_later_are_in_wats_within_a_day()
    {
        await WorkAsync(1);
        var (slow, corrected) = (_rig.Insert(_rig.Local.AddMinutes(-2), steps: 1), _rig.Insert(_rig.Local.AddMinutes(-2)));
        await WorkAsync(1);
        _rig.Time.Advance(TimeSpan.FromDays(3));
        await WorkAsync(2);
        _rig.AddSteps(slow, 39);
        _rig.Direct.Execute("UPDATE IndexData SET Result = 2 WHERE Index_GUID = @id",
            new { id = corrected.ToString("D").ToUpperInvariant() });
        _rig.Time.Advance(TimeSpan.FromHours(25));
        var summary = await _rig.RunAsync();
        Assert.Equal(2, summary.Changed);
        await _rig.AssertCompleteAsync();
    }

    [Fact]
    public async Task Of_200_runs_whose_steps_come_up_to_3_minutes_late_none_is_left_half_behind_a_band_of_1_minute()
    {
        await using var rig = await SyncRig.StartAsync(Now, new SyncOptions { GuardBandMinutes = 1 });
        var random = new Random(7);
        var later = new PriorityQueue<Guid, DateTimeOffset>();
        for (var i = 0; i < 200; i++)
        {
            rig.Time.Advance(TimeSpan.FromSeconds(20));
            later.Enqueue(rig.Insert(rig.Local, steps: 1), rig.Time.GetUtcNow().AddSeconds(random.Next(180)));
            while (later.TryPeek(out var run, out var due) && due <= rig.Time.GetUtcNow()) rig.AddSteps(later.Dequeue(), 3);
            if (i % 6 == 0) Assert.Null((await rig.RunAsync()).Error);
        }
        while (later.TryDequeue(out var run, out _)) rig.AddSteps(run, 3);
        rig.Time.Advance(TimeSpan.FromMinutes(5));
        await rig.RunAsync();
        await rig.AssertCompleteAsync();
    }

    [Fact]
    public async Task All_runs_of_a_station_whose_clock_is_an_hour_behind_are_sent()
    {
        var summaries = await WorkAsync(12, () =>
        {
            for (var i = 0; i < 5; i++) _rig.Insert(_rig.Local.AddHours(-1).AddSeconds(-i));
        });
        Assert.True(summaries.Sum(s => s.Late) >= 55);
        Assert.InRange(summaries.Max(s => s.MostLate).TotalMinutes, 50, 65);
        _rig.Time.Advance(TimeSpan.FromMinutes(2));
        await _rig.RunAsync();
        await _rig.AssertCompleteAsync();
        Assert.Equal(120, _rig.Wats.Store.Count);
        Assert.Equal(120, _rig.Wats.Requests.Posts);
    }

    [Fact]
    public async Task Runs_of_a_station_that_is_slower_than_the_guard_band_are_all_sent()
    {
        var slow = new Queue<Guid>();
        await WorkAsync(14, () =>
        {
            for (var i = 0; i < 2; i++) slow.Enqueue(_rig.Insert(_rig.Local.AddMinutes(-12 - i)));
        });
        Assert.Equal(28, slow.Count);
        Assert.All(slow, run => Assert.NotNull(_rig.Wats.Store.Find(run)));
    }

    [Fact]
    public async Task A_run_that_was_deleted_in_vte_is_told_once_and_is_no_failure()
    {
        await WorkAsync(8);
        var gone = _rig.Wats.Store.Reports[2].Id;
        foreach (var table in (string[])["TestDataNumeric", "IndexData"])
            _rig.Direct.Execute($"DELETE FROM {table} WHERE Index_GUID = @id", new { id = gone.ToString("D").ToUpperInvariant() });
        var summary = Assert.Single(await WorkAsync(1));
        Assert.Equal((1, 0), (summary.GoneFromVte, summary.ExitCode));
        Assert.Equal(0, Assert.Single(await WorkAsync(1)).GoneFromVte);
    }

    [Fact]
    public async Task A_run_that_takes_the_place_of_a_deleted_one_in_its_hour_is_found_all_the_same()
    {
        await WorkAsync(8);
        var gone = _rig.Wats.Store.Reports[2];
        _rig.Direct.Execute("DELETE FROM TestDataNumeric WHERE Index_GUID = @id; DELETE FROM IndexData WHERE Index_GUID = @id",
            new { id = gone.Id.ToString("D").ToUpperInvariant() });
        var late = _rig.Insert(_rig.Local.AddMinutes(-38));
        await WorkAsync(1);
        Assert.NotNull(_rig.Wats.Store.Find(late));
    }

    [Fact]
    public async Task A_held_run_that_was_deleted_in_vte_is_gone_and_its_hour_differs_no_more()
    {
        await WorkAsync(2);
        var held = _rig.Insert(_rig.Local.AddMinutes(-3));
        Held.Put(held, "me", "the station was broken", Now);
        await WorkAsync(8);
        Assert.Equal(LedgerState.Held, SyncTestData.Rows(_rig.Watermarks)[held].State);
        Delete(held);
        Assert.Equal((1, 0), (await WorkAsync(1)) is [var summary] ? (summary.CensusDiffering, summary.GoneFromVte) : default);
        Assert.Equal(LedgerState.Gone, SyncTestData.Rows(_rig.Watermarks)[held].State);
        Assert.Equal(0, Assert.Single(await WorkAsync(1)).CensusDiffering);
    }

    private void Delete(Guid run)
    {
        foreach (var table in (string[])["TestDataNumeric", "IndexData"])
            _rig.Direct.Execute($"DELETE FROM {table} WHERE Index_GUID = @id", new { id = run.ToString("D").ToUpperInvariant() });
    }
}
