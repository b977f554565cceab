using Dapper;
using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Sync;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Client;
using VteWats.Core.Wats.Sending;

namespace VteWats.Unit.Sync;

/// <content>What a person decided about one run holds in every path, and repair and replay keep the ledger as a sync does.</content>
public sealed partial class DistanceTests
{
    private Holds Held => new(new StateDatabase(_rig.State), "Oslo");

    private async Task<List<SyncDifference>> RepairedAsync()
    {
        using var client = WatsClient.Create(_rig.Configuration, _rig.Wats.Token);
        var found = new List<SyncDifference>();
        var comparer = new Comparer(_rig.Parts(new SyncRequest()), client)
        {
            Repair = true, Deep = true, OnDifference = difference =>
            {
                found.Add(difference);
                return Task.CompletedTask;
            },
        };
        await comparer.RunAsync(Now.AddDays(-1), null, CancellationToken.None);
        return found;
    }

    [Fact]
    public async Task A_run_that_a_person_holds_is_sent_by_no_sync_backfill_or_repair()
    {
        await WorkAsync(2);
        var held = _rig.Insert(_rig.Local.AddMinutes(-3));
        Held.Put(held, "me", "the station was broken", Now);
        await WorkAsync(5);
        await _rig.RunAsync(new SyncRequest { Force = true });
        await _rig.RunAsync(new SyncRequest { Backfill = new BackfillRange(Now.AddDays(-1), null, false) });
        _rig.Watermarks.Reset("start over");
        await _rig.RunAsync();
        var difference = Assert.Single(await RepairedAsync());
        Assert.Equal((held, false), (difference.RunId, difference.Repaired));
        Assert.Null(_rig.Wats.Store.Find(held));
        Assert.True(Held.Remove(held));
        await WorkAsync(1);
        Assert.NotNull(_rig.Wats.Store.Find(held));
    }

    [Fact]
    public async Task A_run_that_is_held_is_told_as_held_by_a_comparison_and_is_no_difference_of_the_weekly_one()
    {
        await using var rig = await SyncRig.StartAsync(Now);
        rig.Site = rig.Site with { Unfinished = new UnfinishedOptions { WithoutSteps = true } };
        rig.InsertRuns(5);
        await rig.RunAsync();
        using var client = WatsClient.Create(rig.Configuration, rig.Wats.Token);
        Assert.Null(await new WeeklyComparison(rig.Parts(new SyncRequest()), client).RunIfDueAsync(CancellationToken.None));
        rig.Time.Advance(TimeSpan.FromDays(8));
        var holds = new Holds(new StateDatabase(rig.State), "Oslo");
        var (byPerson, notFinished) = (rig.Insert(rig.Local.AddMinutes(-5)), rig.Insert(rig.Local.AddMinutes(-5), steps: 0));
        holds.Put(byPerson, "me", "the station was broken", Now);
        Assert.Equal(2, (await rig.RunAsync()).Held);
        var held = new Dictionary<Guid, SyncDifference>();
        foreach (var repair in (bool[])[false, true])
        {
            var comparer = new Comparer(rig.Parts(new SyncRequest()), client)
            {
                Repair = repair, Deep = true, OnDifference = difference =>
                {
                    held[difference.RunId] = difference;
                    return Task.CompletedTask;
                },
            };
            var result = await comparer.RunAsync(Now.AddDays(-2), null, CancellationToken.None);
            Assert.Equal((7, 0, 2, 0, true), (result.Runs, result.Missing, result.Held, result.Repaired, result.IsEqual));
        }
        Assert.Equal((SyncDifferenceKind.Held, "the station was broken"), (held[byPerson].Kind, held[byPerson].HeldBecause));
        Assert.Equal(SyncDifferenceKind.Held, held[notFinished].Kind);
        Assert.Contains("no steps", held[notFinished].HeldBecause, StringComparison.Ordinal);
        var weekly = await new WeeklyComparison(rig.Parts(new SyncRequest()), client).RunIfDueAsync(CancellationToken.None);
        Assert.Equal((2, true), (weekly?.Held, weekly?.IsEqual));
        // A hold of a sync that has not looked for longer than it holds is none.
        rig.Time.Advance(TimeSpan.FromHours(rig.Sync.UnfinishedHours + 1));
        var later = await new Comparer(rig.Parts(new SyncRequest()), client).RunAsync(Now.AddDays(-2), null, CancellationToken.None);
        Assert.Equal((1, 1, false), (later.Missing, later.Held, later.IsEqual));
    }

    [Fact]
    public async Task A_run_that_a_person_put_aside_as_a_letter_is_sent_by_no_sync_backfill_or_repair_until_it_changes()
    {
        await WorkAsync(2);
        var aside = _rig.Insert(_rig.Local.AddMinutes(-3), steps: 1);
        await PutAsideAsync(aside);
        await WorkAsync(3);
        await _rig.RunAsync(new SyncRequest { Force = true });
        await _rig.RunAsync(new SyncRequest { Backfill = new BackfillRange(Now.AddDays(-1), null, false) });
        _rig.Watermarks.Reset("start over");
        await _rig.RunAsync();
        _rig.Time.Advance(TimeSpan.FromHours(30));
        await _rig.RunAsync();
        Assert.False(Assert.Single(await RepairedAsync()).Repaired);
        Assert.Null(_rig.Wats.Store.Find(aside));
        Assert.Equal((1, DeadLetterStage.Manual), (_rig.Letters.Count(), (await _rig.Letters.FindAsync(aside))!.Stage));
        _rig.AddSteps(aside, 3);
        _rig.Time.Advance(TimeSpan.FromHours(30));
        await _rig.RunAsync();
        Assert.NotNull(_rig.Wats.Store.Find(aside));
        Assert.Equal(0, _rig.Letters.Count());
    }

