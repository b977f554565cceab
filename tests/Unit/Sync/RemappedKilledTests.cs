using Dapper;
using VteWats.Core.Mapping;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Sync;

/// <summary>A process that sends again what comes out different under another mapping, killed in the middle.</summary>
[Trait("Category", "Process")]
public sealed class RemappedKilledTests : IAsyncLifetime
{
    private const int Runs = 200;
    private static readonly string Program = Repository.Built("benchmarks", "VteWats.Benchmarks");
    private static readonly MappingOptions Other =
        new() { DefaultProcessCode = 10, Operations = [new OperationRule { Product = "Q", ProcessCode = 50 }] };

    private SyncRig _rig = null!;

    public async Task InitializeAsync() => _rig = await SyncRig.StartAsync(DateTimeOffset.UtcNow);

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    private string[] Arguments => ["sync-run", _rig.Wats.BaseUrl.OriginalString, _rig.Wats.Token, _rig.Database, _rig.State, "5", "Oslo"];

    [Fact]
    public async Task The_next_one_sends_the_rest_and_nothing_twice_but_what_the_kill_left_in_doubt()
    {
        _rig.InsertRuns(Runs);
        _rig.Direct.Execute("UPDATE IndexData SET ProductName = 'Q' WHERE rowid % 2 = 0");
        Assert.Equal(0, (await ChildProcess.RunAsync(Program, Arguments)).ExitCode);
        Assert.All(_rig.Wats.Store.Reports, report => Assert.Equal(1, report.ReceiveCount));

        var remapped = new Dictionary<string, string> { ["VTEWATS_SYNC_REMAPPED"] = Other.ToText() };
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Latency, DelayMilliseconds = 100, Path = "WSJF" });
        using var killed = ChildProcess.Start(Program, Arguments, remapped);
        for (var i = 0; i < 3000 && Again() < 20; i++) await Task.Delay(10);
        killed.Kill();
        await killed.WaitForExitAsync();
        _rig.Wats.Faults.Clear();
        Assert.InRange(Again(), 20, Runs / 2 - 1);
        var inDoubt = _rig.Scalar("SELECT COUNT(*) FROM Ledger WHERE State = 1");

        Assert.Equal(0, (await ChildProcess.RunAsync(Program, Arguments, remapped)).ExitCode);
        // What is in doubt is sent by the next sync, before anything else; under the mapping that is in use by now.
        _rig.Site = _rig.Site with { Mapping = Other };
        Assert.Equal(0, (await _rig.RunAsync()).ExitCode);
        var changed = _rig.Wats.Store.Reports.Where(report => report.Header.ProcessCode == 50).ToList();
        Assert.Equal(Runs / 2, changed.Count);
        Assert.All(changed, report => Assert.InRange(report.ReceiveCount, 2, 3));
        Assert.True(changed.Count(report => report.ReceiveCount == 3) <= inDoubt, $"{inDoubt} were in doubt");
        Assert.All(_rig.Wats.Store.Reports.Except(changed), report => Assert.Equal(1, report.ReceiveCount));
        Assert.Equal(0, _rig.Scalar("SELECT COUNT(*) FROM Ledger WHERE Mapping <> @now OR State = 1", new { now = Other.Fingerprint() }));
    }

    private int Again() => _rig.Wats.Store.Reports.Count(report => report.ReceiveCount > 1);
}
