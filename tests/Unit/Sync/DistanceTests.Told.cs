using Dapper;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Client;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Sync;

/// <content>What the summary tells, and what is held until it is finished.</content>
public sealed partial class DistanceTests
{
    [Fact]
    public async Task The_census_never_looks_before_the_begin_of_the_site_not_even_in_its_first_hour()
    {
        var before = _rig.Insert(_rig.Local.AddDays(-2).AddMinutes(5));
        var after = _rig.Insert(_rig.Local.AddDays(-2).AddMinutes(35));
        var request = new SyncRequest { InitialSince = Now.AddDays(-2).AddMinutes(20) };
        await _rig.RunAsync(request);
        _rig.Insert(_rig.Local.AddMinutes(-2));
        await _rig.RunAsync(request);
        _rig.Time.Advance(TimeSpan.FromDays(8));
        Assert.Equal(0, (await _rig.RunAsync(request)).Late);
        Assert.Null(_rig.Wats.Store.Find(before));
        Assert.NotNull(_rig.Wats.Store.Find(after));
    }

    [Fact]
    public async Task An_unfinished_run_is_counted_once_each_sync_and_sent_with_a_note_when_it_stays_unfinished()
    {
        _rig.Site = _rig.Site with { Unfinished = new UnfinishedOptions { WithoutSteps = true } };
        await WorkAsync(1);
        var (soon, never) = (_rig.Insert(_rig.Local.AddMinutes(-1), steps: 0), _rig.Insert(_rig.Local.AddMinutes(-1), steps: 0));
        foreach (var summary in await WorkAsync(4)) Assert.Equal(2, summary.Held);
        _rig.AddSteps(soon, 4);
        Assert.Equal(1, Assert.Single(await WorkAsync(1)).Held);
        Assert.NotNull(_rig.Wats.Store.Find(soon));
        Assert.Null(_rig.Wats.Store.Find(never));
        _rig.Time.Advance(TimeSpan.FromMinutes(2));
        await _rig.RunAsync();
        _rig.Time.Advance(TimeSpan.FromHours(25));
        var sent = new List<WatsReport>();
        var last = await _rig.RunAsync(change: services => services with { Send = (reports, ct) => services.Send(Seen(reports), ct) });
        Assert.Equal((0, 1), (last.Held, last.Uploaded));
        var note = Assert.Single(Assert.Single(sent).Notes, note => note.Rule == Core.Mapping.NoteRules.Unfinished);
        Assert.Contains("no steps yet", note.Message, StringComparison.Ordinal);

        async IAsyncEnumerable<WatsReport> Seen(IAsyncEnumerable<WatsReport> reports)
        {
            await foreach (var report in reports)
            {
                sent.Add(report);
                yield return report;
            }
        }
    }

