using Dapper;
using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Sync;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Unit.Support;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Sync;

public sealed class SiteSyncTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2024, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private SyncRig _rig = null!;

    public async Task InitializeAsync() => _rig = await SyncRig.StartAsync(Now, new SyncOptions { BatchSize = 10 });

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_dry_run_only_gets_and_writes_no_state_and_no_letter()
    {
        _rig.InsertRuns(30);
        _rig.Insert(_rig.Local.AddHours(-1), serial: " ");
        var summary = await _rig.RunAsync(new SyncRequest { DryRun = true });
        Assert.Equal(30, summary.WouldUpload);
        Assert.Equal(1, summary.DeadLetters);
        Assert.All(_rig.Wats.Requests.Last, request => Assert.Equal("GET", request.Method));
        Assert.False(Directory.Exists(_rig.State));
        Assert.Equal(0, _rig.Wats.Store.Count);
    }

    [Fact]
    public async Task Unmappable_and_refused_runs_go_to_the_letters_and_the_watermark_passes_them()
    {
        _rig.InsertRuns(25);
        _rig.Insert(_rig.Local.AddHours(-3), serial: " ");
        _rig.Insert(_rig.Local.AddHours(-2), serial: "REFUSE");
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Refuse, SerialNumber = "REFUSE" });
        var summary = await _rig.RunAsync();
        Assert.Equal(10, summary.ExitCode);
        Assert.Equal(25, summary.Uploaded);
        Assert.Equal(2, summary.DeadLetters);
        Assert.Equal(2, _rig.Letters.Count());
        Assert.Equal([DeadLetterStage.Mapping, DeadLetterStage.Sending], (await _rig.Letters.ReadAsync().ToListAsync()).Select(l => l.Stage)
            .Order());
        var again = await _rig.RunAsync();
        Assert.Equal(0, again.ExitCode);
        Assert.Equal(again.Read, again.Known);
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_is_a_letter_and_holds_up_nothing_and_when_it_is_mended_its_run_goes_by_itself()
    {
        _rig.InsertRuns(40);
        var bad = _rig.Insert(_rig.Local.AddHours(-5));
        _rig.InsertRuns(5);
        var key = new { key = bad.ToString("D").ToUpperInvariant() };
        _rig.Direct.Execute("UPDATE IndexData SET Timestamp = Timestamp || ' maybe' WHERE Index_GUID = @key", key);
        var summary = await _rig.RunAsync();
        Assert.Null(summary.Error);
        Assert.Equal((45, 1, 10), (summary.Uploaded, summary.DeadLetters, summary.ExitCode));
        var letter = Assert.Single(await _rig.Letters.ReadAsync().ToListAsync());
        Assert.Equal((bad, DeadLetterStage.Reading), (letter.RunId, letter.Stage));
        Assert.Equal(45, _rig.Wats.Store.Count);
        var quiet = await _rig.RunAsync();
        Assert.Equal((0, 0), (quiet.Uploaded, quiet.ExitCode));
        Assert.Single(await _rig.Letters.ReadAsync().ToListAsync());

        _rig.Direct.Execute("UPDATE IndexData SET Timestamp = replace(Timestamp, ' maybe', '') WHERE Index_GUID = @key", key);
        var mended = await _rig.RunAsync();
        Assert.Equal((1, 0), (mended.Uploaded, mended.ExitCode));
        Assert.Equal(46, _rig.Wats.Store.Count);
        Assert.Empty(await _rig.Letters.ReadAsync().ToListAsync());
    }

    [Fact]
    public async Task Operations_of_which_wats_knows_none_end_the_sync_before_the_first_post()
    {
        _rig.InsertRuns(3);
        _rig.Site = _rig.Site with
        {
            Mapping =
            new MappingOptions { Operations = [new OperationRule { ProcessCode = 4711 }, new OperationRule { ProcessCode = 120 }] }
        };
        var summary = await _rig.RunAsync();
        Assert.Equal(ErrorKind.ConfigurationInvalid, summary.Error!.Error);
        Assert.Contains("120, 4711", summary.Error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _rig.Wats.Requests.Posts);
        Assert.Null(_rig.Watermarks.Load());
    }

    [Fact]
    public async Task A_first_sync_without_a_start_sends_nothing()
    {
        _rig.InsertRuns(3);
        var summary = await new SiteSync(_rig.Parts(new SyncRequest()), new SyncRequest()).RunAsync(CancellationToken.None);
        Assert.Equal(ErrorKind.WatermarkMissing, summary.Error!.Error);
        Assert.Equal(40, summary.ExitCode);
        Assert.Equal(0, _rig.Wats.Requests.Posts);
    }

    [Fact]
    public async Task A_damaged_or_foreign_state_ends_the_sync_with_its_error_and_stays_as_it_is()
    {
        _rig.InsertRuns(3);
        await _rig.RunAsync();
        var position = _rig.Watermarks.Load()!.Position;
        var copy = _rig.Database + ".copy";
        _rig.Direct.Execute("VACUUM INTO @copy", new { copy });
        var site = _rig.Site;
        _rig.Site = site with { Connection = site.Connection with { Path = copy } };
        Assert.Equal(ErrorKind.StateForeign, (await _rig.RunAsync()).Error!.Error);
        _rig.Site = site;
        Assert.Equal(position, _rig.Watermarks.Load()!.Position);
        Assert.Equal(0, (await _rig.RunAsync()).ExitCode);
        Assert.Equal(3, _rig.Wats.Requests.Posts);
    }

    [Fact]
    public async Task A_run_that_changes_after_a_post_of_which_no_answer_came_is_sent_again()
    {
        _rig.InsertRuns(12);
        await _rig.RunAsync();
        var half = _rig.Insert(_rig.Local.AddHours(-1), steps: 1);
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.CutAfterStoring, Path = "WSJF" });
        Assert.Equal(31, (await _rig.RunAsync()).ExitCode);
        Assert.NotNull(_rig.Wats.Store.Find(half));
        _rig.Wats.Faults.Clear();
        _rig.AddSteps(half, 3);
        Assert.Equal(0, (await _rig.RunAsync()).ExitCode);
        await _rig.AssertCompleteAsync();
        Assert.Equal(14, _rig.Wats.Requests.Posts);
    }

    [Fact]
    public async Task A_count_for_the_progress_that_takes_too_long_does_not_end_the_sync()
    {
        _rig.InsertRuns(12);
        var options = new SyncRequest { InitialSince = DateTimeOffset.UnixEpoch };
        var parts = _rig.Parts(options) with { OpenSource = async ct => new SlowToCount(await _rig.OpenAsync(ct)) };
        var tally = new SyncTally { WantsTotal = true };
        Assert.Equal(12, (await new SiteSync(parts, options, tally).RunAsync(CancellationToken.None)).Uploaded);
        Assert.Null(tally.Total);
    }

    private sealed class SlowToCount(IVteSource source) : ChangedSource(source)
    {
        public override Task<long> CountAsync(TestRunQuery query, CancellationToken ct) =>
            throw new VteWatsException(ErrorKind.SqlTimeout, "too slow", "");
    }

    [Fact]
    public async Task After_a_change_by_hand_what_is_in_wats_is_not_sent_again()
    {
        _rig.InsertRuns(12);
        await _rig.RunAsync();
        _rig.Watermarks.Reset("look again");
        Assert.Equal(12, (await _rig.RunAsync()).AlreadyInWats);
        Assert.Equal(12, _rig.Wats.Requests.Posts);
    }

    [Fact]
    public async Task Five_syncs_at_once_and_one_works_while_the_others_end_as_skipped()
    {
        _rig.InsertRuns(60);
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Latency, DelayMilliseconds = 100 });
        var summaries = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => _rig.RunAsync())));
        Assert.Single(summaries, s => s.Result == SyncResult.Completed);
        Assert.Equal(4, summaries.Count(s => s.Result == SyncResult.Skipped && s.ExitCode == 20));
        Assert.Equal(60, _rig.Wats.Requests.Posts);
    }

    [Fact]
    public async Task A_stop_ends_with_130_keeps_what_is_done_and_the_next_sync_goes_on()
    {
        _rig.InsertRuns(800);
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Latency, DelayMilliseconds = 5 });
        using var stop = new CancellationTokenSource();
        var options = new SyncRequest { InitialSince = DateTimeOffset.UnixEpoch };
        var seen = 0;
        var summary = await new SiteSync(_rig.Parts(options), options)
        {
            OnReceipt = _ => ++seen == 40 ? stop.CancelAsync() : Task.CompletedTask,
        }.RunAsync(stop.Token);
        Assert.Equal(130, summary.ExitCode);
        Assert.InRange(summary.Uploaded, 40, 799);
        Assert.Equal(summary.Uploaded, _rig.Wats.Store.Count);
        Assert.NotNull(_rig.Watermarks.Load()!.Position);
        _rig.Wats.Faults.Clear();
        Assert.Equal(0, (await _rig.RunAsync()).ExitCode);
        await _rig.AssertCompleteAsync();
        Assert.Equal(800, _rig.Wats.Requests.Posts);
    }

    [Fact]
    public async Task A_state_folder_that_is_full_or_gone_stops_the_sync_and_nothing_is_lost()
    {
        _rig.InsertRuns(30);
        File.WriteAllText(_rig.State, "a file in the place of the folder");
        var summary = await _rig.RunAsync();
        Assert.Equal(ErrorKind.StateNotWritable, summary.Error!.Error);
        File.Delete(_rig.State);
        Assert.Equal(0, (await _rig.RunAsync()).ExitCode);
        await _rig.AssertCompleteAsync();
    }

    [Fact]
    public async Task With_force_everything_from_the_guard_band_on_is_posted_again()
    {
        _rig.InsertRuns(5);
        await _rig.RunAsync();
        var summary = await _rig.RunAsync(new SyncRequest { Force = true });
        Assert.Equal(5, summary.Uploaded);
        Assert.All(_rig.Wats.Store.Reports, report => Assert.Equal(2, report.ReceiveCount));
    }

    [Fact]
    public void Pauses_grow_with_failures_up_to_an_hour_and_vary_by_a_tenth()
    {
        var loop = new SyncLoop(_ => Task.FromResult<IReadOnlyList<SyncSummary>>([]), TimeSpan.FromMinutes(5), [], random: new Random(1));
        for (var failures = 0; failures < 40; failures++)
        {
            var pause = loop.PauseAfter(failures);
            var nominal = Math.Min(60, 5 * Math.Pow(2, Math.Min(failures, 16)));
            Assert.InRange(pause.TotalMinutes, nominal * 0.9, nominal * 1.1);
        }
    }

    [Fact]
    public async Task A_signal_file_makes_the_running_loop_sync_at_once()
    {
        var files = new SiteFiles(_rig.State, "Oslo");
        using var stop = new CancellationTokenSource();
        var syncs = 0;
        var loop = new SyncLoop(async _ =>
        {
            if (++syncs == 1) SyncLoop.Signal(files);
            else await stop.CancelAsync();
            return [];
        }, TimeSpan.FromHours(10), [files]);
        await loop.RunAsync(stop.Token).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(2, syncs);
        Assert.False(File.Exists(files.Signal));
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(5, 1)]
    public async Task The_loop_waits_longer_after_failures_only_where_nothing_moved(int uploaded, int times)
    {
        using var stop = new CancellationTokenSource();
        var (time, syncs) = (new CountedTime(), 0);
        var failed = new SyncSummary
        {
            Site = "Oslo", Uploaded = uploaded, Error = new VteWatsException(ErrorKind.MassRejection, "30 %", "Correct the mapping."),
        };
        var loop = new SyncLoop(async _ =>
        {
            if (++syncs == 4) await stop.CancelAsync();
            else time.Waited = TimeSpan.Zero;
            return [failed];
        }, TimeSpan.FromMinutes(1), [], time);
        await loop.RunAsync(stop.Token).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.InRange(time.Waited.TotalMinutes, 0.9 * times, 1.1 * times);
    }

    /// <summary>Its timers run out at once, and it counts what they would have waited.</summary>
    private sealed class CountedTime : TimeProvider
    {
        public TimeSpan Waited { get; set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > TimeSpan.Zero) Waited += dueTime;
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    [Fact]
    public async Task A_loop_goes_on_with_another_interval_and_other_sites_when_it_is_told_so()
    {
        var (oslo, bergen) = (new SiteFiles(_rig.State, "Oslo"), new SiteFiles(_rig.State, "Bergen"));
        SyncLoop.Signal(oslo);
        using var stop = new CancellationTokenSource();
        var syncs = 0;
        SyncLoop? loop = null;
        loop = new SyncLoop(async _ =>
        {
            switch (++syncs)
            {
                case 1: loop!.Change(TimeSpan.FromMilliseconds(20), [bergen]); break;
                case 2:
                    Assert.Equal((false, true), (SyncLoop.IsRunning(oslo), SyncLoop.IsRunning(bergen)));
                    await stop.CancelAsync();
                    break;
            }
            return [];
        }, TimeSpan.FromHours(10), [oslo]);
        await loop.RunAsync(stop.Token).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(2, syncs);
        Assert.False(SyncLoop.IsRunning(bergen));
    }

    [Fact]
    public async Task The_loop_goes_on_when_the_clock_runs_past_the_end_of_a_pause_or_is_set_back()
    {
        using var stop = new CancellationTokenSource();
        var syncs = 0;
        var loop = new SyncLoop(async _ =>
        {
            if (++syncs == 5) await stop.CancelAsync();
            return [];
        }, TimeSpan.FromMilliseconds(20), [], new JumpingTime());
        await loop.RunAsync(stop.Token).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(5, syncs);
    }

    /// <summary>Moves by more than a pause with each look at it, now ahead, now back; its timers are those of the system.</summary>
    private sealed class JumpingTime : TimeProvider
    {
        private static readonly TimeSpan[] Steps = [TimeSpan.FromMilliseconds(17), TimeSpan.FromMilliseconds(6), TimeSpan.FromHours(-3),
            TimeSpan.FromMilliseconds(21)];
        private DateTimeOffset _now = Now;
        private int _looks;

        public override DateTimeOffset GetUtcNow() => _now += Steps[_looks++ % Steps.Length];
    }
}
