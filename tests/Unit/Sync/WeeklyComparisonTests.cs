using Microsoft.Extensions.Time.Testing;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats.Client;

namespace VteWats.Unit.Sync;

/// <summary>The comparison that the running service makes by itself.</summary>
public sealed class WeeklyComparisonTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2024, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private SyncRig _rig = null!;
    private WatsClient _client = null!;

    public async Task InitializeAsync()
    {
        _rig = await SyncRig.StartAsync(Now);
        _client = WatsClient.Create(_rig.Configuration, _rig.Wats.Token);
        _rig.InsertRuns(5);
        await _rig.RunAsync();
        Assert.Null(await RunAsync());
        _rig.Time.Advance(TimeSpan.FromDays(8));
        _rig.InsertRuns(5);
        _rig.Insert(_rig.Local.AddHours(-1));
        await _rig.RunAsync();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _rig.DisposeAsync();
    }

    [Fact]
    public async Task One_that_fails_is_made_again_a_day_later_and_not_at_once()
    {
        await Assert.ThrowsAsync<VteWatsException>(() => RunAsync(FailingSource));
        Assert.Null(await RunAsync(FailingSource));
        _rig.Time.Advance(TimeSpan.FromHours(25));
        Assert.NotNull(await RunAsync());
        _rig.Time.Advance(TimeSpan.FromHours(25));
        Assert.Null(await RunAsync());
    }

    [Fact]
    public async Task One_that_its_process_did_not_survive_is_not_made_again_at_once()
    {
        var image = "";
        await RunAsync(parts => parts with
        {
            OpenSource = async ct =>
            {
                image = _rig.CrashImage();
                return await _rig.OpenAsync(ct);
            },
        });
        _rig.Restart(image);
        Assert.Null(await RunAsync());
    }

    [Fact]
    public async Task A_site_shows_that_it_lives_while_it_is_compared()
    {
        var status = new StatusStore(_rig.State, "Oslo");
        // A clock whose pauses end when it is moved.
        var time = new FakeTimeProvider(_rig.Time.GetUtcNow());
        var result = await RunAsync(parts => parts with
        {
            Time = time,
            OpenSource = async ct =>
            {
                var began = time.GetUtcNow();
                for (var i = 0; i < 1000 && !(status.Read(Now).LastBeat > began); i++)
                {
                    time.Advance(TimeSpan.FromMinutes(1));
                    await Task.Delay(10, ct);
                }
                Assert.True(status.Read(Now).LastBeat > began);
                return await _rig.OpenAsync(ct);
            },
        });
        Assert.True(result!.IsEqual);
    }

    [Fact]
    public async Task A_run_that_no_sync_has_read_or_that_wats_does_not_show_yet_is_no_difference_before_a_day_has_gone()
    {
        _rig.Wats.Faults.HideFor = TimeSpan.FromDays(1000);
        _rig.Insert(_rig.Local.AddHours(-6));
        Assert.Equal(1, (await _rig.RunAsync()).Uploaded);
        // One that is late, and one that comes next.
        _rig.Insert(_rig.Local.AddHours(-5));
        _rig.Insert(_rig.Local.AddMinutes(-10));
        var result = await RunAsync();
        Assert.Equal((0, true), (result!.Missing, result.IsEqual));
        _rig.Time.Advance(TimeSpan.FromDays(8));
        Assert.Equal(2, (await RunAsync())!.Missing);
    }

    [Fact]
    public async Task A_run_that_a_person_put_aside_is_told_as_held_and_is_no_difference()
    {
        await using (var source = await _rig.OpenAsync())
        using (var lease = SyncLease.Acquire(_rig.State, "Oslo", time: _rig.Time))
        {
            var aside = _rig.Insert(_rig.Local.AddHours(-2));
            var run = await source.ReadAsync(new TestRunQuery { Ids = [aside] }, CancellationToken.None).SingleAsync();
            await new LettersByHand(_rig.State, "Oslo", _rig.Sync.DeadLetterLimits(), lease, _rig.Time).AddAsync(run, "an apprentice's");
        }
        Assert.Equal(0, (await _rig.RunAsync()).Uploaded);
        var result = await RunAsync();
        Assert.Equal((1, 0, true), (result!.Held, result.Missing, result.IsEqual));
    }

    [Fact]
    public async Task A_site_where_nothing_was_tested_for_weeks_is_compared_up_to_its_last_run()
    {
        _rig.Time.Advance(TimeSpan.FromDays(60));
        await _rig.RunAsync();
        Assert.Equal(11, (await RunAsync())!.Runs);
    }

    private static SyncServices FailingSource(SyncServices parts) => parts with
    {
        OpenSource = _ => throw new VteWatsException(ErrorKind.SqlTimeout, "It took too long.", "Try again."),
    };

    private Task<SyncComparison?> RunAsync(Func<SyncServices, SyncServices>? change = null)
    {
        var parts = _rig.Parts(new SyncRequest());
        return new WeeklyComparison(change is null ? parts : change(parts), _client).RunIfDueAsync(CancellationToken.None);
    }
}
