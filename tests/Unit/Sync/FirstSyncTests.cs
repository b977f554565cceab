using Dapper;
using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Sync;
using VteWats.Core.Time;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats;

namespace VteWats.Unit.Sync;

/// <summary>What the first sync of a plant that nobody has seen stops at, or hints at.</summary>
public sealed class FirstSyncTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2024, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private SyncRig _rig = null!;

    public async Task InitializeAsync() => _rig = await SyncRig.StartAsync(Now, new SyncOptions { BatchSize = 10 });

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task It_stops_before_it_sends_anything_when_more_than_a_twentieth_contradicts_its_limits()
    {
        var runs = Judged(60, contradicting: 10);
        var summary = await _rig.RunAsync();
        Assert.Equal((ErrorKind.VerdictsAgainstLimits, 50), (summary.Error?.Error, summary.ExitCode));
        Assert.Equal(3, summary.Error!.Findings.Count);
        Assert.All(summary.Error.Findings, text => Assert.Contains("passed 9.9", text, StringComparison.Ordinal));
        Assert.Contains("stepResultCodes", summary.Advice!, StringComparison.Ordinal);
        Assert.Equal(0, _rig.Wats.Store.Count);
        Assert.Null(_rig.Watermarks.Load()?.Position);
        Assert.Equal(60, runs);
    }

    [Theory]
    [InlineData("limits", 0.05)]
    [InlineData("column", 0.5)]
    public async Task It_goes_on_when_the_mapping_says_what_is_right_at_this_plant(string verdict, double share)
    {
        Judged(60, contradicting: 10);
        _rig.Site = _rig.Site with { Mapping = _rig.Site.Mapping with { StepVerdict = verdict, VerdictAgainstLimitsShare = share } };
        Assert.Equal(60, (await _rig.RunAsync()).Uploaded);
    }

    [Fact]
    public async Task A_few_contradictions_are_sent_with_a_note_and_later_syncs_are_not_stopped()
    {
        Judged(60, contradicting: 2);
        Assert.Equal(60, (await _rig.RunAsync()).Uploaded);
        _rig.Time.Advance(TimeSpan.FromHours(3));
        Judged(10, contradicting: 10);
        var later = await _rig.RunAsync();
        Assert.Equal((0, 10), (later.ExitCode, later.Uploaded));
    }

    [Fact]
    public async Task It_stops_again_when_runs_before_the_first_report_moved_the_watermark()
    {
        // A letter is acknowledged at once: the watermark is set before a single verdict was looked at.
        var unmappable = _rig.Insert(_rig.Local.AddHours(-3));
        _rig.Direct.Execute("UPDATE IndexData SET Result = 77 WHERE Index_GUID = @id",
            new { id = unmappable.ToString("D").ToUpperInvariant() });
        Judged(60, contradicting: 60);
        Assert.Equal(ErrorKind.VerdictsAgainstLimits, (await _rig.RunAsync()).Error?.Error);
        Assert.NotNull(_rig.Watermarks.Load()?.Position);
        for (var i = 0; i < 2; i++) Assert.Equal(ErrorKind.VerdictsAgainstLimits, (await _rig.RunAsync()).Error?.Error);
        Assert.Equal(0, _rig.Wats.Store.Count);
        _rig.Site = _rig.Site with { Mapping = _rig.Site.Mapping with { StepVerdict = "limits" } };
        Assert.Equal(60, (await _rig.RunAsync()).Uploaded);
    }

    [Fact]
    public async Task It_never_stops_behind_the_first_reports_that_it_has_sent()
    {
        Judged(100, contradicting: 0);
        Judged(20, contradicting: 20, after: 100);
        var summary = await _rig.RunAsync();
        Assert.Null(summary.Error);
        Assert.Equal(120, summary.Uploaded);
    }

    [Fact]
    public async Task The_reports_that_wait_for_their_verdicts_are_few_where_they_are_large()
    {
        _rig.Insert(_rig.Local.AddHours(-1));
        await using var source = await _rig.OpenAsync();
        var run = await source.ReadAsync(new TestRunQuery(), default).FirstAsync();
        // Of 20 MB each, and none of their rows has limits.
        var large = run with { Steps = [.. Enumerable.Repeat(run.Steps![0], 40_000)] };
        var made = 0;
        await foreach (var report in new VerdictGate(_rig.Site).PassAsync(Reports())) break;
        Assert.InRange(made, 2, 10);

        async IAsyncEnumerable<WatsReport> Reports()
        {
            for (; made < 100; made++) yield return new WatsReport { Source = large };
            await Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_dry_run_of_the_first_sync_stops_too()
    {
        Judged(60, contradicting: 60);
        Assert.Equal(ErrorKind.VerdictsAgainstLimits, (await _rig.RunAsync(new SyncRequest { DryRun = true })).Error?.Error);
    }

    [Fact]
    public async Task A_time_zone_that_puts_every_run_ahead_of_the_clock_is_hinted_at()
    {
        // Stations in Oslo, configured as New York: completed, read 0, without a word.
        for (var i = 0; i < 5; i++) _rig.Insert(_rig.Local.AddHours(-1).AddMinutes(i));
        _rig.Site = _rig.Site with { TimeZone = "America/New_York" };
        var clock = SiteClock.For("America/New_York");
        var summary = await _rig.RunAsync(change: parts => parts with
        {
            Clock = clock,
            OpenSource = async ct =>
            {
                var source = await VteWats.Unit.Support.TestSource.OpenAsync(_rig.Site, null, ct);
                source.SimulatedTime = _rig.Time;
                return source;
            },
        });
        Assert.Equal((0, 5), (summary.Read, summary.Ahead));
        var hint = Assert.Single(summary.Warnings);
        Assert.Contains("America/New_York", hint, StringComparison.Ordinal);
        Assert.Contains("timeZone", hint, StringComparison.Ordinal);
    }

    // Runs of the last hours with one measurement in 0..5 each.
    private int Judged(int count, int contradicting, int after = 0)
    {
        var start = _rig.Local.AddHours(-2).AddSeconds(after);
        for (var i = 0; i < count; i++)
        {
            var key = _rig.Insert(start.AddSeconds(i), steps: 0).ToString("D").ToUpperInvariant();
            _rig.Direct.Execute(
                "INSERT INTO TestDataNumeric (Index_GUID, TestStepNumber, TestName, TestResult, LowLimit, HighLimit, TestResultType) "
                + "VALUES (@key, 1, 'Vout', @value, 0, 5, 1)", new { key, value = i < contradicting ? 9.9 : 2.5 });
        }
        return count;
    }
}
