using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Sync;

/// <summary>Stretches that are sent beside the live sync.</summary>
public sealed class BackfillTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2024, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private SyncRig _rig = null!;

    public async Task InitializeAsync() => _rig = await SyncRig.StartAsync(Now, new SyncOptions { BatchSize = 10 });

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_backfill_that_was_interrupted_goes_on_and_leaves_the_watermark_alone(bool newestFirst)
    {
        _rig.InsertRuns(100, daysAgo: 20);
        _rig.InsertRuns(20, daysAgo: 1);
        await _rig.RunAsync(new SyncRequest { InitialSince = Now.AddDays(-2) });
        Assert.Equal(20, _rig.Wats.Store.Count);
        var watermark = _rig.Watermarks.Load()!;

        var options = new SyncRequest { Backfill = new BackfillRange(Now.AddDays(-30), Now.AddDays(-10), newestFirst) };
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503, Report = _ => _rig.Wats.Store.Count >= 60 });
        var first = await _rig.RunAsync(options);
        Assert.Equal(31, first.ExitCode);
        _rig.Wats.Faults.Clear();
        var posted = _rig.Wats.Store.Count;
        var second = await _rig.RunAsync(options);
        Assert.Equal(0, second.ExitCode);
        Assert.True(second.Read < 100, "it began from the start again");
        Assert.Equal(120, _rig.Wats.Store.Count);
        Assert.All(_rig.Wats.Store.Reports, report => Assert.Equal(1, report.ReceiveCount));
        Assert.InRange(posted, 60, 119);
        var after = _rig.Watermarks.Load()!;
        Assert.Equal((watermark.Position, watermark.Generation), (after.Position, after.Generation));
        Assert.Equal(watermark.History, after.History);
        Assert.Equal(0, _rig.Scalar("SELECT COUNT(*) FROM Backfill"));
        await _rig.AssertCompleteAsync();
    }

    [Fact]
    public async Task A_live_sync_beside_it_leaves_alone_what_it_has_under_way_and_takes_up_what_it_leaves_behind()
    {
        await using var rig = await SyncRig.StartAsync(Now, new SyncOptions { BatchSize = 10_000 });
        rig.InsertRuns(60, daysAgo: 20);
        rig.InsertRuns(5);
        var live = new SyncRequest { InitialSince = Now.AddDays(-2) };
        await rig.RunAsync(live);
        var request = new SyncRequest { Backfill = new BackfillRange(Now.AddDays(-30), Now.AddDays(-10), false) };
        var (receipts, image) = (0, "");
        var summary = await new SiteSync(rig.Parts(request), request)
        {
            OnReceipt = async _ =>
            {
                if (++receipts != 10) return;
                rig.Time.Advance(TimeSpan.FromMinutes(5));
                Assert.Equal((0, 0), ((await rig.RunAsync(live)).Uploaded, (await rig.RunAsync(live)).Read - 5));
                image = rig.CrashImage();
            },
        }.RunAsync(CancellationToken.None);
        Assert.Equal((60, 0), (summary.Uploaded, summary.ExitCode));
        Assert.All(rig.Wats.Store.Reports, report => Assert.Equal(1, report.ReceiveCount));
        // As if it had been killed there.
        rig.Restart(image);
        var doubtful = rig.Scalar("SELECT COUNT(*) FROM Ledger WHERE State = 1");
        Assert.InRange(doubtful, 10, 60);
        Assert.Equal(doubtful, (await rig.RunAsync(live)).Uploaded);
        Assert.Equal(0, rig.Scalar("SELECT COUNT(*) FROM Ledger WHERE State = 1"));
    }

    [Fact]
    public async Task Force_on_an_interrupted_backfill_sends_it_from_its_begin()
    {
        _rig.InsertRuns(40, daysAgo: 20);
        var options = new SyncRequest { Backfill = new BackfillRange(Now.AddDays(-30), Now.AddDays(-10), false) };
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503, Report = _ => _rig.Wats.Store.Count >= 25 });
        Assert.Equal(31, (await _rig.RunAsync(options)).ExitCode);
        _rig.Wats.Faults.Clear();
        Assert.Equal(40, (await _rig.RunAsync(options with { Force = true })).Uploaded);
        Assert.Equal(0, (await _rig.RunAsync(options)).ExitCode);
    }

    [Theory]
    [InlineData("UPDATE Backfill SET PlaceRunId = x'00'")]
    [InlineData("UPDATE Backfill SET PlaceRunId = NULL")]
    [InlineData("UPDATE Backfill SET PlaceTimestamp = PlaceTimestamp + 6000000000")]
    public async Task A_damaged_backfill_leaves_no_run_out(string damage)
    {
        _rig.InsertRuns(40, daysAgo: 20);
        var options = new SyncRequest { Backfill = new BackfillRange(Now.AddDays(-30), Now.AddDays(-10), false) };
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503, Report = _ => _rig.Wats.Store.Count >= 25 });
        await _rig.RunAsync(options);
        _rig.Wats.Faults.Clear();
        Assert.Equal(1, _rig.Scalar("SELECT COUNT(*) FROM Backfill"));
        _rig.Execute(damage);
        Assert.Equal(0, (await _rig.RunAsync(options)).ExitCode);
        await _rig.AssertCompleteAsync();
    }

    [Fact]
    public async Task A_change_that_wats_refused_is_sent_when_the_run_is_read_again()
    {
        _rig.InsertRuns(12);
        await _rig.RunAsync();
        var run = _rig.Wats.Store.Ids.First();
        _rig.AddSteps(run, 3);
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Refuse, Count = 1 });
        await _rig.RunAsync(new SyncRequest { Force = true });
        Assert.Equal(1, _rig.Letters.Count());

        var backfill = await _rig.RunAsync(new SyncRequest { Backfill = new BackfillRange(Now.AddDays(-2), null, false) });
        Assert.Equal((1, 11), (backfill.Uploaded, backfill.AlreadyInWats));
        Assert.Equal(0, _rig.Letters.Count());
    }
}
