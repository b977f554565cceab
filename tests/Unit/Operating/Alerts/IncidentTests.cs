using System.Text.RegularExpressions;
using VteWats.Core.Operating;
using VteWats.Core.Operating.Alerts;
using VteWats.Unit.Support;
using VteWats.Unit.Sync;
using static VteWats.Unit.Operating.Alerts.AlertRig;

namespace VteWats.Unit.Operating.Alerts;

/// <summary>What is told of what is wrong, when, and how often.</summary>
public sealed class IncidentTests : IAsyncLifetime
{
    private AlertRig _rig = null!;

    /// <summary>Every condition that the page says has an alert.</summary>
    public static TheoryData<string> Conditions =>
    [
        .. Regex.Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "operating.md")),
            @"^\| `(\w+)` \|.*\| `VteWats\w+` \|\r?$", RegexOptions.Multiline).Select(match => match.Groups[1].Value),
    ];

    public Task InitializeAsync()
    {
        _rig = AlertRig.Start();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    private IEnumerable<(AlertKind, string, int)> Told => _rig.Told.Select(told => (told.Kind, told.Condition, told.Sites.Count));

    [Theory]
    [MemberData(nameof(Conditions))]
    public async Task Each_condition_is_told_once_reminded_of_once_a_day_and_resolved_once(string condition)
    {
        await _rig.RoundAsync(0, Site("Oslo", condition));
        Assert.Empty(Told);
        for (var i = 0; i < 5; i++) await _rig.RoundAsync(5, Site("Oslo", condition));
        Assert.Equal([(AlertKind.Alert, condition, 1)], Told);
        for (var i = 0; i < 30; i++) await _rig.RoundAsync(60, Site("Oslo", condition));
        Assert.Equal([(AlertKind.Alert, condition, 1), (AlertKind.Reminder, condition, 1)], Told);
        for (var i = 0; i < 5; i++) await _rig.RoundAsync(5, Site("Oslo"));
        Assert.Equal([(AlertKind.Alert, condition, 1), (AlertKind.Reminder, condition, 1), (AlertKind.Resolved, condition, 1)], Told);
        Assert.Empty(_rig.Incidents());
        var kept = Assert.Single(_rig.Incidents(all: true));
        Assert.True(kept.OpenedAt < kept.ToldAt && kept.ToldAt < kept.RemindedAt && kept.RemindedAt < kept.ResolvedAt);
    }

    [Fact]
    public void The_page_lists_the_conditions_that_were_tried() => Assert.True(Conditions.Count > 10);

    [Fact]
    public async Task What_passes_by_itself_within_the_wait_is_told_to_nobody_and_kept()
    {
        await _rig.RoundAsync(0, Site("Oslo", "SyncFails"));
        await _rig.RoundAsync(4, Site("Oslo"));
        await _rig.RoundAsync(30, Site("Oslo"));
        Assert.Empty(Told);
        Assert.NotNull(Assert.Single(_rig.Incidents(all: true)).ResolvedAt);
    }

    [Fact]
    public async Task A_dead_server_with_forty_sites_is_one_message_that_names_them_all_and_one_when_it_is_back()
    {
        for (var i = 0; i < 20; i++) await _rig.RoundAsync(5, Sites("SyncFails", "NoProgress", "Lag", "ReadNothing"));
        var alert = Assert.Single(_rig.Told);
        Assert.Equal(("SyncFails", 40, "VteWats: SyncFails at 40 sites"), (alert.Condition, alert.Sites.Count, alert.Title));
        Assert.Single(alert.Groups());
        // They come back one after the other.
        for (var back = 1; back <= 40; back++)
        {
            _rig.Time.Advance(TimeSpan.FromSeconds(5));
            await _rig.RoundAsync(0, [.. Sites("SyncFails").Select((site, i) => i < back ? Site(site.Site) : site)]);
        }
        await _rig.RoundAsync(5, Sites());
        Assert.Equal([(AlertKind.Alert, "SyncFails", 40), (AlertKind.Resolved, "SyncFails", 40)], Told);
        Assert.Empty(_rig.Incidents());

        SiteHealth[] Sites(params string[] conditions) => [.. Enumerable.Range(1, 40).Select(i => Site($"Site {i:00}", conditions))];
    }

    [Fact]
    public async Task What_another_condition_explains_is_silent_and_speaks_when_that_is_over_and_it_lasts()
    {
        for (var i = 0; i < 10; i++) await _rig.RoundAsync(5, Site("Oslo", "SyncFails", "NoProgress"));
        Assert.Equal([(AlertKind.Alert, "SyncFails", 1)], Told);
        await _rig.RoundAsync(5, Site("Oslo", "NoProgress"));
        Assert.Equal([(AlertKind.Alert, "SyncFails", 1), (AlertKind.Resolved, "SyncFails", 1)], Told);
        await _rig.RoundAsync(5, Site("Oslo", "NoProgress"));
        Assert.Equal((AlertKind.Alert, "NoProgress", 1), Told.Last());
    }

    [Fact]
    public async Task One_site_explains_nothing_of_another()
    {
        for (var i = 0; i < 3; i++) await _rig.RoundAsync(5, Site("Oslo", "SyncFails"), Site("Bergen", "NoProgress"));
        Assert.Equal(["NoProgress", "SyncFails"], _rig.Told.Select(told => told.Condition).Order());
    }

    [Fact]
    public async Task What_comes_back_before_its_end_was_told_never_ended()
    {
        _rig.Options = new AlertOptions { WaitMinutes = 10 };
        for (var i = 0; i < 4; i++) await _rig.RoundAsync(5, Site("Oslo", "Lag"), Site("Bergen", "Lag"));
        await _rig.RoundAsync(1, Site("Oslo"), Site("Bergen", "Lag"));
        for (var i = 0; i < 4; i++) await _rig.RoundAsync(5, Site("Oslo", "Lag"), Site("Bergen", "Lag"));
        Assert.Equal([(AlertKind.Alert, "Lag", 2)], Told);
        Assert.Equal(2, _rig.Incidents(all: true).Count);
    }

    [Fact]
    public async Task A_suspended_site_is_no_reason_to_say_that_its_trouble_is_over()
    {
        for (var i = 0; i < 3; i++) await _rig.RoundAsync(5, Site("Oslo", "SyncFails"));
        var suspended = Site("Oslo", "Suspended");
        suspended = suspended with { Status = suspended.Status! with { Suspended = new("Oslo", _rig.Time.GetUtcNow(), "me", "move") } };
        for (var i = 0; i < 3; i++) await _rig.RoundAsync(5, suspended);
        Assert.DoesNotContain(Told, told => told.Item1 == AlertKind.Resolved);
        for (var i = 0; i < 3; i++) await _rig.RoundAsync(5, Site("Oslo"));
        Assert.Equal(["Suspended", "SyncFails"],
            _rig.Told.Where(told => told.Kind == AlertKind.Resolved).Select(told => told.Condition).Order());
    }

    [Fact]
    public async Task A_state_that_cannot_be_judged_ends_nothing()
    {
        for (var i = 0; i < 3; i++) await _rig.RoundAsync(5, Site("Oslo", "Lag"));
        await _rig.RoundAsync(5, Site("Oslo", "State") with { Status = null });
        Assert.Contains(_rig.Incidents(), incident => incident.Condition == "Lag");
    }

    [Fact]
    public async Task Of_a_site_that_nobody_judges_any_more_nothing_is_told_for_ever()
    {
        for (var i = 0; i < 3; i++) await _rig.RoundAsync(5, Site("Oslo", "Lag"), Site("Old", "Lag"));
        for (var i = 0; i < 9; i++) await _rig.RoundAsync(24 * 60, Site("Oslo"));
        Assert.Empty(_rig.Incidents());
        Assert.Equal(1, Told.Count(told => told.Item1 == AlertKind.Resolved));
    }

    [Fact]
    public async Task Nobody_is_alerted_of_a_site_that_never_ran()
    {
        for (var i = 0; i < 3; i++) await _rig.RoundAsync(5, Site("Oslo", "NeverSynced"));
        Assert.Empty(_rig.Incidents(all: true));
    }

    [Fact]
    public async Task Processes_that_judge_at_once_tell_once()
    {
        await _rig.RoundAsync(0, Site("Oslo", "Lag"));
        _rig.Time.Advance(TimeSpan.FromMinutes(6));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            _rig.Desk().RunAsync([Site("Oslo", "Lag")], CancellationToken.None))));
        await _rig.RoundAsync(1, Site("Oslo", "Lag"));
        Assert.Equal([(AlertKind.Alert, "Lag", 1)], Told);
    }

    [Fact]
    public async Task State_of_a_release_without_incidents_gets_their_tables()
    {
        await _rig.RoundAsync(0, Site("Oslo", "Lag"));
        new Core.Sync.State.StateDatabase(_rig.State).Write(null, (connection, transaction) => Dapper.SqlMapper.Execute(connection,
            "DROP TABLE Incident; DROP TABLE Outgoing", transaction: transaction));
        await _rig.RoundAsync(0, Site("Oslo", "Lag"));
        Assert.Single(_rig.Incidents());
    }
}
