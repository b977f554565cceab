using VteWats.Core.Sync;

namespace VteWats.Unit.Sync;

/// <summary>Runs that no report can be made of are many or few beside those that are in WATS already, or that would go there.</summary>
public sealed class MassRejectionTests : IAsyncLifetime
{
    private SyncRig _rig = null!;

    public async Task InitializeAsync()
    {
        _rig = await SyncRig.StartAsync(new DateTimeOffset(2024, 5, 4, 12, 0, 0, TimeSpan.Zero));
        _rig.Configuration = _rig.Configuration with { MassRejectionShare = 0.5 };
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_dry_run_counts_what_would_go()
    {
        _rig.InsertRuns(100);
        InsertUnmappable(25);
        var summary = await _rig.RunAsync(new SyncRequest { DryRun = true });
        Assert.Null(summary.Error);
        Assert.Equal((100, 25), (summary.WouldUpload, summary.DeadLetters));
    }

    [Fact]
    public async Task A_sync_whose_state_was_lost_counts_what_is_in_wats()
    {
        _rig.InsertRuns(100);
        Assert.Equal(100, (await _rig.RunAsync()).Uploaded);
        Directory.Delete(_rig.State, recursive: true);
        InsertUnmappable(25);
        var summary = await _rig.RunAsync();
        Assert.Null(summary.Error);
        Assert.Equal((100, 25), (summary.AlreadyInWats, summary.DeadLetters));
    }

    private void InsertUnmappable(int count)
    {
        for (var n = 0; n < count; n++) _rig.Insert(_rig.Local.AddMinutes(-60 + n), serial: " ");
    }
}
