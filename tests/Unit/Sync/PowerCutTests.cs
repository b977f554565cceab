using VteWats.Core.Sync;
using VteWats.Core.Sync.State;

namespace VteWats.Unit.Sync;

/// <summary>A power cut in the middle of a sync: of the write-ahead log of the state any prefix may be on the disk.</summary>
public sealed class PowerCutTests : IAsyncLifetime
{
    private const int Header = 32;
    private const int Frame = 24 + 4096;

    private SyncRig _rig = null!;
    private byte[] _base = [];
    private byte[] _log = [];
    private List<Guid> _runs = [];

    // Runs that lie further apart than the guard band is long.
    public async Task InitializeAsync()
    {
        _rig = await SyncRig.StartAsync(new DateTimeOffset(2024, 5, 4, 12, 0, 0, TimeSpan.Zero), new SyncOptions { BatchSize = 5 });
        for (var i = 0; i < 20; i++) _rig.Insert(_rig.Local.AddHours(-4).AddMinutes(i));
        Assert.Null((await _rig.RunAsync()).Error);
        _base = File.ReadAllBytes(_rig.Watermarks.Path);
        _runs = [.. Enumerable.Range(0, 30)
            .Select(i => _rig.Insert(_rig.Local.AddHours(-3).AddMinutes(i), serial: i % 10 == 0 ? " " : null))];
        // While somebody has it open, the log is not written back into the database and removed.
        using (new StateDatabase(_rig.State).KeepOpen())
        {
            Assert.NotNull(_rig.Watermarks.Load());
            Assert.Null((await _rig.RunAsync()).Error);
            _log = ReadShared(_rig.Watermarks.Path + "-wal");
            Assert.Equal(_base, ReadShared(_rig.Watermarks.Path));
        }
        Assert.True(_log.Length > 20 * Frame, $"{_log.Length}");
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task The_position_is_one_that_was_saved_and_no_run_before_it_is_missing_whatever_part_of_the_log_is_on_the_disk()
    {
        var random = new Random(11);
        var sent = _rig.Wats.Store.Ids.ToHashSet();
        var letters = (await _rig.Letters.ReadAsync().ToListAsync()).ToDictionary(letter => letter.RunId);
        var positions = new SortedSet<DateTime>();
        var lengths = Enumerable.Range(0, _log.Length / Frame + 1).Select(n => Header + n * Frame)
            .SelectMany(end => (int[])[end, end + random.Next(1, Frame)]).Prepend(0).Prepend(17).Where(n => n <= _log.Length);
        foreach (var length in lengths)
        {
            Cut(length);
            var position = _rig.Watermarks.Load()!.Position!;
            positions.Add(position.Timestamp);
            var rows = SyncTestData.Rows(_rig.Watermarks);
            Assert.All(rows.Values.Where(row => row.State is LedgerState.Sent or LedgerState.Confirmed),
                row => Assert.Contains(row.RunId, sent));
            // A run without a report has its letter, in this very state, before anything says so.
            foreach (var row in rows.Values.Where(row => row.State == LedgerState.Letter))
                Assert.Equal(letters[row.RunId].Findings, (await _rig.Letters.FindAsync(row.RunId))!.Findings);
            Assert.Equal(rows.Values.Count(row => row.Timestamp <= position.Timestamp), await BehindAsync(position));
        }
        // Each save of five runs is among them, and nothing between two saves.
        Assert.InRange(positions.Count, 4, 8);
    }

    [Fact]
    public async Task A_sync_from_any_part_of_the_log_ends_with_every_run_in_wats_as_it_is_today()
    {
        var random = new Random(13);
        for (var length = 0; length <= _log.Length; length += random.Next(1, 8 * Frame))
        {
            Cut(length);
            var posts = _rig.Wats.Requests.Posts;
            // Nothing is posted before it is written down: what this part does not know of was not in WATS.
            var known = SyncTestData.Rows(_rig.Watermarks).Keys.Where(run => _rig.Wats.Store.Find(run) is not null).Order().ToList();
            _rig.AddSteps(known[random.Next(known.Count)], 1);
            Assert.Null((await _rig.RunAsync()).Error);
            Assert.Equal(3, _rig.Letters.Count());
            await _rig.AssertCompleteAsync();
            // The changed one, and what was in doubt: no more than one batch of posts.
            Assert.InRange(_rig.Wats.Requests.Posts - posts, 1, 41);
            Assert.Equal(0, _rig.Scalar("SELECT COUNT(*) FROM Ledger WHERE State = 1"));
        }
        Assert.Empty(_rig.Wats.Store.Swallowed);
    }

    private async Task<int> BehindAsync(WatermarkPosition position)
    {
        await using var source = await _rig.OpenAsync();
        return await source.ReadAsync(new Core.Vte.Reading.TestRunQuery { HeaderOnly = true }, CancellationToken.None)
            .CountAsync(run => run.Timestamp <= position.Timestamp);
    }

    private void Cut(int length)
    {
        foreach (var file in Directory.GetFiles(_rig.State, "state.db*")) File.Delete(file);
        File.WriteAllBytes(_rig.Watermarks.Path, _base);
        if (length > 0) File.WriteAllBytes(_rig.Watermarks.Path + "-wal", _log[..Math.Min(length, _log.Length)]);
    }

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }
}
