using VteWats.Core.Diagnostics;
using VteWats.Core.Operating;
using VteWats.Core.Sync;
using VteWats.Core.Sync.State;
using VteWats.Unit.Sync;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Operating;

/// <summary>A site is judged by what moves.</summary>
public sealed class HealthTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2024, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly SiteStatus Well = new()
    {
        Site = "Oslo", Result = "Completed", ExitCode = 0, LastAttempt = Now, LastBeat = Now, LastEnd = Now, LastSuccess = Now,
        LastProgress = Now, IntervalMinutes = 5, LetterCapacity = 100, LettersBeforeAt = Now.AddHours(-1), SourceConnected = true,
    };

    private SyncRig _rig = null!;

    public async Task InitializeAsync() => _rig = await SyncRig.StartAsync(Now, new SyncOptions { BatchSize = 10 });

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    private static SiteHealth Evaluate(SiteStatus status, HealthMeasure? measure = null) =>
        new HealthEvaluator("state", measure ?? new HealthMeasure()).Evaluate(status, Now);

    [Fact]
    public void A_site_whose_last_sync_went_well_is_healthy() =>
        Assert.Equal((HealthState.Healthy, 0), (Evaluate(Well).State, Evaluate(Well)
        .Reasons.Count));

    [Fact]
    public async Task A_dead_server_is_degraded_at_first_unhealthy_after_an_hour_whatever_runs_and_healthy_again_with_the_first_sync()
    {
        Assert.Equal(["NeverSynced"], _rig.Health().Conditions());
        _rig.InsertRuns(5);
        await _rig.RecordAsync();
        Assert.Empty(_rig.Health().Reasons);
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503 });
        _rig.Time.Advance(TimeSpan.FromMinutes(10));
        _rig.Insert(_rig.Local.AddMinutes(-2));
        await _rig.RecordAsync();
        Assert.Equal((HealthState.Degraded, "SyncFails"), (_rig.Health().State, _rig.Health().Conditions().Single()));
        for (var i = 0; i < 5; i++)
        {
            _rig.Time.Advance(TimeSpan.FromMinutes(14));
            await _rig.RecordAsync();
        }
        Assert.Equal(HealthState.Unhealthy, _rig.Health().State);
        Assert.Equal(["Lag", "NoProgress", "SyncFails"], _rig.Health().Conditions().Order());
        _rig.Wats.Faults.Clear();
        await _rig.RecordAsync();
        Assert.Empty(_rig.Health().Reasons);
    }

    [Fact]
    public async Task A_sync_that_reads_nothing_while_the_source_moved_is_noticed()
    {
        _rig.InsertRuns(5);
        await _rig.RecordAsync();
        _rig.Time.Advance(TimeSpan.FromMinutes(10));
        _rig.Insert(_rig.Local.AddMinutes(-2));
        Func<SyncServices, SyncServices> blind = parts => parts with { OpenSource = async ct => new BlindSource(await _rig.OpenAsync(ct)) };
        var (summary, status, _) = await _rig.RecordAsync(blind);
        Assert.Equal((0, 0L, 1L), (summary.ExitCode, summary.Read, status.Waiting));
        Assert.Equal(["ReadNothing"], _rig.Health().Conditions());
        for (var i = 0; i < 5; i++)
        {
            _rig.Time.Advance(TimeSpan.FromMinutes(14));
            await _rig.RecordAsync(blind);
        }
        Assert.Equal(["NoProgress", "ReadNothing"], _rig.Health().Conditions().Where(c => c != "Lag"));
        Assert.Equal(HealthState.Unhealthy, _rig.Health().State);
    }

    [Fact]
    public async Task Nothing_to_do_is_no_standstill()
    {
        _rig.InsertRuns(5);
        await _rig.RecordAsync();
        _rig.Time.Advance(TimeSpan.FromDays(3));
        await _rig.RecordAsync();
        Assert.DoesNotContain("NoProgress", _rig.Health().Conditions());
    }

    [Fact]
    public async Task A_state_that_is_damaged_is_a_reason_and_says_what_to_do()
    {
        await _rig.RecordAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(_rig.State, "state.db*")) File.WriteAllText(file, new string('x', 8192));
        var reason = Assert.Single(_rig.Health().Reasons);
        Assert.Equal(("State", HealthState.Unhealthy), (reason.Condition, reason.State));
        Assert.Contains("Test-VteWatsState", reason.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Silence_of_the_sync_is_unhealthy_and_a_sync_that_waits_for_hours_too()
    {
        var silent = Well with { LastBeat = Now.AddMinutes(-16), LastAttempt = Now.AddMinutes(-16) };
        Assert.Equal(["NoHeartbeat"], Evaluate(silent).Conditions());
        Assert.Empty(Evaluate(silent with { IntervalMinutes = 30 }).Reasons);
        var hanging = Well with
        {
            Result = "Running",
            Stages = [new("Source", Now.AddHours(-2), Now.AddHours(-2), null), new("Send", Now.AddHours(-2), Now.AddHours(-3), "WATS")],
        };
        var reason = Assert.Single(Evaluate(hanging).Reasons);
        Assert.Equal(("StageSilent", HealthState.Unhealthy), (reason.Condition, reason.State));
        Assert.Contains("Send", reason.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2024-07-01", null)]
    [InlineData("2024-05-30", HealthState.Degraded)]
    [InlineData("2024-05-10", HealthState.Unhealthy)]
    [InlineData("2024-05-01", HealthState.Unhealthy)]
    public void A_token_that_runs_out_is_told_thirty_days_and_seven_days_before(string day, HealthState? state)
    {
        var reason = Evaluate(Well, new HealthMeasure { TokenExpires = day }).Reasons.SingleOrDefault();
        Assert.Equal((state, state is null ? null : "TokenExpires"), (reason?.State, reason?.Condition));
    }

    [Fact]
    public void Letters_confirmation_clocks_disk_and_comparison_are_looked_at()
    {
        Assert.Equal(["LettersGrow"], Evaluate(Well with { Letters = 3, LettersBefore = 2 }).Conditions());
        Assert.Empty(Evaluate(Well with { Letters = 3, LettersBefore = 3 }).Reasons);
        Assert.Equal(HealthState.Degraded, Evaluate(Well with { Letters = 80, LettersBefore = 80 }).State);
        Assert.Equal(HealthState.Unhealthy, Evaluate(Well with { Letters = 100, LettersBefore = 100 }).State);
        Assert.Equal(["Unconfirmed"], Evaluate(Well with { UnconfirmedForADay = 1 }).Conditions());
        Assert.Equal(["Clock"], Evaluate(Well with { ClockDifference = TimeSpan.FromMinutes(-5) }).Conditions());
        Assert.Equal(["Lag"], Evaluate(Well with { Lag = TimeSpan.FromHours(2) }).Conditions());
        Assert.Equal(["Disk"], Evaluate(Well, new HealthMeasure { FreeBytes = 300_000_000 }).Conditions());
        Assert.Equal(HealthState.Unhealthy, Evaluate(Well, new HealthMeasure { FreeBytes = 1000 }).State);
        Assert.Equal(["ComparisonDiffers"],
            Evaluate(Well with { Comparison = new ComparisonStatus { At = Now, Missing = 1 } }).Conditions());
        Assert.Equal(["ComparisonOverdue"],
            Evaluate(Well with { Comparison = new ComparisonStatus { At = Now.AddDays(-15), IsEqual = true } }).Conditions());
    }

    [Fact]
    public void A_suspended_site_is_degraded_and_nothing_of_its_standstill_counts()
    {
        var status = Well with { LastBeat = Now.AddDays(-2), Suspended = new SitePause("Oslo", Now.AddDays(-2), "somebody", "moves") };
        Assert.Equal(["Suspended"], Evaluate(status).Conditions());
        Assert.Contains("moves", Evaluate(status).Reasons[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_comparison_by_hand_takes_the_place_of_the_last_one_when_it_covers_as_much()
    {
        await _rig.RecordAsync();
        var weekly = new SyncComparison
        {
            Site = _rig.Site.Name, Since = Now.AddDays(-14), Started = Now, Missing = 2, Source = "", Target = "", Version = "",
        };
        Assert.Null(ComparisonRecord.Keep(_rig.State, weekly));
        Assert.Equal(["ComparisonDiffers"], _rig.Health().Conditions());
        Assert.Null(ComparisonRecord.Keep(_rig.State, weekly with { Since = Now.AddDays(-1), Missing = 0 }, byHand: true));
        Assert.Equal(["ComparisonDiffers"], _rig.Health().Conditions());
        Assert.Null(ComparisonRecord.Keep(_rig.State, weekly with { Repaired = 2 }, byHand: true));
        Assert.Empty(_rig.Health().Reasons);
    }
}
