using VteWats.Core.Sync;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats.Client;

namespace VteWats.Unit.Sync;

/// <summary>What a person has decided about a run holds in every path.</summary>
public sealed class DecisionTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2024, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private SyncRig _rig = null!;

    public async Task InitializeAsync() => _rig = await SyncRig.StartAsync(Now);

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [InlineData("sync")]
    [InlineData("sync of the next day")]
    [InlineData("sync after the watermark was set back")]
    [InlineData("backfill")]
    [InlineData("backfill after the ledger's days")]
    [InlineData("repair")]
    public async Task A_run_that_is_put_aside_is_sent_by_no(string path)
    {
        var run = await PlantAsync();
        await PutAsideAsync(run);
        await GoAsync(path);
        Assert.Null(_rig.Wats.Store.Find(run));
        Assert.Equal(DeadLetterStage.Manual, (await _rig.Letters.FindAsync(run))!.Stage);
    }

    [Theory]
    [InlineData("sync")]
    [InlineData("sync of the next day")]
    [InlineData("sync after the watermark was set back")]
    [InlineData("backfill")]
    [InlineData("backfill after the ledger's days")]
    [InlineData("repair")]
    public async Task A_run_that_is_held_is_sent_by_no(string path)
    {
        var run = await PlantAsync();
        var holds = new Holds(new StateDatabase(_rig.State), "Oslo");
        holds.Put(run, "me", "the station was broken", Now);
        await GoAsync(path);
        Assert.Null(_rig.Wats.Store.Find(run));
        Assert.True(holds.Remove(run));
        await _rig.RunAsync();
        Assert.NotNull(_rig.Wats.Store.Find(run));
    }

    [Fact]
    public async Task A_run_that_was_put_aside_and_changes_is_sent()
    {
        var run = await PlantAsync();
        await PutAsideAsync(run);
        await _rig.RunAsync();
        _rig.AddSteps(run, 1);
        await _rig.RunAsync();
        Assert.NotNull(_rig.Wats.Store.Find(run));
    }

    // Its own content is as it was; only its place among the twins is another one.
    [Fact]
    public async Task A_run_that_was_put_aside_is_not_sent_because_a_twin_with_a_smaller_id_comes()
    {
        var moment = _rig.Local.AddMinutes(-30);
        var run = _rig.Insert(moment, serial: "TWIN", id: new Guid("ffffffff-0000-0000-0000-000000000000"));
        await PutAsideAsync(run);
        await _rig.RunAsync();
        var twin = _rig.Insert(moment, serial: "TWIN", id: new Guid("00000000-0000-0000-0000-000000000001"));
        for (var i = 0; i < 3; i++) Assert.Null((await _rig.RunAsync()).Error);
        Assert.NotNull(_rig.Wats.Store.Find(twin));
        Assert.Null(_rig.Wats.Store.Find(run));
        Assert.Equal(DeadLetterStage.Manual, (await _rig.Letters.FindAsync(run))!.Stage);
        _rig.AddSteps(run, 1);
        await _rig.RunAsync();
        Assert.NotNull(_rig.Wats.Store.Find(run));
    }

    // Fifty runs of yesterday, and one in their midst to decide about.
    private async Task<Guid> PlantAsync()
    {
        _rig.InsertRuns(50);
        await using var source = await _rig.OpenAsync();
        return (await source.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync())[45].Id;
    }

    private async Task PutAsideAsync(Guid id)
    {
        await using var source = await _rig.OpenAsync();
        var run = await source.ReadAsync(new TestRunQuery { Ids = [id] }, CancellationToken.None).SingleAsync();
        using var lease = SyncLease.Acquire(_rig.State, "Oslo", time: _rig.Time);
        await new LettersByHand(_rig.State, "Oslo", new DeadLetterLimits(), lease, _rig.Time).AddAsync(run, "the station was broken");
    }

    private async Task GoAsync(string path)
    {
        var first = await _rig.RunAsync();
        Assert.Equal(49, first.Uploaded);
        Assert.Equal(SyncTestData.Oslo.ToLocal(Now).AddDays(-1).AddMinutes(49), first.To);
        switch (path)
        {
            case "sync of the next day":
                _rig.Time.Advance(TimeSpan.FromHours(25));
                break;
            case "sync after the watermark was set back":
                _rig.Time.Advance(TimeSpan.FromMinutes(1));
                var back = Now.AddDays(-2);
                _rig.Watermarks.Set(new WatermarkPosition(SyncTestData.Oslo.ToLocal(back), Guid.Empty, back), "again");
                break;
            case "backfill" or "backfill after the ledger's days":
                if (path != "backfill")
                {
                    // New runs, so that the guard band has gone on.
                    _rig.Time.Advance(TimeSpan.FromDays(500));
                    _rig.InsertRuns(5);
                    await _rig.RunAsync();
                    _rig.Time.Advance(TimeSpan.FromHours(25));
                    await _rig.RunAsync();
                }
                var range = new BackfillRange(Now.AddDays(-3), Now, NewestFirst: false);
                await _rig.RunAsync(new SyncRequest { Backfill = range });
                break;
            case "repair":
                using (var client = WatsClient.Create(_rig.Configuration, _rig.Wats.Token))
                {
                    var comparer = new Comparer(_rig.Parts(new SyncRequest()), client) { Repair = true };
                    var result = await comparer.RunAsync(Now.AddDays(-3), null, CancellationToken.None);
                    // Either way, a person has decided.
                    Assert.Equal((0, 1), (result.Missing, result.Held));
                }
                break;
        }
        Assert.Null((await _rig.RunAsync()).Error);
    }
}
