using VteWats.Core.Diagnostics;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte;
using VteWats.Unit.Support;

namespace VteWats.Unit.Sync;

public sealed class WatermarkTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly WatermarkStore _store;

    public WatermarkTests() => _store = new WatermarkStore(_folder.Path, "Oslo");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Watermark_advances_only_over_the_acknowledged_prefix()
    {
        var reading = new ReadSession("Oslo", SyncTestData.Source, SyncTestData.At((Watermark?)null));
        var runs = Enumerable.Range(0, 5).Select(i => reading.Admit(SyncTestData.At(i))!).ToList();
        foreach (var i in (int[])[0, 1, 3, 4]) reading.Acknowledge(runs[i].Mark!.Sequence, RunOutcome.Sent);

        Assert.Equal(runs[1].Id, _store.Advance(reading, SyncTestData.Target)!.Position!.RunId);

        reading.Acknowledge(runs[2].Mark!.Sequence, RunOutcome.Sent);
        Assert.Equal(runs[4].Id, _store.Advance(reading, SyncTestData.Target)!.Position!.RunId);
        Assert.Null(_store.Advance(reading, SyncTestData.Target));
        Assert.Equal(runs.Select(r => r.Id).Order(), SyncTestData.Rows(_store).Keys.Order());
    }

    [Fact]
    public void A_run_that_is_read_again_with_the_same_content_is_acknowledged_without_being_emitted()
    {
        var runs = Enumerable.Range(0, 8).Select(i => SyncTestData.At(i)).ToList();
        SyncTestData.Sync(_store, runs);
        var (emitted, reading) = SyncTestData.Sync(_store, runs);
        Assert.Empty(emitted);
        Assert.Equal(8, reading.Counts.Known);
        Assert.Equal(8, reading.AcknowledgedPrefix);
    }

    [Fact]
    public void A_run_that_changed_since_it_was_sent_is_emitted_to_be_sent_again_and_then_known()
    {
        var runs = Enumerable.Range(0, 8).Select(i => SyncTestData.At(i)).ToList();
        SyncTestData.Sync(_store, runs);
        runs[6] = runs[6] with { ContentHash = "changed" };
        var (emitted, reading) = SyncTestData.Sync(_store, runs);
        Assert.True(Assert.Single(emitted).Resend);
        Assert.Equal(runs[6].Id, emitted[0].Id);
        Assert.Equal(1, reading.Counts.Changed);
        Assert.Empty(SyncTestData.Sync(_store, runs).Emitted);
    }

    [Fact]
    public void A_run_that_arrives_late_is_emitted_counted_and_does_not_move_the_watermark_back()
    {
        SyncTestData.Sync(_store, [SyncTestData.At(0), SyncTestData.At(9)]);
        var late = SyncTestData.At(4);
        var (emitted, reading) = SyncTestData.Sync(_store, [SyncTestData.At(4, id: late.Id)]);
        Assert.Equal(late.Id, Assert.Single(emitted).Id);
        Assert.False(emitted[0].Resend);
        Assert.Equal(1, reading.Counts.Late);
        Assert.Equal(TimeSpan.FromMinutes(5), reading.Counts.MostLate);
        Assert.Equal(SyncTestData.Noon.AddMinutes(9), _store.Load()!.Position!.Timestamp);
    }

    [Fact]
    public void A_reading_that_began_further_on_than_the_watermark_stands_does_not_move_it()
    {
        // A watermark in a variable from before the first sync, another state folder, another start of a first sync: each leaves out what
        // lies between.
        SyncTestData.Sync(_store, [SyncTestData.At(0), SyncTestData.At(1)]);
        foreach (var band in new[] { SyncTestData.Begin(_folder.Path, SyncTestData.At(60).Start),
            SyncTestData.At(Elsewhere(60)) })
        {
            var reading = new ReadSession("Oslo", SyncTestData.Source, band);
            reading.Acknowledge(SyncTestData.Admit(reading, [SyncTestData.At(61)])[0].Mark!.Sequence, RunOutcome.Sent);
            Assert.Same(ErrorKind.WatermarkMoved,
                Assert.Throws<VteWatsException>(() => _store.Advance(reading, SyncTestData.Target)).Error);
            Assert.Equal(SyncTestData.Noon.AddMinutes(1), _store.Load()!.Position!.Timestamp);
        }

        Watermark Elsewhere(int minute)
        {
            using var folder = new TempFolder();
            var other = new WatermarkStore(folder.Path, "Oslo");
            SyncTestData.Sync(other, [SyncTestData.At(minute)]);
            return other.Load()!;
        }
    }

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
    public void With_force_every_run_is_sent_again()
    {
        var runs = Enumerable.Range(0, 3).Select(i => SyncTestData.At(i)).ToList();
        SyncTestData.Sync(_store, runs);
        var (emitted, _) = SyncTestData.Sync(_store, runs, force: true);
        Assert.Equal(3, emitted.Count);
        Assert.All(emitted, run => Assert.True(run.Resend));
    }

    [Fact]
    public void Every_run_has_its_row_in_the_ledger_not_only_those_of_the_guard_band()
    {
        SyncTestData.Sync(_store, Enumerable.Range(0, 60).Select(i => SyncTestData.At(i)));
        Assert.Equal(60, SyncTestData.Rows(_store).Count);
        Assert.All(SyncTestData.Rows(_store).Values, row => Assert.Equal(LedgerState.Sent, row.State));
        Assert.Equal(11, SyncTestData.At(_store).KnownRuns);
    }

    [Fact]
    public void In_the_hour_that_occurs_twice_the_band_reaches_back_to_its_beginning()
    {
        var change = new DateTime(2024, 10, 27, 2, 0, 0);
        SyncTestData.Sync(_store, [SyncTestData.Run(change.AddMinutes(55))]);
        var band = SyncTestData.At(_store);
        Assert.Equal(change, SyncTestData.Oslo.SmallestLocalFrom(band.ReadFrom));
        // A run of the second pass lies below the watermark, and is new.
        var (emitted, reading) =
            SyncTestData.Sync(_store, [SyncTestData.Run(change.AddMinutes(5)), SyncTestData.Run(change.AddMinutes(55))]);
        Assert.Equal(2, emitted.Count);
        Assert.Equal(1, reading.Counts.Late);
    }

    [Fact]
    public void A_position_at_a_local_time_that_never_occurs_leaves_no_gap_behind_it()
    {
        var gap = new DateTime(2024, 3, 31, 2, 30, 0);
        SyncTestData.Sync(_store, [SyncTestData.Run(gap)]);
        var oldest = SyncTestData.Oslo.SmallestLocalFrom(SyncTestData.At(_store).ReadFrom);
        Assert.True(oldest <= gap.AddMinutes(-10), $"reads from {oldest:O}");
    }

    [Fact]
    public void A_reading_with_conditions_cannot_move_the_watermark()
    {
        var reading = new ReadSession("Oslo", SyncTestData.Source);
        reading.Acknowledge(SyncTestData.Admit(reading, [SyncTestData.At(0)])[0].Mark!.Sequence, RunOutcome.Sent);
        var error = Assert.Throws<VteWatsException>(() => _store.Advance(reading, SyncTestData.Target));
        Assert.Equal(ErrorKind.InvalidArgument, error.Error);
        Assert.Null(_store.Load());
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

    [Fact]
    public void The_first_sync_needs_a_start()
    {
        var error = Assert.Throws<VteWatsException>(() => SyncTestData.Begin(_folder.Path, null));
        Assert.Equal(ErrorKind.WatermarkMissing, error.Error);
        Assert.Contains("-InitialSince", error.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_watermark_of_another_database_server_or_site_is_foreign()
    {
        SyncTestData.Sync(_store, [SyncTestData.At(0)]);
        var watermark = _store.Load()!;
        var now = SyncTestData.Oslo.ToInstant(SyncTestData.Noon.AddDays(1));
        Assert.Equal(ErrorKind.StateForeign,
            Assert.Throws<VteWatsException>(() => SyncTestData.At(watermark).EnsureFits("Oslo", "sqlserver:other/VTE9_3", now)).Error);
        Assert.Equal(ErrorKind.StateForeign, Assert.Throws<VteWatsException>(
            () => SyncTestData.Begin(_folder.Path, null, watermark, target: "https://other.example.test/api/")).Error);
        Assert.Equal(ErrorKind.StateForeign,
            Assert.Throws<VteWatsException>(() => SyncTestData.Begin(_folder.Path, null, watermark, "Bergen")).Error);
        Assert.Equal(ErrorKind.StateForeign, Assert.Throws<VteWatsException>(
            () => new WatermarkStore(_folder.Path, "Bergen").Restore(_store.CopyPath, "by mistake")).Error);
        SyncTestData.At(watermark).EnsureFits("Oslo", SyncTestData.Source, now);
    }

    [Fact]
    public void While_the_databases_clock_is_behind_the_watermark_everything_is_read_again_from_the_moment_that_was_seen()
    {
        SyncTestData.Sync(_store, [SyncTestData.At(60)]);
        var band = SyncTestData.At(_store);
        band.EnsureFits("Oslo", SyncTestData.Source, SyncTestData.Oslo.ToInstant(SyncTestData.Noon));
        Assert.Equal(TimeSpan.FromMinutes(60), band.DoubtBy);
        Assert.Equal(SyncTestData.Oslo.ToInstant(SyncTestData.Noon.AddMinutes(-10)), band.ReadFrom);

        var reading = new ReadSession("Oslo", SyncTestData.Source, band);
        reading.Acknowledge(SyncTestData.Admit(reading, [SyncTestData.At(-5)])[0].Mark!.Sequence, RunOutcome.Sent);
        _store.Advance(reading, SyncTestData.Target);
        Assert.Equal(SyncTestData.Noon.AddMinutes(60), _store.Load()!.Position!.Timestamp);
        foreach (var (minute, from) in new[] { (30, -10), (59, -10), (61, -10) })
        {
            var later = SyncTestData.At(_store);
            later.EnsureFits("Oslo", SyncTestData.Source, SyncTestData.Oslo.ToInstant(SyncTestData.Noon.AddMinutes(minute)));
            Assert.Equal(SyncTestData.Oslo.ToInstant(SyncTestData.Noon.AddMinutes(from)), later.ReadFrom);
            Assert.Equal(minute < 60, later.DoubtFrom is not null);
        }
    }

    [Fact]
    public void Neither_clock_change_makes_a_watermark_look_like_one_from_the_future()
    {
        var autumn = new DateTime(2024, 10, 27, 2, 59, 0);
        SyncTestData.Sync(_store, [SyncTestData.Run(autumn)]);
        SyncTestData.At(_store).EnsureFits("Oslo", SyncTestData.Source, new DateTimeOffset(2024, 10, 27, 1, 1, 0, TimeSpan.Zero));

        var spring = new WatermarkStore(_folder.Path, "Oslo-spring");
        var reading = new ReadSession("Oslo-spring", SyncTestData.Source,
            SyncTestData.Begin(_folder.Path, DateTimeOffset.UnixEpoch, null, "Oslo-spring"));
        reading.Acknowledge(SyncTestData.Admit(reading, [SyncTestData.Run(new DateTime(2024, 3, 31, 2, 50, 0))])[0].Mark!.Sequence,
            RunOutcome.Sent);
        spring.Advance(reading, SyncTestData.Target);
        var after = SyncTestData.Begin(_folder.Path, null, spring.Load(), "Oslo-spring");
        after.EnsureFits("Oslo-spring", SyncTestData.Source, new DateTimeOffset(2024, 3, 31, 1, 1, 0, TimeSpan.Zero));
        Assert.Null(after.DoubtFrom);
    }

    [Theory]
    [InlineData("https://Wats.Example.test/", "https://wats.example.test/api")]
    [InlineData("https://wats.example.test/API/", "https://wats.example.test")]
    public void One_server_has_one_identity_however_its_url_is_written(string one, string other) =>
        Assert.Equal(Watermark.TargetOf(one), Watermark.TargetOf(other));
}
