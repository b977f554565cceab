using System.Globalization;
using Microsoft.Data.Sqlite;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Sync.State;
using Xunit.Abstractions;

namespace VteWats.Unit.Sync;

/// <summary>
/// Whole syncs on a state that is damaged, foreign, newer or gone: each ends with its own error and what to do, nothing is reset behind
/// anybody's back, and what WATS has is not sent again.
/// </summary>
public sealed class StateTroubleTests(ITestOutputHelper output) : IAsyncLifetime
{
    private SyncRig _rig = null!;
    private PostWatch _posts = null!;

    public async Task InitializeAsync()
    {
        _rig = await SyncRig.StartAsync(new DateTimeOffset(2024, 5, 4, 12, 0, 0, TimeSpan.Zero), new SyncOptions { BatchSize = 10 });
        for (var i = 0; i < 120; i++) _rig.Insert(_rig.Local.AddHours(-20).AddMinutes(5 * i), serial: i % 30 == 7 ? " " : null);
        _posts = new PostWatch(_rig.Wats);
        Assert.Null((await _rig.RunAsync()).Error);
        Assert.Equal(116, _posts.Next().Count);
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [InlineData("newer", "VteWats.StateNewer", "update VteWats")]
    [InlineData("other format", "VteWats.StateForeign", "state folder of its own")]
    [InlineData("other program", "VteWats.StateForeign", "state folder of its own")]
    [InlineData("text", "VteWats.StateUnreadable", "Set-VteWatermark -FromFile")]
    [InlineData("cut", "VteWats.StateUnreadable", "Set-VteWatermark -FromFile")]
    [InlineData("empty", "VteWats.StateUnreadable", "Set-VteWatermark -Site Oslo -FromFile")]
    [InlineData("deleted", "VteWats.StateUnreadable", "Set-VteWatermark -Site Oslo -FromFile")]
    public async Task A_sync_on_such_a_state_ends_with_40_says_what_to_do_and_leaves_it_alone(string trouble, string id, string advice)
    {
        var path = _rig.Watermarks.Path;
        Make(trouble, path);
        var before = File.Exists(path) ? File.ReadAllBytes(path) : null;
        _rig.Insert(_rig.Local.AddHours(-1));
        for (var i = 0; i < 2; i++)
        {
            var summary = await _rig.RunAsync();
            Assert.Equal((id, 40), (summary.Error?.Error.Id, summary.ExitCode));
            Assert.Contains(advice, summary.Error!.Advice, StringComparison.Ordinal);
            Assert.Contains(path, summary.Error.Message, StringComparison.Ordinal);
        }
        Assert.Empty(_posts.Next());
        // What was made for the lease where there was nothing is no state of a site.
        if (before is { Length: > 0 }) Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public async Task Damage_at_random_bytes_is_told_or_harmless_and_nothing_is_lost_or_sent_twice_once_the_position_is_restored()
    {
        var random = new Random(29);
        var (path, copy) = (_rig.Watermarks.Path, File.ReadAllBytes(_rig.Watermarks.CopyPath));
        var whole = File.ReadAllBytes(path);
        var position = _rig.Watermarks.Load()!.Position;
        var told = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < 120; i++)
        {
            foreach (var file in Directory.GetFiles(_rig.State)) File.Delete(file);
            File.WriteAllBytes(_rig.Watermarks.CopyPath, copy);
            var damaged = Damage((byte[])whole.Clone(), random);
            File.WriteAllBytes(path, damaged);
            var summary = await _rig.RunAsync();
            var id = summary.Error?.Error.Id ?? "harmless";
            told[id] = told.GetValueOrDefault(id) + 1;
            if (summary.Error is { } error)
            {
                Assert.Contains(error.Error, (ErrorKind[])[ErrorKind.StateUnreadable, ErrorKind.StateNewer, ErrorKind.StateForeign]);
                Assert.Contains(path, error.Message, StringComparison.Ordinal);
                // As the advice says.
                foreach (var file in Directory.GetFiles(_rig.State, "state.db*")) File.Delete(file);
                Assert.Equal(position, _rig.Watermarks.Restore(_rig.Watermarks.CopyPath, "it was damaged").Position);
                Assert.Null((await _rig.RunAsync()).Error);
            }
            else Assert.True(_rig.Watermarks.Load()!.Position!.Timestamp >= position!.Timestamp, $"reset by damage {i}");
            Assert.Empty(_posts.Next());
            await _rig.AssertCompleteAsync();
        }
        output.WriteLine(string.Join(", ", told.Select(pair => $"{pair.Value} {pair.Key}")));
        Assert.True(told.GetValueOrDefault("VteWats.StateUnreadable") > 20, "little was damaged");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task State_that_is_deleted_at_any_moment_of_a_sync_is_told_and_rebuilt_without_sending_anything_twice(bool wholeFolder)
    {
        if (OperatingSystem.IsWindows()) return;   // what is open cannot be removed there
        var random = new Random(31);
        var told = 0;
        for (var i = 0; i < 15; i++)
        {
            for (var n = 0; n < 60; n++) _rig.Insert(_rig.Local.AddHours(-8 + i / 4.0).AddSeconds(10 * n));
            var (receipts, at) = (0, random.Next(1, 60));
            var request = new SyncRequest { InitialSince = DateTimeOffset.UnixEpoch };
            var summary = await new SiteSync(_rig.Parts(request), request)
            {
                OnReceipt = _ =>
                {
                    if (++receipts == at) Remove(wholeFolder);
                    return Task.CompletedTask;
                },
            }.RunAsync(CancellationToken.None);
            Assert.True(receipts >= at, $"{receipts} receipts");
            Assert.Equal((ErrorKind.StateUnreadable, 40), (summary.Error?.Error, summary.ExitCode));
            Assert.Contains("removed", summary.Error!.Message, StringComparison.Ordinal);
            told++;
            if (!wholeFolder)
            {
                Assert.Equal(ErrorKind.StateUnreadable, (await _rig.RunAsync()).Error?.Error);
                _rig.Watermarks.Restore(_rig.Watermarks.CopyPath, "somebody removed it");
            }
            Assert.Null((await _rig.RunAsync()).Error);
            Assert.Empty(_posts.Again());
            await _rig.AssertCompleteAsync();
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"removed {told} times: lost 0, twice 0"));
    }

    private void Remove(bool wholeFolder)
    {
        if (wholeFolder) Directory.Delete(_rig.State, recursive: true);
        else foreach (var file in Directory.GetFiles(_rig.State, "state.db*")) File.Delete(file);
    }

    private void Make(string trouble, string path)
    {
        switch (trouble)
        {
            case "newer": _rig.Execute("UPDATE Meta SET Value = '99' WHERE Name = 'version'"); break;
            case "other format": _rig.Execute("UPDATE Meta SET Value = 'VteWats.Something' WHERE Name = 'format'"); break;
            case "other program":
                File.Delete(path);
                using (var other = new SqliteConnection($"Data Source={path};Pooling=False"))
                {
                    other.Open();
                    using var command = other.CreateCommand();
                    command.CommandText = "CREATE TABLE Addresses (Name TEXT)";
                    command.ExecuteNonQuery();
                }
                break;
            case "text": File.WriteAllText(path, "{ no database, and longer than the header of one: " + new string('x', 4096)); break;
            case "cut": File.WriteAllBytes(path, File.ReadAllBytes(path)[..10_000]); break;
            case "empty": File.WriteAllBytes(path, []); break;
            default: File.Delete(path); break;
        }
    }

    // A few bytes, a stretch that was never written, or a page that belongs elsewhere.
    private static byte[] Damage(byte[] state, Random random)
    {
        const int Page = 4096;
        var at = random.Next(state.Length);
        switch (random.Next(3))
        {
            case 0: for (var n = random.Next(1, 64); n > 0 && at < state.Length; n--) state[at++] = (byte)random.Next(256); break;
            case 1: state.AsSpan(at, Math.Min(random.Next(1, 2 * Page), state.Length - at)).Clear(); break;
            default:
                var (from, to) = (random.Next(state.Length / Page) * Page, random.Next(state.Length / Page) * Page);
                state.AsSpan(from, Page).ToArray().CopyTo(state.AsSpan(to));
                break;
        }
        return state;
    }
}
