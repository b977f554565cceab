using System.Text;
using Dapper;
using VteWats.Core.Mapping;
using VteWats.Core.Sync;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Sync;

/// <summary>After a change of the mapping exactly the runs that come out different are sent again, and none of them twice.</summary>
public sealed class RemappedTests : IAsyncLifetime
{
    private const int Runs = 40;
    private static readonly DateTimeOffset Now = new(2024, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly SyncRequest Remapped = new() { Remapped = true };
    private SyncRig _rig = null!;

    public async Task InitializeAsync() => _rig = await SyncRig.StartAsync(Now, new SyncOptions { BatchSize = 5 });

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Exactly_the_runs_that_come_out_different_are_sent_and_the_others_get_the_new_fingerprint()
    {
        var changed = await SentThenRemappedAsync();
        Assert.Equal(0, (await _rig.RunAsync()).Uploaded);

        var dry = await _rig.RunAsync(Remapped with { DryRun = true });
        Assert.Equal((Runs / 2, Runs / 2, 0), (dry.WouldUpload, dry.Unaffected, dry.Uploaded));
        Assert.Equal(Runs, UnderOther());

        var watermark = _rig.Watermarks.Load()!;
        var summary = await _rig.RunAsync(Remapped);
        Assert.Equal((0, Runs, Runs / 2, Runs / 2, Runs / 2),
            (summary.ExitCode, summary.Read, summary.Uploaded, summary.Remapped, summary.Unaffected));
        Assert.All(_rig.Wats.Store.Reports, report => Assert.Equal(changed.Contains(report.Id) ? 2 : 1, report.ReceiveCount));
        Assert.Equal(0, UnderOther());
        var after = _rig.Watermarks.Load()!;
        Assert.Equal((watermark.Position, watermark.Generation, watermark.History.Count),
            (after.Position, after.Generation, after.History.Count));
        await AssertAsTodayAsync();

        var again = await _rig.RunAsync(Remapped);
        Assert.Equal((0, 0, 0), (again.ExitCode, again.Read, again.Uploaded));
    }

    [Fact]
    public async Task Ended_by_the_server_in_the_middle_it_goes_on_and_sends_none_twice()
    {
        var changed = await SentThenRemappedAsync();
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503, Report = _ => SentAgain() >= 8 });
        Assert.Equal(31, (await _rig.RunAsync(Remapped)).ExitCode);
        _rig.Wats.Faults.Clear();
        var sent = SentAgain();
        Assert.InRange(sent, 8, Runs / 2 - 1);
        var rest = await _rig.RunAsync(Remapped);
        // What was in doubt is the next live sync's, which asks before anything else.
        var live = await _rig.RunAsync();
        Assert.Equal((0, 0), (rest.ExitCode, live.ExitCode));
        Assert.All(_rig.Wats.Store.Reports, report => Assert.Equal(changed.Contains(report.Id) ? 2 : 1, report.ReceiveCount));
        await AssertAsTodayAsync();
    }

    [Fact]
    public async Task Stopped_in_the_middle_it_keeps_what_was_sent_and_goes_on()
    {
        var changed = await SentThenRemappedAsync(10 * Runs);
        using var stop = new CancellationTokenSource();
        _rig.Wats.Faults.Add(new SandboxFault
        {
            Kind = FaultKind.Latency, DelayMilliseconds = 20, Path = "WSJF", Report = _ =>
            {
                if (SentAgain() >= 6) stop.Cancel();
                return true;
            },
        });
        Assert.Equal(130, (await _rig.RunAsync(Remapped, stop: stop.Token)).ExitCode);
        Assert.InRange(SentAgain(), 1, 5 * Runs - 1);
        _rig.Wats.Faults.Clear();
        await _rig.RunAsync(Remapped);
        await _rig.RunAsync();
        Assert.All(_rig.Wats.Store.Reports, report => Assert.Equal(changed.Contains(report.Id) ? 2 : 1, report.ReceiveCount));
        await AssertAsTodayAsync();
    }

    [Fact]
    public async Task A_later_twin_follows_an_earlier_one_that_is_sent_in_order()
    {
        var at = _rig.Local.AddDays(-1);
        var twins = Enumerable.Range(1, 3).Select(n => _rig.Insert(at, serial: "TWIN", id: new Guid(n, 0, 0, new byte[8]))).ToList();
        _rig.Direct.Execute("UPDATE IndexData SET Info1 = 'F7' WHERE Index_GUID = @id", new { id = Key(twins[1]) });
        await _rig.RunAsync();
        _rig.Site = _rig.Site with { Mapping = _rig.Site.Mapping with { FixtureId = "{Info1}" } };
        var summary = await _rig.RunAsync(Remapped);
        Assert.Equal((2, 1), (summary.Uploaded, summary.Unaffected));
        Assert.Equal([1, 2, 2], twins.Select(twin => _rig.Wats.Store.Find(twin)!.ReceiveCount));
        await AssertAsTodayAsync();
    }

    [Fact]
    public async Task A_run_of_a_mapping_that_nobody_knows_any_more_is_sent_and_one_that_was_never_sent_from_here_is_not()
    {
        await SentThenRemappedAsync();
        // As an older release left it.
        _rig.Execute("DELETE FROM Mapping");
        Assert.Equal((Runs, 0), await CountsAsync());
        // Whatever WATS had already was made by nobody knows which mapping.
        _rig.Execute("UPDATE Ledger SET Mapping = 0");
        _rig.Site = _rig.Site with { Mapping = _rig.Site.Mapping with { Purpose = "Repair" } };
        Assert.Equal((0, 0), await CountsAsync());
    }

    [Fact]
    public async Task What_was_found_in_wats_meanwhile_still_counts_as_sent_under_the_mapping_that_made_it()
    {
        await SentThenRemappedAsync();
        _rig.Watermarks.Reset("a test");
        Assert.Equal(Runs, (await _rig.RunAsync()).AlreadyInWats);
        Assert.Equal((Runs / 2, Runs / 2), await CountsAsync());
    }

    [Fact]
    public async Task A_run_that_no_report_can_be_made_of_any_more_becomes_a_letter_and_what_wats_has_stays()
    {
        var changed = await SentThenRemappedAsync();
        _rig.Site = _rig.Site with
        {
            Mapping = _rig.Site.Mapping with { DefaultProcessCode = null, Operations = [new() { Product = "P", ProcessCode = 10 }] },
        };
        var summary = await _rig.RunAsync(Remapped);
        Assert.Equal((10, Runs / 2, 0), (summary.ExitCode, summary.DeadLetters, summary.Uploaded));
        Assert.All(changed, run => Assert.True(_rig.Letters.Has(run) && _rig.Wats.Store.Find(run)!.ReceiveCount == 1));
        Assert.Equal(0, (await _rig.RunAsync(Remapped)).Read);
    }

    [Fact]
    public async Task A_held_run_stays_held_and_another_mapping_at_work_is_turned_away()
    {
        var changed = await SentThenRemappedAsync();
        var held = changed.First();
        new Holds(new StateDatabase(_rig.State), _rig.Site.Name).Put(held, "a test", "looked at", Now);
        using (SyncLease.Acquire(_rig.State, _rig.Site.Name, Remapped.Purpose)) Assert.Equal(20, (await _rig.RunAsync(Remapped)).ExitCode);
        Assert.Equal(Runs / 2 - 1, (await _rig.RunAsync(Remapped)).Uploaded);
        Assert.Equal(1, _rig.Wats.Store.Find(held)!.ReceiveCount);
    }

    // Two products were sent; the second one has another operation now. Its runs are given back.
    private async Task<HashSet<Guid>> SentThenRemappedAsync(int count = Runs)
    {
        var start = _rig.Local.AddDays(-2);
        var runs = Enumerable.Range(0, count).Select(i => _rig.Insert(start.AddMinutes(i))).ToList();
        var changed = runs.Where((_, i) => i % 2 == 1).ToHashSet();
        foreach (var run in changed)
            _rig.Direct.Execute("UPDATE IndexData SET ProductName = 'Q' WHERE Index_GUID = @id", new { id = Key(run) });
        Assert.Equal(count, (await _rig.RunAsync()).Uploaded);
        _rig.Site = _rig.Site with { Mapping = _rig.Site.Mapping with { Operations = [new() { Product = "Q", ProcessCode = 50 }] } };
        return changed;
    }

    private async Task<(long Uploaded, long Unaffected)> CountsAsync()
    {
        var summary = await _rig.RunAsync(Remapped);
        Assert.Equal(0, summary.ExitCode);
        return (summary.Uploaded, summary.Unaffected);
    }

    private int SentAgain() => _rig.Wats.Store.Reports.Count(report => report.ReceiveCount > 1);

    private long UnderOther() => _rig.Scalar("SELECT COUNT(*) FROM Ledger WHERE Mapping <> @now",
        new { now = _rig.Site.Mapping.Fingerprint() });

    // Every report is what today's mapping makes of the run, but for the fingerprint of those that come out the same.
    private async Task AssertAsTodayAsync()
    {
        foreach (var (id, report) in await _rig.ExpectedAsync())
        {
            var there = Wsjf.Parse(_rig.Wats.Store.Find(id)!.Body!);
            Assert.True(ReportSameness.AreSame(Wsjf.Parse(report), there), Encoding.UTF8.GetString(_rig.Wats.Store.Find(id)!.Body!));
        }
    }

    private static string Key(Guid id) => id.ToString("D").ToUpperInvariant();
}
