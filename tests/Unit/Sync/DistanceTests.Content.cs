using VteWats.Core.Mapping;
using VteWats.Core.Sync;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Client;
using VteWats.Core.Wats.Sending;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Sync;

/// <content>Two at work on one run, twins, and crashes: WATS holds the content of today in the end.</content>
public sealed partial class DistanceTests
{
    [Theory]
    [InlineData("sync")]
    [InlineData("backfill")]
    [InlineData("repair")]
    [InlineData("reset")]
    [InlineData("undo")]
    [InlineData("force")]
    public async Task A_twin_with_a_smaller_id_that_comes_days_later_pushes_its_twin_out_in_no_path(string path)
    {
        await WorkAsync(2);
        var moment = _rig.Local.AddMinutes(-3);
        var first = _rig.Insert(moment, serial: "TWIN", id: new Guid("ffffffff-0000-0000-0000-000000000000"));
        await WorkAsync(1);
        _rig.Time.Advance(TimeSpan.FromDays(3));
        await WorkAsync(1);
        var twin = _rig.Insert(moment, serial: "TWIN", id: new Guid("00000000-0000-0000-0000-000000000001"));
        if (path == "backfill")
            await _rig.RunAsync(new SyncRequest { Backfill = new BackfillRange(Now.AddDays(-1), Now.AddDays(1), false) });
        else if (path == "repair") await RepairAsync();
        else
        {
            if (path == "reset") _rig.Watermarks.Reset("start over");
            if (path == "undo") _rig.Watermarks.Undo("once more");
            await _rig.RunAsync(new SyncRequest { Force = path == "force" });
        }
        Assert.NotNull(_rig.Wats.Store.Find(first));
        Assert.NotNull(_rig.Wats.Store.Find(twin));
        _rig.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(0, (await _rig.RunAsync()).ExitCode);
        await _rig.AssertCompleteAsync();
    }

    [Fact]
    public async Task A_hundred_twins_over_pages_and_batches_all_stay_when_a_smaller_id_comes_days_later()
    {
        await WorkAsync(1);
        var moment = _rig.Local.AddMinutes(-3);
        for (var i = 2; i <= 101; i++) _rig.Insert(moment, serial: "TWIN", id: new Guid($"00000000-0000-0000-0000-{i:D12}"));
        await WorkAsync(2);
        _rig.Time.Advance(TimeSpan.FromMinutes(2));
        await _rig.RunAsync();
        Assert.Equal(115, _rig.Wats.Store.Count);
        Assert.Empty(_rig.Wats.Store.Swallowed);
        _rig.Time.Advance(TimeSpan.FromDays(3));
        await WorkAsync(1);
        _rig.Insert(moment, serial: "TWIN", id: new Guid("00000000-0000-0000-0000-000000000001"));
        await WorkAsync(1);
        _rig.Time.Advance(TimeSpan.FromMinutes(2));
        await _rig.RunAsync();
        await _rig.AssertCompleteAsync();
        // The new one and all behind it, once each.
        Assert.Equal(126 + 100, _rig.Wats.Requests.Posts);
    }

