using System.Diagnostics;
using System.Globalization;
using VteWats.Core.Sync.State;
using VteWats.Unit.Support;
using Xunit.Abstractions;

namespace VteWats.Unit.Sync;

/// <summary>A state folder on a disk that is full, and one that may not be written to; syncs in processes of their own.</summary>
[Trait("Category", "Process")]
public sealed class StateFullTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly string Program = Repository.Built("benchmarks", "VteWats.Benchmarks");

    private SyncRig _rig = null!;
    private PostWatch _posts = null!;

    public async Task InitializeAsync()
    {
        _rig = await SyncRig.StartAsync(DateTimeOffset.UtcNow);
        _posts = new PostWatch(_rig.Wats);
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    private string[] Arguments => ["sync-run", _rig.Wats.BaseUrl.OriginalString, _rig.Wats.Token, _rig.Database, _rig.State, "10", "Oslo"];

    [Fact]
    public async Task A_disk_that_fills_up_at_any_moment_ends_the_sync_with_40_and_the_next_one_goes_on_when_there_is_room()
    {
        Directory.CreateDirectory(_rig.State);
        if (!OperatingSystem.IsLinux() || !await MountAsync("-t", "tmpfs", "-o", "size=16k", "none", _rig.State))
        {
            output.WriteLine("NOT RUN: no right to mount a small disk. A limit on the size of files stands for it elsewhere.");
            return;
        }
        try
        {
            var doubtful = new HashSet<Guid>();
            foreach (var kilobytes in (int[])[16, 48, 96, 192, 256, 400])
            {
                InsertRuns(400);
                Assert.True(await MountAsync("-o", $"remount,size={kilobytes}k", _rig.State));
                var full = await ChildProcess.RunAsync(Program, Arguments);
                Assert.True(full.ExitCode == 40, $"{kilobytes} kB: exit code {full.ExitCode} {full.Output}{full.Error}");
                Assert.Contains("VteWats.StateNotWritable", full.Output, StringComparison.Ordinal);
                Assert.Empty(_posts.Again().Except(doubtful));
                doubtful = await AssertStateIsRightAsync();
            }
            Assert.True(await MountAsync("-o", "remount,size=64m", _rig.State));
            var roomy = await ChildProcess.RunAsync(Program, Arguments);
            Assert.True(roomy.ExitCode == 0, roomy.Output + roomy.Error);
            Assert.Empty(_posts.Again().Except(doubtful));
            await _rig.AssertCompleteAsync();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"6 sizes, {_rig.Wats.Store.Count} runs: lost 0, twice 0"));
        }
        finally
        {
            await RunAsync("umount", _rig.State);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_state_folder_that_may_only_be_read_ends_the_sync_with_40_and_the_next_one_goes_on(bool hasState)
    {
        if (!OperatingSystem.IsLinux()) return;
        if (hasState)
        {
            InsertRuns(30);
            Assert.Equal(0, (await ChildProcess.RunAsync(Program, Arguments)).ExitCode);
        }
        else Directory.CreateDirectory(_rig.State);
        InsertRuns(30);
        _posts.Next();
        const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.UserExecute;
        const UnixFileMode Writable = ReadOnly | UnixFileMode.UserWrite;
        foreach (var file in Directory.GetFiles(_rig.State)) File.SetUnixFileMode(file, UnixFileMode.UserRead);
        File.SetUnixFileMode(_rig.State, ReadOnly);
        var denied = await RunAsync(WithoutPrivilege("dotnet", ["exec", Program, .. Arguments]));
        File.SetUnixFileMode(_rig.State, Writable);
        foreach (var file in Directory.GetFiles(_rig.State)) File.SetUnixFileMode(file, Writable);

        Assert.True(denied.ExitCode == 40, $"{denied.ExitCode} {denied.Output}{denied.Error}");
        Assert.Contains("VteWats.StateNotWritable", denied.Output, StringComparison.Ordinal);
        Assert.Contains(_rig.State, denied.Output, StringComparison.Ordinal);
        // Nothing may be posted that cannot be written down before.
        Assert.Empty(_posts.Next());
        Assert.Equal(0, (await ChildProcess.RunAsync(Program, Arguments)).ExitCode);
        await _rig.AssertCompleteAsync();
    }

    // The super-user may write anywhere, unless that is taken from it.
    private static string[] WithoutPrivilege(string program, string[] arguments) => Environment.IsPrivilegedProcess
        ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search", program, .. arguments] : [program, .. arguments];

    private void InsertRuns(int count)
    {
        using var transaction = _rig.Direct.BeginTransaction();
        var begin = _rig.Local.AddHours(-20).AddSeconds(_rig.Wats.Store.Count);
        for (var i = 0; i < count; i++) _rig.Insert(begin.AddSeconds(10 * i));
        transaction.Commit();
    }

    // Looked at in a copy: on a disk that is full it cannot even be opened. What the watermark has passed is in WATS.
    private async Task<HashSet<Guid>> AssertStateIsRightAsync()
    {
        var image = _rig.CrashImage();
        if (!new StateDatabase(image).Exists) return [];
        var store = new WatermarkStore(image, "Oslo");
        var doubtful = SyncTestData.Rows(store).Values.Where(row => row.State == LedgerState.Posting).Select(row => row.RunId).ToHashSet();
        if (store.Load()?.Position?.Timestamp is not { } position) return doubtful;
        var stored = _rig.Wats.Store.Ids.ToHashSet();
        await using var source = await _rig.OpenAsync();
        Assert.Equal(0, await source.ReadAsync(new Core.Vte.Reading.TestRunQuery { HeaderOnly = true }, CancellationToken.None)
            .Where(run => run.Timestamp <= position && !stored.Contains(run.Id)).CountAsync());
        return doubtful;
    }

    private static async Task<bool> MountAsync(params string[] arguments) => (await RunAsync(["mount", .. arguments])).ExitCode == 0;

    private static async Task<ChildResult> RunAsync(params string[] command)
    {
        using var process = Process.Start(ChildProcess.Command(command[0], command[1..]))!;
        process.StandardInput.Close();
        return await ChildProcess.EndOf(process);
    }
}
