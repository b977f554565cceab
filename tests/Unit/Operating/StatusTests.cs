using System.Diagnostics.Metrics;
using Dapper;
using VteWats.Core.Diagnostics;
using VteWats.Core.Operating;
using VteWats.Core.Sync;
using VteWats.Core.Sync.State;
using VteWats.Unit.Sync;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Operating;

/// <summary>What syncs write down of themselves, and that they do not depend on it.</summary>
public sealed class StatusTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2024, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private SyncRig _rig = null!;

    public async Task InitializeAsync() => _rig = await SyncRig.StartAsync(Now, new SyncOptions { BatchSize = 10 });

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_sync_leaves_what_it_did_and_when_each_stage_succeeded()
    {
        _rig.InsertRuns(12);
        var (summary, status, recorder) = await _rig.RecordAsync();
        Assert.Equal(12, summary.Uploaded);
        Assert.Null(recorder.Problem);
        Assert.Equal("Completed", status.Result);
        Assert.Equal((0, 12, 12, 12), (status.ExitCode, status.Waiting, status.Read, status.Uploaded));
        Assert.Equal((Now, Now, Now), (status.LastAttempt, status.LastSuccess, status.LastProgress));
        Assert.Equal(TimeSpan.Zero, status.Lag);
        Assert.Equal(summary.To, status.SafeUpTo);
        Assert.Equal(summary.To, status.NewestInSource);
        Assert.Equal(12, status.Unconfirmed);
        Assert.Equal(["Source", "Map", "Send", "Confirm"], status.Stages.Select(stage => stage.Stage));
        Assert.All(status.Stages, stage => Assert.Equal((Now, null), (stage.LastSuccess, stage.WaitsFor)));
        Assert.Equal(12, status.Totals[Totals.ReportsSent]);
    }

    [Fact]
    public async Task What_does_not_get_through_waits_and_grows_old_by_the_clock()
    {
        _rig.InsertRuns(12);
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503 });
        var (summary, status, _) = await _rig.RecordAsync();
        Assert.Equal(31, summary.ExitCode);
        Assert.Equal(("Failed", summary.Error!.Error.Id), (status.Result, status.ErrorId));
        Assert.Equal(summary.Error.Advice, status.Advice);
        Assert.Null(status.LastSuccess);
        Assert.Equal(TimeSpan.FromDays(1), status.Lag);
        _rig.Time.Advance(TimeSpan.FromHours(3));
        Assert.Equal(TimeSpan.FromHours(27), _rig.Status().Lag);
        Assert.NotNull(status.Stages.Single(stage => stage.Stage == "Send").WaitsFor);
        Assert.Equal((1, summary.Error.Error.Id), (status.Errors.Single().Count, status.Errors.Single().ErrorId));
        _rig.Wats.Faults.Clear();
        (_, status, _) = await _rig.RecordAsync();
        Assert.Equal((TimeSpan.Zero, null), (status.Lag, status.ErrorId));
        Assert.Equal(1, status.Errors.Single().Count);
    }

    [Fact]
    public async Task A_sync_whose_database_is_gone_says_so_and_keeps_what_was_known_of_the_source()
    {
        _rig.InsertRuns(3);
        await _rig.RecordAsync();
        var gone = new VteWatsException(ErrorKind.SqlUnreachable, "no such host", "look for it");
        var (_, status, _) = await _rig.RecordAsync(parts => parts with { OpenSource = _ => throw gone });
        Assert.Equal(("VteWats.SqlUnreachable", false), (status.ErrorId, status.SourceConnected));
        Assert.NotNull(status.NewestInSource);
        Assert.NotNull(status.Stages.Single(stage => stage.Stage == "Source").WaitsFor);
        Assert.Equal(Now, status.LastSuccess);
    }

    [Fact]
    public async Task A_sync_that_fails_before_it_begins_is_written_down_even_where_there_is_no_state_yet()
    {
        await SyncRecorder.FailedAsync(_rig.State, "Oslo", new VteWatsException(ErrorKind.SecretUnavailable, "no token", "set it"), 5);
        var status = new StatusStore(_rig.State, "Oslo").Read(DateTimeOffset.UtcNow);
        Assert.Equal(("Failed", "VteWats.SecretUnavailable", "set it"), (status.Result, status.ErrorId, status.Advice));
        Assert.Equal(50, status.ExitCode);
    }

    [Fact]
    public async Task A_suspended_site_is_skipped_and_says_who_and_why_and_goes_on_where_it_was()
    {
        _rig.InsertRuns(4);
        await _rig.RecordAsync();
        new Pauses(new StateDatabase(_rig.State), _rig.Site.Name).Put("somebody", "the server moves", Now);
        _rig.InsertRuns(4, daysAgo: 0);
        _rig.Time.Advance(TimeSpan.FromHours(1));
        var (summary, status, _) = await _rig.RecordAsync();
        Assert.Equal((SyncResult.Skipped, 20), (summary.Result, summary.ExitCode));
        Assert.Contains("somebody", summary.Error!.Message, StringComparison.Ordinal);
        Assert.Equal("the server moves", status.Suspended!.Reason);
        Assert.Equal("Completed", status.Result);
        Assert.True(new Pauses(new StateDatabase(_rig.State), _rig.Site.Name).Remove());
        Assert.Equal(4, (await _rig.RecordAsync()).Summary.Uploaded);
    }

    [Fact]
    public async Task A_sync_that_is_turned_away_leaves_the_status_to_the_one_at_work()
    {
        _rig.InsertRuns(2);
        await _rig.RecordAsync();
        var before = _rig.Status();
        using var lease = SyncLease.Acquire(_rig.State, _rig.Site.Name);
        _rig.Time.Advance(TimeSpan.FromMinutes(5));
        var (summary, status, _) = await _rig.RecordAsync();
        Assert.Equal(SyncResult.Skipped, summary.Result);
        Assert.Equal((before.Result, before.LastAttempt, before.LastEnd), (status.Result, status.LastAttempt, status.LastEnd));
        Assert.Empty(status.Errors);
    }

    [Fact]
    public async Task A_status_that_cannot_be_written_is_told_and_costs_no_run()
    {
        _rig.InsertRuns(20);
        new StateDatabase(_rig.State).Write(null, (connection, transaction) => connection.Execute(
            "CREATE TRIGGER Full BEFORE INSERT ON Status BEGIN SELECT RAISE(ABORT, 'no room'); END;", transaction: transaction));
        var (summary, _, recorder) = await _rig.RecordAsync();
        Assert.Equal((0, 20L), (summary.ExitCode, summary.Uploaded));
        Assert.Contains("no room", recorder.Problem!.Message, StringComparison.Ordinal);
        await _rig.AssertCompleteAsync();
    }

    [Fact]
    public async Task What_is_made_of_the_status_may_fail_without_harm()
    {
        _rig.InsertRuns(3);
        var (summary, status, recorder) = await _rig.RecordAsync(onWritten: _ => throw new InvalidOperationException("a defect"));
        Assert.Equal((0, "Completed"), (summary.ExitCode, status.Result));
        Assert.Equal(ErrorKind.Internal, recorder.Problem!.Error);
    }

    [Fact]
    public async Task State_of_a_release_without_status_gets_its_tables()
    {
        _rig.InsertRuns(2);
        await _rig.RunAsync();
        foreach (var table in new[] { "Status", "StatusStage", "StatusCount", "StatusError", "Pause" }) _rig.Execute($"DROP TABLE {table}");
        Assert.Equal("Completed", (await _rig.RecordAsync()).Status.Result);
    }

    [Fact]
    public async Task A_backfill_leaves_the_status_of_the_sync_alone_and_tells_what_is_left()
    {
        _rig.InsertRuns(5);
        await _rig.RecordAsync();
        var request = new SyncRequest { Backfill = new BackfillRange(Now.AddDays(-3), null, false), Force = true };
        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        var (summary, status, _) = await _rig.RecordAsync(request: request);
        Assert.Equal(5, summary.Uploaded);
        Assert.Equal((Now, 0L), (status.LastAttempt, status.BackfillRemaining));
        Assert.Equal(10, status.Totals[Totals.ReportsSent]);
    }

    [Fact]
    public async Task Totals_add_up_over_syncs_and_are_what_the_meter_says()
    {
        var heard = new System.Collections.Concurrent.ConcurrentDictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, all) =>
            {
                if (instrument.Meter.Name == "VteWats") all.EnableMeasurementEvents(instrument);
            },
        };
        // Other tests of this process count for sites of their own.
        _rig.Site = _rig.Site with { Name = "Metered" };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Hear(instrument, 1, tags));
        listener.Start();
        _rig.InsertRuns(7);
        await _rig.RecordAsync();
        _rig.InsertRuns(5, daysAgo: 0);
        _rig.Insert(_rig.Local.AddHours(-1), serial: " ");
        _rig.Time.Advance(TimeSpan.FromHours(1));
        var (_, status, _) = await _rig.RecordAsync();
        Assert.Equal((13, 12, 1), (status.Totals[Totals.RunsRead], status.Totals[Totals.ReportsSent],
            status.Totals[Totals.ReportsRejected]));
        Assert.Equal((13, 12, 1, 12),
            (heard["vtewats.runs.read"], heard["vtewats.reports.sent"], heard["vtewats.reports.rejected"],
                heard["vtewats.upload.duration"]));

        void Hear(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags)
                if (tag is { Key: "site", Value: "Metered" }) heard.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value);
        }
    }
}
