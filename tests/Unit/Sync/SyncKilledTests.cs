using System.Diagnostics;
using System.Globalization;
using VteWats.Core.Sync.State;
using VteWats.Unit.Support;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Sync;

/// <summary>Syncs in processes of their own: killed, out of disk, and several at once.</summary>
[Trait("Category", "Process")]
public sealed class SyncKilledTests : IAsyncLifetime
{
    private static readonly string Program = Repository.Built("benchmarks", "VteWats.Benchmarks");

    private SyncRig _rig = null!;
    private DateTime _next;

    public async Task InitializeAsync()
    {
        _rig = await SyncRig.StartAsync(DateTimeOffset.UtcNow);
        _next = _rig.Local.AddDays(-3);
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    private string[] Arguments => ["sync-run", _rig.Wats.BaseUrl.OriginalString, _rig.Wats.Token, _rig.Database, _rig.State, "10", "Oslo"];

    private void InsertRuns(int count, double seconds)
    {
        using var transaction = _rig.Direct.BeginTransaction();
        for (var i = 0; i < count; i++) _rig.Insert(_next = _next.AddSeconds(seconds));
        transaction.Commit();
    }

    [Fact]
    public async Task A_full_disk_ends_the_sync_with_40_and_the_next_one_goes_on()
    {
        if (OperatingSystem.IsWindows()) return;   // no limit on the size of files to set
        InsertRuns(300, seconds: 1);
        // Files may grow to 400 kB: the state has its tables then, and outgrows that with the runs. The signal for it is ignored, as on a
        // full disk.
        var start = new ProcessStartInfo("bash", ["-c", "trap '' XFSZ; ulimit -f 400; exec dotnet exec \"$@\"", "bash", Program,
            .. Arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        using var child = Process.Start(start)!;
        child.StandardInput.Close();
        var full = await ChildProcess.EndOf(child);
        Assert.True(full.ExitCode == 40, full.Output + full.Error);
        Assert.Contains("VteWats.StateNotWritable", full.Output, StringComparison.Ordinal);
        Assert.NotNull(_rig.Watermarks.Load());
        Assert.Empty(Directory.GetFiles(_rig.State, ".*.tmp"));
        await AssertWatermarkIsRightAsync();

        Assert.Equal(0, (await ChildProcess.RunAsync(Program, Arguments)).ExitCode);
        await _rig.AssertCompleteAsync();
    }

    // The number of the flush of each thread from which on all fail.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_disk_that_does_not_flush_ends_the_sync_with_40_and_the_next_one_loses_nothing(int flush)
    {
        if (!OperatingSystem.IsLinux() || !await CanFailFlushesAsync()) return;   // strace makes the system call fail
        InsertRuns(300, seconds: 1);
        var failing = $"inject=fsync,fdatasync:error=EIO:when={flush}+";
        var ended = await TracedAsync(["-e", "trace=fsync,fdatasync", "-e", failing, "dotnet", "exec", Program, .. Arguments]);
        Assert.True(ended.ExitCode == 40, ended.Output + ended.Error);
        await AssertWatermarkIsRightAsync();
        Assert.Equal(0, (await ChildProcess.RunAsync(Program, Arguments)).ExitCode);
        await _rig.AssertCompleteAsync();
    }

    private static async Task<bool> CanFailFlushesAsync()
    {
        try
        {
            return (await TracedAsync("-e", "inject=fsync:error=EIO", "true")).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static async Task<ChildResult> TracedAsync(params string[] what)
    {
        using var process = Process.Start(ChildProcess.Command("strace", ["-f", "-qq", "-o", "/dev/null", .. what]))!;
        process.StandardInput.Close();
        return await ChildProcess.EndOf(process);
    }

    [Fact]
    public async Task The_holder_of_the_lease_is_named_and_when_it_is_killed_the_next_one_takes_over()
    {
        InsertRuns(200, seconds: 20);
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Latency, DelayMilliseconds = 400, Path = "WSJF" });
        using var holder = ChildProcess.Start(Program, Arguments);
        Assert.Equal("running", await holder.StandardOutput.ReadLineAsync());
        for (var i = 0; i < 1000 && !IsHeld(); i++) await Task.Delay(10);

        var others = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => ChildProcess.RunAsync(Program, Arguments)));
        Assert.All(others, other =>
        {
            Assert.Equal(20, other.ExitCode);
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"process {holder.Id}"), other.Output, StringComparison.Ordinal);
        });

        holder.Kill();
        await holder.WaitForExitAsync();
        _rig.Wats.Faults.Clear();
        Assert.Equal(0, (await ChildProcess.RunAsync(Program, Arguments)).ExitCode);
        await _rig.AssertCompleteAsync();
    }

    // A database without its tables yet is one that somebody is about to make.
    private bool IsHeld() =>
        new FileInfo(Path.Combine(_rig.State, "state.db")) is { Exists: true, Length: > 0 }
        && _rig.Scalar("SELECT COUNT(*) FROM Lease") > 0;

    [Fact]
    public async Task Where_locks_do_not_lock_no_sync_begins()
    {
        InsertRuns(5, seconds: 20);
        var off = new Dictionary<string, string> { ["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = "1" };
        var ended = await ChildProcess.RunAsync(Program, Arguments, off);
        Assert.Equal(40, ended.ExitCode);
        Assert.Contains("VteWats.StateFolderUnsuitable", ended.Output, StringComparison.Ordinal);
        Assert.Equal(0, _rig.Wats.Store.Count);
        Assert.Equal(0, (await ChildProcess.RunAsync(Program, Arguments)).ExitCode);
        await _rig.AssertCompleteAsync();
    }

    // Whatever happened, no run at or before the watermark is missing.
    private async Task AssertWatermarkIsRightAsync()
    {
        if (_rig.Watermarks.Load()?.Position is not { } position) return;
        var stored = _rig.Wats.Store.Ids.ToHashSet();
        await using var source = await _rig.OpenAsync();
        var missing = await source.ReadAsync(new Core.Vte.Reading.TestRunQuery { HeaderOnly = true, SettleTime = TimeSpan.Zero },
            CancellationToken.None)
            .Where(run => run.Timestamp <= position.Timestamp && !stored.Contains(run.Id)).CountAsync();
        Assert.Equal(0, missing);
    }
}
