using Dapper;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte.Reading;
using VteWats.Unit.Support;

namespace VteWats.Unit.Sync;

/// <content>Clocks that are ahead: of stations, of the database, and positions that people set in the future.</content>
public sealed partial class DistanceTests
{
    [Fact]
    public async Task Runs_of_a_station_a_year_ahead_are_counted_each_time_and_become_letters_after_a_day()
    {
        for (var i = 0; i < 60; i++) _rig.Insert(_rig.Local.AddYears(1).AddMinutes(i));
        foreach (var summary in await WorkAsync(3)) Assert.Equal((60, 0, 0), (summary.Ahead, summary.DeadLetters, summary.ExitCode));
        _rig.Time.Advance(TimeSpan.FromHours(25));
        var late = await _rig.RunAsync();
        Assert.Equal((60, 60, 10), (late.Ahead, late.DeadLetters, late.ExitCode));
        var letters = await _rig.Letters.ReadAsync().ToListAsync();
        Assert.All(letters, letter => Assert.Equal((DeadLetterStage.FromFuture, 2), (letter.Stage, letter.Run!.Steps!.Count)));
        Assert.Equal(60, letters.Count);
        // Not again each time.
        Assert.Equal((0, 60), ((await _rig.RunAsync()).DeadLetters, _rig.Letters.Count()));
    }

    [Fact]
    public async Task A_run_from_the_future_whose_timestamp_is_corrected_is_sent_by_itself_and_its_letter_goes()
    {
        await WorkAsync(4);
        var run = _rig.Insert(_rig.Local.AddYears(1));
        await WorkAsync(1);
        _rig.Time.Advance(TimeSpan.FromHours(25));
        await WorkAsync(4);
        Assert.Equal(1, _rig.Letters.Count());
        _rig.Direct.Execute("UPDATE IndexData SET Timestamp = @at WHERE Index_GUID = @id",
            new { at = SyncRig.Text(_rig.Local.AddHours(-26)), id = run.ToString("D").ToUpperInvariant() });
        var summary = Assert.Single(await WorkAsync(1));
        Assert.Equal(0, summary.Ahead);
        Assert.NotNull(_rig.Wats.Store.Find(run));
        Assert.Equal(0, _rig.Letters.Count());
    }

    [Fact]
    public async Task A_run_from_the_future_is_sent_when_the_clock_has_reached_it_with_a_letter_or_without()
    {
        await WorkAsync(1);
        var (near, far) = (_rig.Insert(_rig.Local.AddHours(3)), _rig.Insert(_rig.Local.AddHours(40)));
        await WorkAsync(1);
        _rig.Time.Advance(TimeSpan.FromHours(26));
        await _rig.RunAsync();
        Assert.NotNull(_rig.Wats.Store.Find(near));
        Assert.Equal(far, Assert.Single(await _rig.Letters.ReadAsync().ToListAsync()).RunId);
        _rig.Time.Advance(TimeSpan.FromHours(15));
        await _rig.RunAsync();
        Assert.NotNull(_rig.Wats.Store.Find(far));
        Assert.Equal(0, _rig.Letters.Count());
    }

    // Minutes that the database's clock is ahead for a while, and the guard band.
    [Theory]
    [InlineData(120, 10)]
    [InlineData(9, 5)]
    [InlineData(43200, 10)]
    public async Task When_the_clock_of_the_database_was_ahead_every_run_is_sent_and_each_sync_says_so(int minutes, int band)
    {
        await using var rig = await SyncRig.StartAsync(Now, new SyncOptions { GuardBandMinutes = band });
        for (var i = 0; i < 5; i++) rig.Insert(rig.Local.AddMinutes(-20 + i));
        await rig.RunAsync();
        rig.Time.Advance(TimeSpan.FromMinutes(minutes));
        for (var i = 0; i < 3; i++) rig.Insert(rig.Local.AddSeconds(-70 + i));
        Assert.Equal(3, (await rig.RunAsync()).Uploaded);
        rig.Time.Advance(TimeSpan.FromMinutes(-minutes));
        for (var minute = 0; minute < 156; minute++)
        {
            rig.Time.Advance(TimeSpan.FromMinutes(1));
            rig.Insert(rig.Local.AddSeconds(-1));
            if (minute % 5 != 0) continue;
            var summary = await rig.RunAsync();
            Assert.Equal(0, summary.ExitCode);
            if (minute < minutes - 5) Assert.InRange(summary.ClockWasAheadBy!.Value.TotalMinutes, minutes - 10, minutes);
        }
        rig.Time.Advance(TimeSpan.FromMinutes(2));
        var last = await rig.RunAsync();
        Assert.Equal(minutes > 160, last.ClockWasAheadBy is not null);
        // Those that are stamped ahead are in WATS as well; they are not settled for whoever asks now.
        var sent = rig.Wats.Store.Ids.ToHashSet();
        Assert.All((await rig.ExpectedAsync()).Keys, run => Assert.Contains(run, sent));
        Assert.Equal(164, sent.Count);
        Assert.Equal(164, rig.Wats.Requests.Posts);
    }

