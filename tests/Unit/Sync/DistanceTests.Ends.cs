using Dapper;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Sync.State;
using VteWats.Core.Wats;
using VteWats.Unit.Sandbox;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Sync;

/// <content>What ends a sync between two steps, and what appears in WATS when nobody waits for it any more.</content>
public sealed partial class DistanceTests
{
    [Fact]
    public async Task A_sync_whose_lock_in_the_database_is_lost_after_the_last_post_keeps_nothing()
    {
        for (var i = 0; i < 5; i++) _rig.Insert(_rig.Local.AddMinutes(-5 - i));
        var request = new SyncRequest { InitialSince = DateTimeOffset.UnixEpoch };
        var held = new LockInDatabase();
        var parts = _rig.Parts(request) with { DatabaseLease = _ => Task.FromResult<IDatabaseLease?>(held) };
        var lost = await new SiteSync(parts, request)
        {
            OnReceipt = _ =>
            {
                held.IsLost = true;
                return Task.CompletedTask;
            },
        }.RunAsync(CancellationToken.None);
        Assert.Equal(ErrorKind.LeaseLost, lost.Error?.Error);
        Assert.Null(_rig.Watermarks.Load());
        Assert.Equal(5, _rig.Scalar("SELECT COUNT(*) FROM Ledger WHERE State = 1"));
        Assert.Equal(0, (await _rig.RunAsync()).ExitCode);
        await _rig.AssertCompleteAsync();
    }

    [Fact]
    public async Task A_wait_that_ran_out_without_the_wish_to_stop_is_a_failure_with_a_summary()
    {
        _rig.Insert(_rig.Local.AddMinutes(-5));
        var summary = await _rig.RunAsync(change: services => services with { Send = (_, _) => GivesUp() });
        Assert.Equal((SyncResult.Failed, false), (summary.Result, summary.WasStopped));
        Assert.NotEqual(0, summary.ExitCode);
        Assert.Contains("the wait was too long", summary.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await _rig.RunAsync()).ExitCode);