    [Fact]
    public async Task The_summary_counts_the_suspects()
    {
        _rig.InsertRuns(60);
        _rig.Insert(_rig.Local.AddHours(-2), serial: "FAT");
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 404, SerialNumber = "FAT" });
        var summary = await _rig.RunAsync();
        Assert.Equal((60, 1, 1, 10), (summary.Uploaded, summary.DeadLetters, summary.Suspects, summary.ExitCode));
    }

    [Fact]
    public async Task What_came_later_than_the_guard_band_is_warned_of_with_the_value_that_would_have_covered_it()
    {
        await WorkAsync(12);
        _rig.Insert(_rig.Local.AddMinutes(-45));
        var warning = Assert.Single(Assert.Single(await WorkAsync(1)).Warnings);
        Assert.Contains("1 late run", warning, StringComparison.Ordinal);
        Assert.Matches(@"guardBandMinutes.* (4[4-9]|5[0-2])\b", warning);
        Assert.Empty(Assert.Single(await WorkAsync(1)).Warnings);
    }

    [Fact]
    public async Task What_came_late_within_the_guard_band_is_no_warning()
    {
        await WorkAsync(2);
        _rig.Insert(_rig.Local.AddMinutes(-7));
        var summary = Assert.Single(await WorkAsync(1));
        Assert.Equal(1, summary.Late);
        Assert.Empty(summary.Warnings);
    }

    [Fact]
    public async Task Runs_ahead_a_clock_that_was_ahead_and_deleted_runs_are_each_warned_of()
    {
        await WorkAsync(8);
        _rig.Insert(_rig.Local.AddDays(3));
        Assert.Contains("ahead of the database's clock", Assert.Single(Assert.Single(await WorkAsync(1)).Warnings),
            StringComparison.Ordinal);
        _rig.Direct.Execute("DELETE FROM IndexData WHERE Timestamp > @at", new { at = SyncRig.Text(_rig.Local.AddDays(1)) });
        var gone = _rig.Wats.Store.Reports[2].Id.ToString("D").ToUpperInvariant();
        _rig.Direct.Execute("DELETE FROM IndexData WHERE Index_GUID = @gone", new { gone });
        Assert.Contains("no longer in VTE", Assert.Single(Assert.Single(await WorkAsync(1)).Warnings), StringComparison.Ordinal);
        _rig.Time.Advance(TimeSpan.FromHours(-2));
        Assert.Contains((await _rig.RunAsync()).Warnings,
            warning => warning.StartsWith("The clock of the database was", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_backlog_of_thousands_is_confirmed_at_once()
    {
        _rig.InsertRuns(3000, daysAgo: 4);
        Assert.Equal(3000, (await _rig.RunAsync()).Unconfirmed);
        _rig.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(0, (await _rig.RunAsync()).Unconfirmed);
    }

    [Fact]
    public async Task What_is_older_than_the_ledger_keeps_is_a_count_an_hour_once_it_is_confirmed_and_is_not_read_again()
    {
        await using var rig = await SyncRig.StartAsync(Now, new SyncOptions { LedgerDays = 20 });
        rig.InsertRuns(5, daysAgo: 30);
        rig.InsertRuns(5, daysAgo: 3);
        await rig.RunAsync();
        Assert.Equal(10, rig.Scalar("SELECT COUNT(*) FROM Ledger"));
        rig.Time.Advance(TimeSpan.FromHours(25));
        await rig.RunAsync();
        Assert.Equal((5, 5), (rig.Scalar("SELECT COUNT(*) FROM Ledger"), rig.Scalar("SELECT SUM(Runs) FROM LedgerHour")));
        rig.Time.Advance(TimeSpan.FromDays(8));
        var later = await rig.RunAsync();
        Assert.Equal((0, 0, 0, 0), (later.Late, later.Uploaded, later.AlreadyInWats, later.CensusDiffering));
    }

    [Fact]
    public async Task The_weekly_comparison_is_made_when_it_is_due_and_repairs_if_it_may()
    {
        await using var rig = await SyncRig.StartAsync(Now, new SyncOptions { CompareRepair = true });
        rig.InsertRuns(20);
        await rig.RunAsync();
        using var client = WatsClient.Create(rig.Configuration, rig.Wats.Token);
        Assert.Null(await CompareAsync());
        rig.Time.Advance(TimeSpan.FromDays(6));
        rig.Wats.Store.Remove(rig.Wats.Store.Reports[7].Id);
        Assert.Null(await CompareAsync());
        rig.Time.Advance(TimeSpan.FromDays(1.1));
        var result = (await CompareAsync())!;
        Assert.Equal((20, 1, 1, true), (result.Runs, result.Missing, result.Repaired, result.IsEqual));
        Assert.Null(await CompareAsync());

        Task<SyncComparison?> CompareAsync() =>
            new WeeklyComparison(rig.Parts(new SyncRequest()), client).RunIfDueAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Suspects_are_tried_again_after_1_4_and_24_hours_and_once_with_another_mapping_and_end_no_idle_sync()
    {
        _rig.InsertRuns(200);
        for (var i = 0; i < 8; i++) _rig.Insert(_rig.Local.AddHours(-20).AddMinutes(20 * i), serial: $"FAT{i}");
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 404, SerialNumber = "FAT*" });
        Assert.Equal(8, (await _rig.RunAsync()).Suspects);
        foreach (var (hours, tried) in ((double, int)[])[(0.9, 0), (0.2, 8), (2.7, 0), (0.3, 8), (19, 0), (1, 8), (30, 0), (800, 0)])
        {
            _rig.Time.Advance(TimeSpan.FromHours(hours));
            var summary = await _rig.RunAsync();
            Assert.True(summary.Error is null, $"{hours}: {summary.Error}");
            Assert.Equal((hours, tried), (hours, summary.Suspects));
        }
        _rig.Site = _rig.Site with { Mapping = _rig.Site.Mapping with { Location = "Bergen" } };
        Assert.Equal(8, (await _rig.RunAsync()).Suspects);
        Assert.Equal(0, (await _rig.RunAsync()).Suspects);
        _rig.Wats.Faults.Clear();
        _rig.Site = _rig.Site with { Mapping = _rig.Site.Mapping with { Location = "Trondheim" } };
        Assert.Equal(8, (await _rig.RunAsync()).Uploaded);
        Assert.Equal(0, _rig.Letters.Count());
    }

    [Fact]
    public async Task The_suspects_of_all_sendings_of_one_repair_count_together()
    {
        await using var rig = await SyncRig.StartAsync(Now);
        var bad = 0;
        for (var i = 0; i < 510; i++)
        {
            var isBad = i < 500 ? i % 22 == 21 : i % 2 == 1;
            if (isBad) bad++;
            rig.Insert(rig.Local.AddHours(-20).AddMinutes(i), serial: isBad ? $"BAD{i}" : null);
        }
        Assert.Equal(27, bad);
        rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 404, SerialNumber = "BAD*" });
        using var client = WatsClient.Create(rig.Configuration, rig.Wats.Token);
        var comparer = new Comparer(rig.Parts(new SyncRequest()), client) { Repair = true };
        // It sends 500 at once, and then 10. Of the 500 one in twenty at most fails, of the 10 no more than five; together it is the
        // server.
        var error = await Assert.ThrowsAsync<VteWatsException>(() =>
            comparer.RunAsync(Now.AddDays(-2), null, CancellationToken.None));
        Assert.Contains("of 5", error.Message, StringComparison.Ordinal);
        Assert.InRange(rig.Letters.Count(), 22, 26);
    }
}
