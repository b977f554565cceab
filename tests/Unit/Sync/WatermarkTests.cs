using VteWats.Core.Diagnostics;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte;
using VteWats.Unit.Support;

namespace VteWats.Unit.Sync;

public sealed partial class WatermarkTests : IDisposable
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
