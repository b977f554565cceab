using Dapper;
using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Sync;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.Core.Wats.Sending;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Sync;

/// <content>What WATS shows, what it refuses, and what becomes of the state itself.</content>
public sealed partial class DistanceTests
{
    [Fact]
    public async Task Reports_that_wats_takes_and_never_shows_are_told_each_time_and_become_letters_after_a_day()
    {
        _rig.Wats.Faults.HideFor = TimeSpan.FromDays(1000);
        _rig.InsertRuns(60);
        for (var sync = 0; sync < 11; sync++)
        {
            var summary = await _rig.RunAsync();
            Assert.Equal((60, 0, 0), (summary.Unconfirmed, summary.DeadLetters, summary.ExitCode));
            _rig.Time.Advance(TimeSpan.FromMinutes(30));
        }
        _rig.Time.Advance(TimeSpan.FromHours(20));
        var late = await _rig.RunAsync();
        Assert.Equal((60, 10), (late.DeadLetters, late.ExitCode));
        Assert.All(await _rig.Letters.ReadAsync().ToListAsync(), letter => Assert.Equal(DeadLetterStage.NotVisible, letter.Stage));
        Assert.Equal(60, _rig.Wats.Requests.Posts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_that_is_deleted_in_vte_before_wats_shows_it_is_asked_for_until_it_does_or_becomes_a_letter(bool appears)
    {
        if (!appears) _rig.Wats.Faults.HideFor = TimeSpan.FromDays(1000);
        _rig.InsertRuns(5);
        await WorkAsync(1);
        var run = _rig.Wats.Store.Reports[0].Id;
        _rig.Direct.Execute("DELETE FROM TestDataNumeric WHERE Index_GUID = @key; DELETE FROM IndexData WHERE Index_GUID = @key",
            new { key = run.ToString("D").ToUpperInvariant() });
        Assert.Equal(0, Assert.Single(await WorkAsync(1)).GoneFromVte);
        Assert.Equal(LedgerState.Sent, SyncTestData.Rows(_rig.Watermarks)[run].State);
        _rig.Time.Advance(appears ? TimeSpan.FromMinutes(10) : TimeSpan.FromHours(24));
        await _rig.RunAsync();
        Assert.Equal(!appears, _rig.Letters.Has(run));
        var next = Assert.Single(await WorkAsync(1));
        Assert.Equal((1, LedgerState.Gone), (next.GoneFromVte, SyncTestData.Rows(_rig.Watermarks)[run].State));
    }

    [Fact]
    public async Task Reports_that_wats_shows_are_confirmed_and_asked_for_no_more()
    {
        _rig.InsertRuns(60);
        Assert.Equal(60, (await _rig.RunAsync()).Unconfirmed);
        _rig.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(0, (await _rig.RunAsync()).Unconfirmed);
        Assert.Equal(60, new Ledger(new StateDatabase(_rig.State), "Oslo").Count(LedgerState.Confirmed));
        _rig.Time.Advance(TimeSpan.FromMinutes(11));
        var requests = _rig.Wats.Requests.Total;
        await _rig.RunAsync();
        // The operations, and nothing else.
        Assert.InRange(_rig.Wats.Requests.Total - requests, 0, 1);
    }

    [Fact]
    public async Task The_watermark_does_not_pass_a_run_that_one_sync_after_another_leaves_in_doubt()
    {
        _rig.InsertRuns(3);
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503, Path = "WSJF" });
        for (var sync = 0; sync < 3; sync++)
        {
            Assert.NotNull((await _rig.RunAsync()).Error);
            Assert.Null(_rig.Watermarks.Load()?.Position);
        }
        _rig.Wats.Faults.Clear();
        Assert.Null((await _rig.RunAsync()).Error);
        Assert.NotNull(_rig.Watermarks.Load()!.Position);
        await _rig.AssertCompleteAsync();
    }

    [Fact]
    public async Task When_no_run_can_be_mapped_it_is_the_mapping_and_the_sync_stops()
    {
        for (var i = 0; i < 500; i++) _rig.Insert(_rig.Local.AddHours(-20).AddMinutes(i), serial: " ");
        _rig.Configuration = _rig.Configuration with { MassRejectionShare = 0.5 };
        var summary = await _rig.RunAsync();
        Assert.Equal((ErrorKind.MassRejection, 41), (summary.Error!.Error, summary.ExitCode));
        Assert.InRange(_rig.Letters.Count(), RejectionWindow.Fewest, 499);
        Assert.NotNull(_rig.Watermarks.Load()!.Position);
    }