    [Fact]
    public async Task A_run_that_a_repair_sent_is_in_the_ledger_and_is_asked_for_until_it_is_seen()
    {
        await WorkAsync(2);
        var lost = _rig.Wats.Store.Reports[1].Id;
        Assert.True(_rig.Wats.Store.Remove(lost));
        _rig.Time.Advance(TimeSpan.FromMinutes(15));
        await WorkAsync(2);
        Assert.True(Assert.Single(await RepairedAsync()).Repaired);
        Assert.Equal(LedgerState.Sent, SyncTestData.Rows(_rig.Watermarks)[lost].State);
        _rig.Time.Advance(TimeSpan.FromMinutes(15));
        await WorkAsync(1);
        Assert.Equal(LedgerState.Confirmed, SyncTestData.Rows(_rig.Watermarks)[lost].State);
    }

    [Fact]
    public async Task A_run_whose_letter_was_sent_is_asked_for_until_it_is_seen()
    {
        var run = _rig.Insert(_rig.Local.AddMinutes(-5), serial: "REFUSE");
        _rig.Wats.Faults.Add(new WatsSandbox.SandboxFault { Kind = WatsSandbox.FaultKind.Refuse, SerialNumber = "REFUSE" });
        await _rig.RunAsync();
        _rig.Wats.Faults.Clear();
        await ReplayAsync(run);
        Assert.Equal((0, LedgerState.Sent), (_rig.Letters.Count(), SyncTestData.Rows(_rig.Watermarks)[run].State));
        _rig.Time.Advance(TimeSpan.FromMinutes(15));
        await WorkAsync(1);
        Assert.Equal(LedgerState.Confirmed, SyncTestData.Rows(_rig.Watermarks)[run].State);
    }

    [Fact]
    public async Task The_letter_of_a_run_that_a_person_holds_is_not_sent_and_says_why()
    {
        var run = _rig.Insert(_rig.Local.AddMinutes(-5), serial: "REFUSE");
        _rig.Wats.Faults.Add(new WatsSandbox.SandboxFault { Kind = WatsSandbox.FaultKind.Refuse, SerialNumber = "REFUSE" });
        await _rig.RunAsync();
        _rig.Wats.Faults.Clear();
        Held.Put(run, "me", "the unit is being looked for", Now);
        var problem = Assert.Single(await ReplayAsync(run));
        Assert.Contains("the unit is being looked for", problem.Message, StringComparison.Ordinal);
        Assert.Null(_rig.Wats.Store.Find(run));
        Assert.Equal(1, _rig.Letters.Count());
    }

    [Fact]
    public async Task A_letter_of_a_report_that_was_never_seen_is_sent_from_the_source_only_and_says_so()
    {
        _rig.Wats.Faults.HideFor = TimeSpan.FromDays(1000);
        var run = _rig.Insert(_rig.Local.AddMinutes(-5));
        await _rig.RunAsync();
        _rig.Time.Advance(TimeSpan.FromHours(25));
        Assert.Equal(1, (await _rig.RunAsync()).DeadLetters);
        Assert.Contains("-FromSource", Assert.Single(await ReplayAsync(run)).Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_that_ends_every_sync_is_got_past_when_a_person_holds_it_or_puts_it_aside(bool holds)
    {
        await WorkAsync(2);
        var bad = _rig.Insert(_rig.Local.AddMinutes(-2), serial: "BAD");
        _rig.Wats.Faults.Add(new WatsSandbox.SandboxFault { Kind = WatsSandbox.FaultKind.Status, Status = 404, SerialNumber = "BAD" });
        var failed = await _rig.RunAsync();
        Assert.Equal(31, failed.ExitCode);
        Assert.Contains(bad.ToString(), failed.Error!.Message, StringComparison.OrdinalIgnoreCase);
        if (holds) Held.Put(bad, "me", "the proxy does not like it", Now);
        else await PutAsideAsync(bad);
        await WorkAsync(3);
        _rig.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(0, (await _rig.RunAsync()).ExitCode);
        Assert.Null(_rig.Wats.Store.Find(bad));
        Assert.Equal(25, _rig.Wats.Store.Count);
        Assert.Equal(holds ? 0 : 1, _rig.Letters.Count());
    }

    private async Task PutAsideAsync(Guid id)
    {
        await using var source = await _rig.OpenAsync();
        using var lease = SyncLease.Acquire(_rig.State, "Oslo", time: _rig.Time);
        var run = await source.ReadAsync(new TestRunQuery { Ids = [id] }, CancellationToken.None).SingleAsync();
        await new LettersByHand(_rig.State, "Oslo", _rig.Sync.DeadLetterLimits(), lease, _rig.Time)
            .AddAsync(run, "a unit of the apprentices");
    }

    private async Task<List<VteWatsException>> ReplayAsync(Guid run)
    {
        var problems = new List<VteWatsException>();
        using var client = WatsClient.Create(_rig.Configuration, _rig.Wats.Token);
        var replay = new DeadLetterReplay("Oslo", _rig.Letters)
        {
            Mapping = new RunMapping(new ReportMapper(_rig.Site.Mapping, "Oslo"), _rig.Letters),
            Held = Held,
            OnProblem = problem =>
            {
                problems.Add(problem);
                return Task.CompletedTask;
            },
        };
        await new WatsSender(client, replay.Sending(new SendOptions())).SendAsync(replay.ReportsAsync([run], CancellationToken.None),
            CancellationToken.None).ToListAsync();
        return problems;
    }
}
