using System.Globalization;
using VteWats.Core.Sync;
using VteWats.Core.Sync.State;
using Xunit.Abstractions;

namespace VteWats.Unit.Sync;

/// <summary>A power cut in the middle of a sync: of the write-ahead log of the state any prefix may be on the disk.</summary>
public sealed class PowerCutTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Header = 32;
    private const int Page = 4096;
    private const int Frame = 24 + Page;

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
    public async Task A_sync_from_any_part_of_the_log_ends_with_every_run_in_wats_as_it_is_today_and_sends_again_what_was_in_doubt()
    {
        var random = new Random(13);
        var posts = new PostWatch(_rig.Wats);
        posts.Next();
        var changed = new HashSet<Guid>();
        var (borders, torn, again) = (0, 0, 0);
        for (var n = 0; n <= _log.Length / Frame; n++)
        {
            await SyncFromAsync(Header + n * Frame);
            borders++;
            if (n % 3 != 0) continue;
            await SyncFromAsync(Header + n * Frame + random.Next(1, Frame));
            torn++;
        }
        Assert.Empty(_rig.Wats.Store.Swallowed);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{borders} prefixes of the log at the borders of frames and {torn} torn ones: {again} reports posted again that were in "
            + $"doubt, lost 0, twice 0"));

        async Task SyncFromAsync(int length)
        {
            Cut(length);
            var rows = SyncTestData.Rows(_rig.Watermarks);
            var doubtful = rows.Values.Where(row => row.State == LedgerState.Posting).Select(row => row.RunId).ToHashSet();
            // Nothing is posted before it is written down: what this part does not know of was not in WATS.
            var known = rows.Keys.Where(run => _rig.Wats.Store.Find(run) is not null).Order().ToList();
            var other = known[random.Next(known.Count)];
            changed.Add(other);
            _rig.AddSteps(other, 1);
            Assert.Null((await _rig.RunAsync()).Error);
            Assert.Equal(3, _rig.Letters.Count());
            await _rig.AssertCompleteAsync();
            var sentAgain = posts.Again();
            // The state of before knows the changed ones as they were before.
            Assert.Empty(sentAgain.Except(doubtful).Except(changed));
            again += sentAgain.Count(doubtful.Contains);
            Assert.Equal(0, _rig.Scalar("SELECT COUNT(*) FROM Ledger WHERE State = 1"));
        }
    }

    [Fact]
    public async Task A_database_that_is_half_written_back_from_its_log_is_whole_again_with_the_log()
    {
        // Nobody has it open any more: the log has been written back.
        var (whole, random) = (File.ReadAllBytes(_rig.Watermarks.Path), new Random(17));
        var position = _rig.Watermarks.Load()!.Position;
        var posts = new PostWatch(_rig.Wats);
        posts.Next();
        for (var i = 0; i < 20; i++)
        {
            // Pages get there in any order, and the file grows before or after.
            var torn = new byte[random.Next(2) == 0 ? whole.Length : _base.Length];
            _base.CopyTo(torn, 0);
            for (var at = 0; at < torn.Length; at += Page)
                if (random.Next(2) == 0) whole.AsSpan(at, Page).CopyTo(torn.AsSpan(at));
            Cut(_log.Length);
            File.WriteAllBytes(_rig.Watermarks.Path, torn);
            Assert.Equal(position, _rig.Watermarks.Load()!.Position);
            Assert.Null((await _rig.RunAsync()).Error);
            Assert.Empty(posts.Next());
        }
        await _rig.AssertCompleteAsync(butLetters: true);
    }

    [Fact]
    public async Task The_very_first_sync_goes_on_from_any_part_of_the_log_too()
    {
        await using var rig = await SyncRig.StartAsync(new DateTimeOffset(2024, 5, 4, 12, 0, 0, TimeSpan.Zero),
            new SyncOptions { BatchSize = 5 });
        for (var i = 0; i < 20; i++) rig.Insert(rig.Local.AddHours(-4).AddMinutes(i));
        byte[] born, log;
        using (new StateDatabase(rig.State).KeepOpen())
        {
            Assert.Null((await rig.RunAsync()).Error);
            (born, log) = (ReadShared(rig.Watermarks.Path), ReadShared(rig.Watermarks.Path + "-wal"));
        }
        var posts = new PostWatch(rig.Wats);
        posts.Next();
        for (var n = 0; n <= log.Length / Frame; n++)
        {
            Directory.Delete(rig.State, recursive: true);
            Directory.CreateDirectory(rig.State);
            File.WriteAllBytes(rig.Watermarks.Path, n == 0 ? [] : born);
            if (n > 0) File.WriteAllBytes(rig.Watermarks.Path + "-wal", log[..(Header + n * Frame)]);
            var doubtful = SyncTestData.Rows(rig.Watermarks).Values.Where(row => row.State == LedgerState.Posting)
                .Select(row => row.RunId).ToHashSet();
            Assert.Null((await rig.RunAsync()).Error);
            Assert.Empty(posts.Again().Except(doubtful));
            await rig.AssertCompleteAsync();
        }
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
