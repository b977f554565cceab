using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using VteWats.Core.Sync.State;
using VteWats.Unit.Support;
using VteWats.WatsSandbox;
using Xunit.Abstractions;

namespace VteWats.Unit.Sync;

/// <summary>
/// Syncs in processes of their own that are killed while they begin, post, save, and end; the next one goes on by itself. As many as
/// <c>VTEWATS_TEST_KILLS</c> says.
/// </summary>
[Trait("Category", "Process")]
public sealed class SyncKilledAnywhereTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int RunsAtOnce = 40;
    private const int Batch = 10;

    private static readonly int Kills =
        int.Parse(Environment.GetEnvironmentVariable("VTEWATS_TEST_KILLS") ?? "40", CultureInfo.InvariantCulture);

    private static readonly string Program = Repository.Built("benchmarks", "VteWats.Benchmarks");

    private readonly Random _random = new(3);
    private readonly Dictionary<Guid, DateTime> _runs = [];
    private readonly Dictionary<string, int> _killed = [];
    private readonly TimeSpan[] _beginning = [TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(2000)];
    private SyncRig _rig = null!;
    private PostWatch _posts = null!;
    private DateTime _next;
    private HashSet<Guid> _doubtful = [];
    private int _again;

    public async Task InitializeAsync()
    {
        _rig = await SyncRig.StartAsync(DateTimeOffset.UtcNow);
        _posts = new PostWatch(_rig.Wats);
        _next = _rig.Local.AddDays(-Kills / 100.0 - 1);
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Latency, DelayMilliseconds = 4, Path = "WSJF" });
        await File.WriteAllTextAsync(Path.Combine(_rig.Folder, "token"), _rig.Wats.Token);
        await File.WriteAllTextAsync(Configuration, JsonSerializer.Serialize(new
        {
            sites = new
            {
                Oslo = new
                {
                    connection = new { path = _rig.Database }, timeZone = "Europe/Oslo", timestampIs = "start", initialSince = "2000-01-01",
                    mapping = new { defaultProcessCode = 10 },
                },
            },
            wats = new { baseUrl = _rig.Wats.BaseUrl.OriginalString, token = "file:token", requestsPerMinute = 0, proxy = "none" },
            sync = new { batchSize = Batch },
            stateFolder = _rig.State,
        }));
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    private string Configuration => Path.Combine(_rig.Folder, "vtewats.json");

    private string[] Arguments => ["sync-run", _rig.Wats.BaseUrl.OriginalString, _rig.Wats.Token, _rig.Database, _rig.State,
        Batch.ToString(CultureInfo.InvariantCulture), "Oslo"];

    private string[] CmdletArguments => ["-Command",
        "param($File) 'running'; exit (Invoke-VteWatsSync -Site Oslo -ConfigurationPath $File).ExitCode", "-File", Configuration];

    [Fact]
    public async Task A_sync_that_is_killed_at_any_moment_loses_nothing_and_sends_nothing_twice_but_what_it_left_in_doubt()
    {
        for (var kill = 0; kill < Kills; kill++)
        {
            InsertRuns();
            // A run of before gets another step: it has to go out again.
            if (kill % 3 == 1) _rig.AddSteps(_runs.Keys.ElementAt(_runs.Count - RunsAtOnce - 1 - _random.Next(RunsAtOnce)), 1);
            await KillAsync(byCmdlet: kill % 10 == 9, moment: kill % 4);
            AssertStateIsRight();
        }
        Assert.Equal(0, (await ChildProcess.RunAsync(Program, Arguments)).ExitCode);
        AssertAgain();
        await _rig.AssertCompleteAsync();
        Assert.Equal(_runs.Count, _rig.Wats.Store.Count);
        Assert.Equal(0, (await ChildProcess.RunAsync(Program, Arguments)).ExitCode);
        Assert.Empty(_posts.Next());
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Kills} kills ({string.Join(", ", _killed.Select(pair => $"{pair.Value} {pair.Key}"))}), {_runs.Count} runs, "
            + $"{_again} posted again that were in doubt, lost 0, twice 0"));
    }

    private void InsertRuns()
    {
        using var transaction = _rig.Direct.BeginTransaction();
        for (var i = 0; i < RunsAtOnce; i++) _runs[_rig.Insert(_next = _next.AddSeconds(20))] = _next;
        transaction.Commit();
    }

    private async Task KillAsync(bool byCmdlet, int moment)
    {
        using var child = byCmdlet ? ChildProcess.Start(Repository.Adapter, CmdletArguments) : ChildProcess.Start(Program, Arguments);
        Assert.Equal("running", await child.StandardOutput.ReadLineAsync());
        var since = Stopwatch.GetTimestamp();
        var took = _beginning[byCmdlet ? 1 : 0];
        switch (moment)
        {
            case 0: await Task.Delay(took * _random.NextDouble()); break;
            case 1:
                await PostedAsync(child, 1);
                took = Stopwatch.GetElapsedTime(since);
                await PostedAsync(child, _random.Next(1, RunsAtOnce));
                break;
            case 2:
                await PostedAsync(child, Batch * _random.Next(1, RunsAtOnce / Batch));
                await Task.Delay(_random.Next(10));
                break;
            default:
                await PostedAsync(child, RunsAtOnce);
                await Task.Delay(_random.Next(60));
                break;
        }
        var ended = child.HasExited;
        child.Kill();
        await child.WaitForExitAsync();
        if (ended) Assert.True(child.ExitCode == 0, $"{child.ExitCode} {await child.StandardError.ReadToEndAsync()}");
        _beginning[byCmdlet ? 1 : 0] = took;
        while (_rig.Wats.Requests.Active > 0) await Task.Delay(1);
        var posts = _rig.Wats.Requests.Posts;
        var when = ended ? "after their end" : posts == 0 ? "before a post" : posts < RunsAtOnce ? "while posting" : "behind the last post";
        _killed[when] = _killed.GetValueOrDefault(when) + 1;
    }

    // In so many posts, or when it has ended: a sync that has less to do than that ends without them.
    private async Task PostedAsync(Process child, int posts)
    {
        while (_rig.Wats.Requests.Posts < posts && !child.HasExited) await Task.Delay(1);
    }

    // Looked at in a copy: it is the next sync that recovers the database.
    private void AssertStateIsRight()
    {
        AssertAgain();
        _doubtful = [];
        if (!Directory.Exists(_rig.State)) return;
        var image = _rig.CrashImage();
        var store = new WatermarkStore(image, "Oslo");
        var stored = _rig.Wats.Store.Ids.ToHashSet();
        var rows = SyncTestData.Rows(store);
        var position = store.Load()?.Position?.Timestamp;
        Assert.DoesNotContain(_runs, run => run.Value <= position && !stored.Contains(run.Key));
        // Whatever was posted was written down before.
        Assert.Empty(stored.Except(rows.Keys));
        Assert.DoesNotContain(rows.Values,
            row => row.State is LedgerState.Sent or LedgerState.Confirmed && !stored.Contains(row.RunId));
        _doubtful = [.. rows.Values.Where(row => row.State == LedgerState.Posting).Select(row => row.RunId)];
        Directory.Delete(image, recursive: true);
    }

    // Only what the one before had left in doubt may come again with the content that is there.
    private void AssertAgain()
    {
        var again = _posts.Again();
        Assert.Empty(again.Except(_doubtful));
        _again += again.Count;
    }
}