    [Fact]
    public async Task A_sync_that_is_killed_after_its_first_save_leaves_the_doubt_about_the_clock_to_the_next_one()
    {
        await WorkAsync(1);
        _rig.Time.Advance(TimeSpan.FromHours(2));
        _rig.Insert(_rig.Local.AddMinutes(-2));
        await _rig.RunAsync();
        // The clock is set right. For two hours nobody syncs, and it reaches the runs that were stamped ahead.
        _rig.Time.Advance(TimeSpan.FromHours(-2));
        await WorkAsync(2);
        var doubt = _rig.Watermarks.Load()!.DoubtFrom;
        Assert.NotNull(doubt);
        for (var minute = 0; minute < 120; minute++)
        {
            _rig.Time.Advance(TimeSpan.FromMinutes(1));
            _rig.Insert(_rig.Local.AddSeconds(-1));
        }
        var request = new SyncRequest();
        var (image, receipts) = ("", 0);
        await new SiteSync(_rig.Parts(request), request)
        {
            OnReceipt = _ =>
            {
                if (++receipts == 30) image = _rig.CrashImage();
                return Task.CompletedTask;
            },
        }.RunAsync(CancellationToken.None);
        _rig.Restart(image);
        Assert.Equal(doubt, _rig.Watermarks.Load()!.DoubtFrom);
        _rig.Time.Advance(TimeSpan.FromMinutes(2));
        var next = await _rig.RunAsync();
        // Read on from there, and not found by the census as runs that came late.
        Assert.Equal((0, 0), (next.Late, next.CensusDiffering));
        Assert.Null(_rig.Watermarks.Load()!.DoubtFrom);
        await _rig.AssertCompleteAsync();
    }

    [Fact]
    public async Task A_run_ahead_of_the_clock_that_cannot_be_read_becomes_a_letter_and_ends_no_sync()
    {
        var (bad, good) = (_rig.Insert(_rig.Local.AddYears(1)), _rig.Insert(_rig.Local.AddYears(1).AddMinutes(1)));
        for (var sync = 0; sync < 4; sync++)
        {
            var summary = await _rig.RunAsync(change: parts => parts with { OpenSource = DamagedAsync });
            Assert.True(summary.Error is null, $"{summary.Error}");
            Assert.Equal((2, sync == 2 ? 2 : 0), (summary.Ahead, summary.DeadLetters));
            _rig.Time.Advance(TimeSpan.FromHours(13));
        }
        var stages = (await _rig.Letters.ReadAsync().ToListAsync()).ToDictionary(letter => letter.RunId, letter => letter.Stage);
        Assert.Equal((DeadLetterStage.Reading, DeadLetterStage.FromFuture), (stages[bad], stages[good]));
        Assert.Equal(2, new Ledger(new StateDatabase(_rig.State), "Oslo").Count(LedgerState.Letter));
        // Somebody corrects both: they go by themselves.
        _rig.Direct.Execute("UPDATE IndexData SET Timestamp = @at", new { at = SyncRig.Text(_rig.Local.AddHours(-30)) });
        Assert.Equal(2, (await _rig.RunAsync()).Uploaded);
        Assert.Equal(0, _rig.Letters.Count());

        async Task<IVteSource> DamagedAsync(CancellationToken ct) => new DamagedSource(await _rig.OpenAsync(ct), _rig, bad);
    }

    // A row whose time can be counted, and that cannot be read in full.
    private sealed class DamagedSource(IVteSource source, SyncRig rig, Guid bad) : ChangedSource(source)
    {
        public override async Task<RunsAhead> CountAheadAsync(int samples, CancellationToken ct)
        {
            var key = new { key = bad.ToString("D").ToUpperInvariant() };
            rig.Direct.Execute("UPDATE IndexData SET Timestamp = replace(Timestamp, ' maybe', '') WHERE Index_GUID = @key", key);
            var ahead = await base.CountAheadAsync(samples, ct);
            rig.Direct.Execute("UPDATE IndexData SET Timestamp = Timestamp || ' maybe' WHERE Index_GUID = @key", key);
            return ahead;
        }
    }

    [Fact]
    public async Task A_watermark_is_not_set_into_the_future()
    {
        await WorkAsync(1);
        var before = _rig.Watermarks.Load()!.Position;
        var at = new DateTime(2027, 1, 1);
        var position = new WatermarkPosition(at, Guid.Empty, SyncTestData.Oslo.ToInstant(at));
        var error = Assert.Throws<VteWatsException>(() => _rig.Watermarks.Set(position, "a slip of the finger"));
        Assert.Equal(ErrorKind.InvalidArgument, error.Error);
        Assert.Contains("2027-01-01", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, _rig.Watermarks.Load()!.Position);
    }
}