    [Fact]
    public async Task A_few_refused_runs_of_many_are_letters_and_no_mass_rejection()
    {
        var random = new Random(3);
        var bad = Enumerable.Range(0, 1000).OrderBy(_ => random.Next()).Take(60).ToHashSet();
        using (var transaction = _rig.Direct.BeginTransaction())
        {
            for (var i = 0; i < 1000; i++) _rig.Insert(_rig.Local.AddHours(-20).AddMinutes(i), serial: bad.Contains(i) ? $"REFUSE{i}"
                : null);
            transaction.Commit();
        }
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Refuse, SerialNumber = "REFUSE*" });
        _rig.Configuration = _rig.Configuration with { MassRejectionShare = 0.5 };
        var summary = await _rig.RunAsync();
        Assert.Null(summary.Error);
        Assert.Equal((60, 940, 10), (summary.DeadLetters, summary.Uploaded, summary.ExitCode));
    }

    [Fact]
    public async Task An_operation_that_is_switched_off_concerns_only_the_runs_that_map_to_it()
    {
        _rig.InsertRuns(12);
        var other = _rig.Insert(_rig.Local.AddHours(-2));
        _rig.Direct.Execute("UPDATE IndexData SET ProductName = 'Q' WHERE Index_GUID = @id",
            new { id = other.ToString("D").ToUpperInvariant() });
        _rig.Site = _rig.Site with
        {
            Mapping = _rig.Site.Mapping with
            {
                Operations = [new OperationRule { Product = "Q", ProcessCode = 4711 },
                new OperationRule { Product = "never", ProcessCode = 4712 }]
            },
        };
        var summary = await _rig.RunAsync();
        Assert.Equal((12, 1, 10), (summary.Uploaded, summary.DeadLetters, summary.ExitCode));
        var letter = Assert.Single(await _rig.Letters.ReadAsync().ToListAsync());
        Assert.Equal((other, DeadLetterStage.Mapping), (letter.RunId, letter.Stage));
        Assert.Contains("4711", Assert.Single(letter.Findings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_folder_that_is_removed_in_the_middle_of_a_sync_is_an_error_and_loses_nothing()
    {
        if (OperatingSystem.IsWindows()) return;   // what is open cannot be removed there
        for (var i = 0; i < 400; i++) _rig.Insert(_rig.Local.AddHours(-20).AddMinutes(i), serial: i % 4 == 0 ? " " : null);
        var request = new SyncRequest { InitialSince = DateTimeOffset.UnixEpoch };
        var receipts = 0;
        var summary = await new SiteSync(_rig.Parts(request), request)
        {
            OnReceipt = _ =>
            {
                if (++receipts == 50) Directory.Delete(_rig.State, recursive: true);
                return Task.CompletedTask;
            },
        }.RunAsync(CancellationToken.None);
        Assert.Equal((SyncResult.Failed, 40), (summary.Result, summary.ExitCode));
        Assert.Contains("removed", summary.Error!.Message, StringComparison.Ordinal);
        Assert.Null((await _rig.RunAsync()).Error);
        Assert.Equal(100, _rig.Letters.Count());
        await _rig.AssertCompleteAsync();
    }

    [Fact]
    public async Task A_deleted_ledger_is_rebuilt_without_a_second_upload_of_unchanged_runs()
    {
        _rig.InsertRuns(60, daysAgo: 3);
        await WorkAsync(2);
        _rig.Time.Advance(TimeSpan.FromMinutes(2));
        await _rig.RunAsync();
        var posts = _rig.Wats.Requests.Posts;
        Assert.Equal(70, posts);
        _rig.Execute("DELETE FROM Ledger");
        var summary = await _rig.RunAsync();
        Assert.Equal((70, posts, 0), (summary.AlreadyInWats, _rig.Wats.Requests.Posts, summary.ExitCode));
        Assert.Equal(70, SyncTestData.Rows(_rig.Watermarks).Count);
        Assert.Equal(0, (await _rig.RunAsync()).AlreadyInWats);
    }

    [Fact]
    public async Task A_database_that_was_lost_and_whose_position_was_restored_is_rebuilt_without_a_second_upload()
    {
        _rig.InsertRuns(60, daysAgo: 3);
        await WorkAsync(2);
        _rig.Time.Advance(TimeSpan.FromMinutes(2));
        await _rig.RunAsync();
        var (posts, position) = (_rig.Wats.Requests.Posts, _rig.Watermarks.Load()!.Position);
        foreach (var file in Directory.GetFiles(_rig.State, "state.db*")) File.Delete(file);
        Assert.Equal(ErrorKind.StateUnreadable, (await _rig.RunAsync()).Error!.Error);
        Assert.Equal(position, _rig.Watermarks.Restore(_rig.Watermarks.CopyPath, "the disk was changed").Position);
        var late = _rig.Insert(_rig.Local.AddDays(-2));
        await WorkAsync(1);
        Assert.NotNull(_rig.Wats.Store.Find(late));
        _rig.Time.Advance(TimeSpan.FromMinutes(2));
        await _rig.RunAsync();
        await _rig.AssertCompleteAsync();
        Assert.Equal(posts + 6, _rig.Wats.Requests.Posts);
    }
}
