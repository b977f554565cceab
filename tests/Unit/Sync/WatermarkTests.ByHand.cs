using VteWats.Core.Diagnostics;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte;

namespace VteWats.Unit.Sync;

/// <summary>A watermark that somebody sets, undoes or resets, and its history.</summary>
public sealed partial class WatermarkTests
{
    [Fact]
    public void After_a_change_by_hand_a_run_is_asked_about_and_one_that_changed_is_sent()
    {
        var runs = Enumerable.Range(0, 4).Select(i => SyncTestData.At(i)).ToList();
        SyncTestData.Sync(_store, runs);
        var there = _store.Load()!.Position!;
        _store.Set(there, "by hand");
        runs[2] = runs[2] with { ContentHash = "changed" };
        var (emitted, _) = SyncTestData.Sync(_store, runs);
        Assert.Equal(runs.Select(r => r.Id), emitted.Select(r => r.Id));
        Assert.Equal([runs[2].Id], emitted.Where(r => r.Resend).Select(r => r.Id));
        Assert.Empty(SyncTestData.Sync(_store, runs).Emitted);
    }

    [Fact]
    public void A_change_by_hand_stays_in_the_history_when_many_syncs_follow()
    {
        _store.Set(new WatermarkPosition(SyncTestData.Noon, Guid.Empty, SyncTestData.Oslo.ToInstant(SyncTestData.Noon)), "by hand");
        for (var i = 1; i <= 2 * Watermark.HistoryLength; i++) SyncTestData.Sync(_store, [SyncTestData.At(i)]);
        var history = _store.Load()!.History;
        Assert.Equal(Watermark.HistoryLength + 1, history.Count);
        Assert.Equal("by hand", history[0].Why);
        Assert.Equal(history.OrderBy(c => c.To!.Timestamp), history);
    }

    [Fact]
    public void A_reading_that_began_before_a_change_by_hand_does_not_move_the_watermark_any_more()
    {
        SyncTestData.Sync(_store, [SyncTestData.At(0)]);
        var reading = new ReadSession("Oslo", SyncTestData.Source, SyncTestData.At(_store));
        reading.Acknowledge(SyncTestData.Admit(reading, [SyncTestData.At(5)])[0].Mark!.Sequence, RunOutcome.Sent);
        var back = new WatermarkPosition(SyncTestData.Noon.AddDays(-1), Guid.Empty,
            SyncTestData.Oslo.ToInstant(SyncTestData.Noon.AddDays(-1)));
        _store.Set(back, "send yesterday again");
        Assert.Equal(ErrorKind.WatermarkMoved, Assert.Throws<VteWatsException>(() => _store.Advance(reading, SyncTestData.Target)).Error);
        Assert.Equal(back, _store.Load()!.Position);
    }

    [Fact]
    public void What_was_undone_is_read_again_as_new_also_inside_the_guard_band()
    {
        SyncTestData.Sync(_store, [SyncTestData.At(0)]);
        List<VteTestRun> runs = [SyncTestData.At(-2), SyncTestData.At(3), SyncTestData.At(5)];
        SyncTestData.Sync(_store, runs);
        _store.Undo("WATS was restored from a backup");
        Assert.Equal(runs[1..].Select(run => run.Id), SyncTestData.Sync(_store, runs).Emitted.Select(run => run.Id));
    }

    [Fact]
    public void Undo_goes_back_change_by_change_and_each_is_in_the_history()
    {
        for (var i = 0; i < 3; i++) SyncTestData.Sync(_store, [SyncTestData.At(i * 20)]);
        Assert.Equal(SyncTestData.Noon.AddMinutes(20), _store.Undo("wrong mapping").Position!.Timestamp);
        Assert.Equal(SyncTestData.Noon, _store.Undo("further").Position!.Timestamp);
        Assert.Null(_store.Undo("to the start").Position);
        Assert.Equal(ErrorKind.WatermarkMissing, Assert.Throws<VteWatsException>(() => _store.Undo("too far")).Error);
        var history = _store.Load()!.History;
        Assert.Equal(["sync", "sync", "sync", "wrong mapping", "further", "to the start"], history.Select(change => change.Why));
        Assert.All(history, change => Assert.Contains(Environment.MachineName, change.Who, StringComparison.Ordinal));
    }

    [Fact]
    public void A_reset_keeps_the_history_and_can_be_undone()
    {
        SyncTestData.Sync(_store, [SyncTestData.At(3)]);
        Assert.Null(_store.Reset("new server").Position);
        Assert.Throws<VteWatsException>(() => SyncTestData.Begin(_folder.Path, null, _store.Load()));
        Assert.Equal(SyncTestData.Noon.AddMinutes(3), _store.Undo("no, not yet").Position!.Timestamp);
    }

    [Fact]
    public void The_history_keeps_the_last_20_changes_and_one_reading_is_one_change()
    {
        for (var i = 0; i < 30; i++) SyncTestData.Sync(_store, [SyncTestData.At(i)], minutes: 0);
        Assert.Equal(Watermark.HistoryLength, _store.Load()!.History.Count);

        var reading = new ReadSession("Oslo", SyncTestData.Source, SyncTestData.At(_store));
        for (var i = 0; i < 5; i++)
        {
            reading.Acknowledge(SyncTestData.Admit(reading, [SyncTestData.At(100 + i)])[0].Mark!.Sequence, RunOutcome.Sent);
            _store.Advance(reading, SyncTestData.Target);
        }
        var history = _store.Load()!.History;
        Assert.Equal(SyncTestData.Noon.AddMinutes(29), history[^1].From!.Timestamp);
        Assert.Equal(SyncTestData.Noon.AddMinutes(104), history[^1].To!.Timestamp);
        Assert.Equal(history[^1].From, history[^2].To);
    }
}