    [Fact]
    public async Task A_letter_of_a_twin_is_sent_at_the_place_that_the_twin_has_by_now()
    {
        await WorkAsync(2);
        var moment = _rig.Local.AddMinutes(-3);
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Refuse, SerialNumber = "TWIN", Count = 1 });
        var first = _rig.Insert(moment, serial: "TWIN", id: new Guid("ffffffff-0000-0000-0000-000000000000"));
        await WorkAsync(1);
        Assert.True(_rig.Letters.Has(first));
        _rig.Time.Advance(TimeSpan.FromDays(3));
        await WorkAsync(1);
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Refuse, ReportId = first });
        var twin = _rig.Insert(moment, serial: "TWIN", id: new Guid("00000000-0000-0000-0000-000000000001"));
        await WorkAsync(1);
        Assert.NotNull(_rig.Wats.Store.Find(twin));
        _rig.Wats.Faults.Clear();
        Assert.Empty(await ReplayAsync(first));
        Assert.NotNull(_rig.Wats.Store.Find(first));
        Assert.NotNull(_rig.Wats.Store.Find(twin));
        _rig.Time.Advance(TimeSpan.FromMinutes(2));
        await _rig.RunAsync();
        await _rig.AssertCompleteAsync();
    }

    private async Task RepairAsync()
    {
        var services = _rig.Parts(new SyncRequest());
        await using var source = await _rig.OpenAsync();
        using var client = WatsClient.Create(_rig.Configuration, _rig.Wats.Token);
        var differences = new Reconciliation(source, client, _rig.Site, SyncTestData.Oslo).CompareAsync(Now.AddDays(-1), Now.AddDays(1),
            CancellationToken.None);
        Assert.Equal([true], await new Repair(services, source).RunAsync(differences, CancellationToken.None).Select(d => d.Repaired)
            .ToListAsync());
    }

    // With force it posts what it read; without it finds the run in WATS and takes it for the one that it read.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_that_changed_after_a_backfill_had_read_it_is_in_wats_as_it_is_today(bool force)
    {
        await WorkAsync(10);
        var run = _rig.Insert(_rig.Local.AddMinutes(-40), steps: 1);
        var backfill = new SyncRequest { Force = force, Backfill = new BackfillRange(Now.AddDays(-1), null, false) };
        await _rig.RunAsync(backfill, services => services with { Send = (reports, ct) => AfterLiveSync(services, reports, ct) });
        Assert.Equal(force ? 2 : 1, _rig.Wats.Store.Find(run)!.ReceiveCount);
        Assert.Equal(0, (await _rig.RunAsync()).ExitCode);
        await _rig.AssertCompleteAsync();

        async IAsyncEnumerable<WatsReport> Held(IAsyncEnumerable<WatsReport> reports)
        {
            var read = await reports.ToListAsync();
            Assert.Contains(read, report => report.Id == run);
            _rig.AddSteps(run, 3);
            await _rig.RunAsync();
            Assert.Equal(1, _rig.Wats.Store.Find(run)!.ReceiveCount);
            foreach (var report in read) yield return report;
        }

        IAsyncEnumerable<WatsReceipt> AfterLiveSync(SyncServices services, IAsyncEnumerable<WatsReport> reports, CancellationToken ct) =>
            services.Send(Held(reports), ct);
    }

    [Fact]
    public async Task A_letter_of_a_newer_content_stays_when_the_older_one_gets_through()
    {
        var run = _rig.Insert(_rig.Local.AddMinutes(-5), steps: 1, serial: "REFUSE");
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Refuse, SerialNumber = "REFUSE" });
        await _rig.RunAsync();
        var store = _rig.Letters;
        var replay = new DeadLetterReplay("Oslo", store) { Mapping = new RunMapping(new ReportMapper(_rig.Site.Mapping, "Oslo"), store) };
        var old = await replay.ReportsAsync([run], CancellationToken.None).ToListAsync();

        _rig.AddSteps(run, 3);
        Assert.Equal(1, (await _rig.RunAsync()).DeadLetters);
        _rig.Wats.Faults.Clear();
        using var client = WatsClient.Create(_rig.Configuration, _rig.Wats.Token);
        var receipts = await new WatsSender(client, replay.Sending(new SendOptions())).SendAsync(old.ToAsyncEnumerable(),
            CancellationToken.None).ToListAsync();
        Assert.Equal(WatsReceiptState.Uploaded, Assert.Single(receipts).State);
        Assert.Equal(4, Assert.Single(await _rig.Letters.ReadAsync().ToListAsync()).Run!.Steps!.Count);

        var again = await replay.ReportsAsync([run], CancellationToken.None).ToListAsync();
        await new WatsSender(client, replay.Sending(new SendOptions())).SendAsync(again.ToAsyncEnumerable(), CancellationToken.None)
            .ToListAsync();
        Assert.Equal(0, _rig.Letters.Count());
        await _rig.AssertCompleteAsync();
    }

    [Fact]
    public async Task Runs_that_were_posted_before_a_crash_and_changed_after_it_are_sent_as_they_are_today()
    {
        await using var rig = await SyncRig.StartAsync(Now, new SyncOptions { BatchSize = 10_000 });
        var posted = new List<Guid>();
        for (var i = 0; i < 400; i++) rig.Insert(rig.Local.AddHours(-20).AddMinutes(i), serial: " ");
        for (var i = 0; i < 60; i++) posted.Add(rig.Insert(rig.Local.AddHours(-10).AddMinutes(i)));
        var request = new SyncRequest { InitialSince = DateTimeOffset.UnixEpoch };
        var (image, receipts) = ("", 0);
        await new SiteSync(rig.Parts(request), request)
        {
            OnReceipt = _ =>
            {
                if (++receipts == 60) image = rig.CrashImage();
                return Task.CompletedTask;
            },
        }.RunAsync(CancellationToken.None);
        Assert.Equal(60, receipts);
        Assert.Equal((60, 400), (rig.Wats.Store.Count, rig.Letters.Count()));

        rig.Restart(image);
        Assert.Null(rig.Watermarks.Load());
        foreach (var run in posted) rig.AddSteps(run, 2);
        Assert.Null((await rig.RunAsync()).Error);
        Assert.Equal(400, rig.Letters.Count());
        await rig.AssertCompleteAsync();
        Assert.All(rig.Wats.Store.Reports, report => Assert.Equal(2, report.ReceiveCount));
    }

    [Fact]
    public async Task A_run_that_a_person_held_and_that_changed_meanwhile_is_sent_when_it_is_let_go()
    {
        await WorkAsync(2);
        var run = _rig.Wats.Store.Reports[^1].Id;
        var holds = new Core.Sync.State.Holds(new Core.Sync.State.StateDatabase(_rig.State), "Oslo");
        holds.Put(run, "me", "the station was broken", Now);
        _rig.AddSteps(run, 2);
        Assert.Equal(1, Assert.Single(await WorkAsync(1)).Held);
        Assert.Equal(1, _rig.Wats.Store.Find(run)!.ReceiveCount);
        Assert.True(holds.Remove(run));
        await WorkAsync(1);
        Assert.Equal(2, _rig.Wats.Store.Find(run)!.ReceiveCount);
        _rig.Time.Advance(TimeSpan.FromMinutes(2));
        await _rig.RunAsync();
        await _rig.AssertCompleteAsync();
    }
}