        static async IAsyncEnumerable<WatsReceipt> GivesUp()
        {
            await Task.Yield();
            if (Environment.ProcessId > 0) throw new TaskCanceledException("the wait was too long", new TimeoutException());
            yield break;
        }
    }

    [Fact]
    public async Task A_run_in_doubt_that_belongs_to_another_site_by_now_is_in_doubt_no_more_after_a_day()
    {
        await using var rig = await SyncRig.StartAsync(Now);
        rig.Site = rig.Site with { Rows = new() { Products = ["P"] } };
        var (ours, theirs) = (rig.Insert(rig.Local.AddHours(-2)), rig.Insert(rig.Local.AddHours(-1)));
        rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503, Path = "WSJF" });
        Assert.NotNull((await rig.RunAsync()).Error);
        rig.Wats.Faults.Clear();
        rig.Direct.Execute("UPDATE IndexData SET ProductName = 'Q' WHERE Index_GUID = @key",
            new { key = theirs.ToString("D").ToUpperInvariant() });
        Assert.Equal(1, (await rig.RunAsync()).Uploaded);
        rig.Time.Advance(TimeSpan.FromHours(25));
        await rig.RunAsync();
        var rows = SyncTestData.Rows(rig.Watermarks);
        Assert.Equal((LedgerState.Confirmed, LedgerState.Gone), (rows[ours].State, rows[theirs].State));
        // It comes back.
        rig.Direct.Execute("UPDATE IndexData SET ProductName = 'P'");
        Assert.Equal(1, (await rig.RunAsync()).Uploaded);
        await rig.AssertCompleteAsync();
    }

    [Fact]
    public async Task A_twin_that_a_person_put_aside_stays_so_when_its_letter_is_damaged()
    {
        await WorkAsync(1);
        var moment = _rig.Local.AddMinutes(-3);
        _rig.Insert(moment, serial: "TWIN", id: new Guid("00000000-0000-0000-0000-000000000001"));
        var aside = _rig.Insert(moment, serial: "TWIN", id: new Guid("ffffffff-0000-0000-0000-000000000000"));
        await PutAsideAsync(aside);
        _rig.Execute("UPDATE Letter SET Body = CAST('{' AS BLOB)");
        await WorkAsync(1);
        await _rig.RunAsync(new SyncRequest { Force = true });
        Assert.Null(_rig.Wats.Store.Find(aside));
    }

    [Fact]
    public async Task A_letter_of_a_report_that_was_never_seen_is_withdrawn_when_wats_shows_it()
    {
        _rig.Wats.Faults.HideFor = TimeSpan.FromDays(1000);
        var (late, never) = (_rig.Insert(_rig.Local.AddMinutes(-5)), _rig.Insert(_rig.Local.AddMinutes(-5)));
        await _rig.RunAsync();
        _rig.Time.Advance(TimeSpan.FromHours(25));
        Assert.Equal(2, (await _rig.RunAsync()).DeadLetters);
        // Somebody lets it out of the quarantine.
        _rig.Wats.Faults.HideFor = TimeSpan.Zero;
        using (var quarantine = SandboxClient.For(_rig.Wats))
            await quarantine.PostReportAsync(System.Text.Encoding.UTF8.GetString(_rig.Wats.Store.Find(late)!.Body!));
        _rig.Time.Advance(TimeSpan.FromHours(2));
        var summary = await _rig.RunAsync();
        Assert.Equal((1, 0, 0), (summary.LettersWaiting, summary.DeadLetters, summary.Uploaded));
        Assert.Equal((false, true), (_rig.Letters.Has(late), _rig.Letters.Has(never)));
        var rows = SyncTestData.Rows(_rig.Watermarks);
        Assert.Equal((LedgerState.Confirmed, LedgerState.Letter), (rows[late].State, rows[never].State));
        // Not at each sync: there may be thousands of such letters.
        var requests = _rig.Wats.Requests.Total;
        await _rig.RunAsync();
        var idle = _rig.Wats.Requests.Total - requests;
        _rig.Time.Advance(TimeSpan.FromHours(2));
        requests = _rig.Wats.Requests.Total;
        await _rig.RunAsync();
        Assert.Equal(idle + 1, _rig.Wats.Requests.Total - requests);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_sync_that_ends_between_a_new_twin_and_those_that_it_pushes_out_leaves_them_to_the_next_one(int sent)
    {
        await WorkAsync(2);
        var moment = _rig.Local.AddMinutes(-3);
        for (var n = 2; n < 5; n++) _rig.Insert(moment, serial: "TWIN", id: new Guid($"00000000-0000-0000-0000-{n:D12}"));
        _rig.Insert(moment, serial: "ANOTHER");
        await WorkAsync(1);
        _rig.Time.Advance(TimeSpan.FromDays(3));
        await WorkAsync(1);
        _rig.Time.Advance(TimeSpan.FromMinutes(2));
        await _rig.RunAsync();
        _rig.Insert(moment, serial: "TWIN", id: new Guid("00000000-0000-0000-0000-000000000001"));
        await _rig.RunAsync(change: services => services with { Send = (reports, ct) => services.Send(Twins(reports), ct) });
        var posts = _rig.Wats.Requests.Posts;
        var summary = await _rig.RunAsync();
        Assert.Equal(0, summary.ExitCode);
        // Those that were pushed out, and no other run of that moment.
        Assert.Equal(4 - sent, _rig.Wats.Requests.Posts - posts);
        _rig.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(0, (await _rig.RunAsync()).Uploaded);
        await _rig.AssertCompleteAsync();

        async IAsyncEnumerable<WatsReport> Twins(IAsyncEnumerable<WatsReport> reports)
        {
            var left = sent;
            await foreach (var report in reports)
            {
                if (report.Sn != "TWIN") continue;
                yield return report;
                if (--left == 0) yield break;
            }
        }
    }

    // The lock of a session in SQL Server, which is not there on every machine.
    private sealed class LockInDatabase : IDatabaseLease
    {
        public bool IsLost { get; set; }

        public Task EnsureHeldAsync(CancellationToken ct) =>
            IsLost ? throw SyncLease.Lost("Oslo", "The session was ended") : Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
