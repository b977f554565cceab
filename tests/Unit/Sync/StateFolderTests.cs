using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte;
using VteWats.Unit.Support;

namespace VteWats.Unit.Sync;

/// <summary>Where the state lies, who may read it, and who may write it.</summary>
public sealed class StateFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly WatermarkStore _store;

    public StateFolderTests() => _store = new WatermarkStore(_folder.Path, "Oslo");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_state_folder_that_cannot_be_written_to_is_an_error_and_the_reading_loses_nothing()
    {
        // A file in the place of the folder: rights alone do not stop the super-user that runs tests in containers.
        var file = _folder.File("state");
        File.WriteAllText(file, "");
        var store = new WatermarkStore(file, "Oslo");
        var reading = new ReadSession("Oslo", SyncTestData.Source, SyncTestData.At((Watermark?)null));
        reading.Acknowledge(reading.Admit(SyncTestData.At(0))!.Mark!.Sequence, RunOutcome.Sent);
        Assert.Equal(ErrorKind.StateNotWritable, Assert.Throws<VteWatsException>(() => store.Advance(reading, SyncTestData.Target)).Error);
        File.Delete(file);
        Assert.NotNull(store.Advance(reading, SyncTestData.Target));
        Assert.Single(SyncTestData.Rows(store));
    }

    [Fact]
    public void Nothing_but_the_database_and_the_copy_is_left_and_the_copy_is_plain_text_for_people()
    {
        for (var i = 0; i < 5; i++) SyncTestData.Sync(_store, [SyncTestData.At(i)]);
        Assert.Equal(["oslo.watermark.json", "state.db"],
            Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Contains("\"timestamp\": \"2024-06-01T12:04:00\"", File.ReadAllText(_store.CopyPath), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_but_the_owner_may_read_state_and_letters()
    {
        if (OperatingSystem.IsWindows()) return;   // its access list is shown by a test of its own
        var state = _folder.File("state");
        using (new StateDatabase(state).KeepOpen())
        using (SyncLease.Acquire(state, "Oslo"))
        {
            SyncTestData.Sync(new WatermarkStore(state, "Oslo"), [SyncTestData.At(0)]);
            await new DeadLetterStore(state,
                "Oslo").WriteAsync(DeadLetter.From(SyncTestData.At(1), DeadLetterStage.Mapping, ["serial SN-1"]));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, ModeOf(state));
            var files = Directory.GetFiles(state);
            Assert.Contains(files, file => file.EndsWith("-wal", StringComparison.Ordinal));
            Assert.All(files, file => Assert.Equal((file, UnixFileMode.UserRead | UnixFileMode.UserWrite), (file, ModeOf(file))));
        }
    }

    [Theory]
    [InlineData("/mnt/nas/state", "/mnt/nas")]
    [InlineData("/mnt/nas", "/mnt/nas")]
    [InlineData("/mnt/nas2/state", "/")]
    [InlineData("/srv/state", "/")]
    public void A_folder_lies_on_the_nearest_drive_above_it(string folder, string drive)
    {
        if (OperatingSystem.IsWindows()) return;   // drives have letters there
        Assert.Equal(drive, StateFolder.DriveOf(folder, ["/", "/mnt/nas", "/proc"]));
    }

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);

    [Fact]
    public void What_killed_processes_left_half_written_is_swept_up()
    {
        Directory.CreateDirectory(_folder.Path);
        var (old, young) = (_folder.File(".oslo.watermark.json.1.tmp"), _folder.File(".oslo.watermark.json.2.tmp"));
        File.WriteAllText(old, "{");
        File.WriteAllText(young, "{");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddHours(-2));
        using (SyncLease.Acquire(_folder.Path, "Oslo")) Assert.False(File.Exists(old));
        Assert.True(File.Exists(young), "another process may be writing it");
    }

    [Theory]
    [InlineData("Oslo", "oslo")]
    [InlineData("CON", "~0063on")]
    [InlineData("com1", "~0063om1")]
    [InlineData("Com12", "com12")]
    [InlineData("a/b\\c:d", "a~002fb~005cc~003ad")]
    [InlineData("..", "~002e~002e")]
    [InlineData("Ålesund", "~00e5lesund")]
    public void File_names_of_a_site_are_legal_on_both_systems(string site, string stem) =>
        Assert.Equal(stem, new SiteFiles(_folder.Path, site).Stem);

    [Fact]
    public void Long_site_names_stay_short_and_distinct()
    {
        var one = new SiteFiles(_folder.Path, new string('x', 300)).Stem;
        var other = new SiteFiles(_folder.Path, new string('x', 301)).Stem;
        Assert.NotEqual(one, other);
        Assert.True(one.Length <= 80);
    }

    [Fact]
    public void A_lease_is_held_by_one_and_free_again_when_it_is_given_back()
    {
        using (SyncLease.Acquire(_folder.Path, "Oslo"))
        {
            var error = Assert.Throws<VteWatsException>(() => SyncLease.Acquire(_folder.Path, "OSLO"));
            Assert.Equal(ErrorKind.SyncAlreadyRunning, error.Error);
            Assert.Contains($"process {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
            using var beside = SyncLease.Acquire(_folder.Path, "Oslo", "backfill");
            using var other = SyncLease.Acquire(_folder.Path, "Bergen");
        }
        using var again = SyncLease.Acquire(_folder.Path, "Oslo");
    }

    [Fact]
    public async Task Whoever_lost_the_lease_without_noticing_writes_nothing_more()
    {
        using var stale = SyncLease.Acquire(_folder.Path, "Oslo");
        // The lock is gone, as when the folder was moved or the locks were forgotten by the system, and another one takes over.
        stale.Dispose();
        using var other = SyncLease.Acquire(_folder.Path, "Oslo");
        Assert.Equal(stale.Epoch + 1, other.Epoch);

        var store = new WatermarkStore(_folder.Path, "Oslo", lease: stale);
        Assert.Equal(ErrorKind.LeaseLost, Assert.Throws<VteWatsException>(() => SyncTestData.Sync(store, [SyncTestData.At(0)])).Error);
        var letters = new DeadLetterStore(_folder.Path, "Oslo") { Lease = stale };
        var letter = DeadLetter.From(SyncTestData.At(0), DeadLetterStage.Mapping, ["f"]);
        Assert.Equal(ErrorKind.LeaseLost, (await Assert.ThrowsAsync<VteWatsException>(() => letters.WriteAsync(letter))).Error);
        Assert.Null(_store.Load());
        Assert.Equal(0, letters.Count());

        SyncTestData.Sync(new WatermarkStore(_folder.Path, "Oslo", lease: other), [SyncTestData.At(0)]);
        Assert.NotNull(_store.Load());
    }

    [Fact]
    public async Task Many_who_write_at_once_wait_for_one_another_and_none_loses_anything()
    {
        var letters = Enumerable.Range(0, 60).Select(i => DeadLetter.From(SyncTestData.At(i), DeadLetterStage.Mapping, ["f"])).ToList();
        await Task.WhenAll(letters.Select((letter, i) => Task.Run(async () =>
        {
            var site = i % 2 == 0 ? "Oslo" : "Bergen";
            using var open = i % 3 == 0 ? new StateDatabase(_folder.Path).KeepOpen() : null;
            await new DeadLetterStore(_folder.Path, site).WriteAsync(letter);
        })));
        Assert.Equal((30, 30), (new DeadLetterStore(_folder.Path, "Oslo").Count(), new DeadLetterStore(_folder.Path, "Bergen").Count()));
    }
}
