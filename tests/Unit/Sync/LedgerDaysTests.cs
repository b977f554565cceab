using Dapper;
using VteWats.Core.Sync;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;

namespace VteWats.Unit.Sync;

/// <summary>What the ledger forgets of runs that are older than its days, and what it must not.</summary>
public sealed class LedgerDaysTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2024, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private SyncRig _rig = null!;

    public async Task InitializeAsync() => _rig = await SyncRig.StartAsync(Now);

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    // A plant that has stood still for longer than the ledger keeps a row.
    [Fact]
    public async Task Runs_of_the_guard_band_stay_known_however_old_they_are()
    {
        _rig.InsertRuns(5, daysAgo: 500);
        Assert.Equal(5, (await _rig.RunAsync()).Uploaded);
        for (var day = 0; day < 4; day++)
        {
            var summary = await _rig.RunAsync();
            Assert.Equal((5, 5, 0), (summary.Read, summary.Known, summary.AlreadyInWats));
            _rig.Time.Advance(TimeSpan.FromHours(25));
        }
    }

    [Fact]
    public async Task An_old_run_of_the_guard_band_that_has_changed_is_sent_again()
    {
        _rig.InsertRuns(4, daysAgo: 500);
        var last = _rig.Insert(_rig.Local.AddDays(-500).AddMinutes(6));
        await _rig.RunAsync();
        _rig.Time.Advance(TimeSpan.FromHours(25));
        await _rig.RunAsync();
        _rig.AddSteps(last, 1);
        Assert.Equal((1, 1L), ((await _rig.RunAsync()).Changed, _rig.Wats.Store.Find(last)!.ReceiveCount - 1L));
    }

    [Fact]
    public async Task What_is_behind_the_guard_band_and_confirmed_is_forgotten()
    {
        _rig.InsertRuns(60, daysAgo: 500);
        _rig.InsertRuns(5);
        await _rig.RunAsync();
        _rig.Time.Advance(TimeSpan.FromHours(25));
        await _rig.RunAsync();
        Assert.Equal((5, 60), (_rig.Scalar("SELECT COUNT(*) FROM Ledger"), _rig.Scalar("SELECT SUM(Runs) FROM LedgerHour")));
    }

    [Fact]
    public async Task What_is_forgotten_goes_a_day_at_a_time_and_no_count_is_ever_wrong_meanwhile()
    {
        for (var day = 0; day < 40; day++) _rig.InsertRuns(5, daysAgo: 500 + day);
        _rig.InsertRuns(5);
        await _rig.RunAsync();
        _rig.Execute("UPDATE Ledger SET State = 3");
        var days = 0;
        foreach (var gone in new Ledger(new StateDatabase(_rig.State), "Oslo").Shrink(null, _rig.Local.AddDays(-400)))
        {
            days++;
            Assert.InRange(gone, 1, 10);
            Assert.Equal(205, _rig.Scalar("SELECT (SELECT COUNT(*) FROM Ledger) + (SELECT SUM(Runs) FROM LedgerHour)"));
        }
        Assert.InRange(days, 20, 40);
        Assert.Equal(5, _rig.Scalar("SELECT COUNT(*) FROM Ledger"));
    }

    [Fact]
    public async Task Old_runs_that_wats_never_shows_become_letters_all_the_same()
    {
        _rig.InsertRuns(3, daysAgo: 600);
        _rig.InsertRuns(3);
        _rig.Wats.Faults.HideFor = TimeSpan.FromDays(1000);
        await _rig.RunAsync(new SyncRequest { InitialSince = Now.AddDays(-2) });
        _rig.Time.Advance(TimeSpan.FromHours(25));
        var backfill = new BackfillRange(Now.AddDays(-610), Now.AddDays(-590), NewestFirst: false);
        Assert.Equal(3, (await _rig.RunAsync(new SyncRequest { Backfill = backfill })).Uploaded);
        await _rig.RunAsync();
        _rig.Time.Advance(TimeSpan.FromHours(25));
        await _rig.RunAsync();
        var letters = await _rig.Letters.ReadAsync().ToListAsync();
        Assert.Equal(6, letters.Count);
        Assert.All(letters, letter => Assert.Equal(DeadLetterStage.NotVisible, letter.Stage));
    }

    // A plant that empties VTE from time to time.
    [Fact]
    public async Task Runs_that_were_deleted_in_vte_are_forgotten_after_the_same_days()
    {
        _rig.InsertRuns(60, daysAgo: 390);
        _rig.InsertRuns(5);
        await _rig.RunAsync();
        _rig.Time.Advance(TimeSpan.FromMinutes(15));
        await _rig.RunAsync();
        var old = new { before = SyncRig.Text(_rig.Local.AddDays(-300)) };
        _rig.Direct.Execute("DELETE FROM TestDataNumeric WHERE Index_GUID IN (SELECT Index_GUID FROM IndexData WHERE Timestamp < @before); "
            + "DELETE FROM IndexData WHERE Timestamp < @before", old);
        _rig.Time.Advance(TimeSpan.FromDays(8));
        Assert.Equal(60, (await _rig.RunAsync()).GoneFromVte);
        _rig.Time.Advance(TimeSpan.FromDays(10));
        await _rig.RunAsync();
        Assert.Equal((5, 0), (_rig.Scalar("SELECT COUNT(*) FROM Ledger"), _rig.Scalar("SELECT SUM(Runs) FROM LedgerHour")));
    }
}
