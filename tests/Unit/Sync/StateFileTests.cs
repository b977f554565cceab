using VteWats.Core.Diagnostics;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte;
using VteWats.Unit.Support;

namespace VteWats.Unit.Sync;

public sealed class StateFileTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly WatermarkStore _store;

    public StateFileTests() => _store = new WatermarkStore(_folder.Path, "Oslo");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void State_cut_at_any_byte_is_unreadable_and_never_empty()
    {
        SyncTestData.Sync(_store, [SyncTestData.At(0), SyncTestData.At(1)]);
        var whole = File.ReadAllBytes(_store.Path);
        // The line end after the last brace carries nothing.
        for (var length = 0; length < whole.Length - 1; length++)
        {
            File.WriteAllBytes(_store.Path, whole[..length]);
            var error = Assert.Throws<VteWatsException>(_store.Load);
            Assert.Equal(ErrorKind.StateUnreadable, error.Error);
        }
    }

    [Fact]
    public void State_with_any_byte_changed_is_never_taken_for_true()
    {
        SyncTestData.Sync(_store, [SyncTestData.At(0)]);
        var before = _store.Load()!;
        var whole = File.ReadAllBytes(_store.Path);
        for (var i = 0; i < whole.Length; i++)
        {
            var changed = (byte[])whole.Clone();
            changed[i] ^= 0x01;
            File.WriteAllBytes(_store.Path, changed);
            try
            {
                // White space between the parts may change without harm.
                Assert.Equal(before.Position, _store.Load()!.Position);
            }
            catch (VteWatsException e)
            {
                Assert.Contains(e.Error, (ErrorKind[])[ErrorKind.StateUnreadable, ErrorKind.StateNewer]);
            }
        }
    }

    [Fact]
    public void The_error_names_the_file_its_copy_and_the_safe_commands()
    {
        SyncTestData.Sync(_store, [SyncTestData.At(0)]);
        SyncTestData.Sync(_store, [SyncTestData.At(1)]);
        File.WriteAllText(_store.Path, "{");
        var error = Assert.Throws<VteWatsException>(_store.Load);
        Assert.Contains(_store.Path, error.Message, StringComparison.Ordinal);
        foreach (var part in (string[])[_store.Path + ".previous", "Undo-VteWatermark", "Set-VteWatermark", "Reset-VteWatermark"])
            Assert.Contains(part, error.Advice, StringComparison.Ordinal);
        Assert.Equal("{", File.ReadAllText(_store.Path));
    }

    [Fact]
    public void Undo_of_an_unreadable_state_goes_back_to_the_copy_and_keeps_the_damaged_file()
    {
        SyncTestData.Sync(_store, [SyncTestData.At(0)]);
        SyncTestData.Sync(_store, [SyncTestData.At(1)]);
        File.WriteAllText(_store.Path, "{");
        Assert.Equal(SyncTestData.Noon, _store.Undo("cut by a full disk").Position!.Timestamp);
        Assert.Equal("{", File.ReadAllText(Assert.Single(Directory.GetFiles(_folder.Path, "*.damaged"))));
        Assert.Equal(SyncTestData.Noon, _store.Load()!.Position!.Timestamp);
    }

    [Fact]
    public void State_of_a_newer_release_and_state_of_another_kind_are_refused()
    {
        SyncTestData.Sync(_store, [SyncTestData.At(0)]);
        var text = File.ReadAllText(_store.Path);
        File.WriteAllText(_store.Path, text.Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal));
        Assert.Equal(ErrorKind.StateNewer, Assert.Throws<VteWatsException>(_store.Load).Error);
        File.WriteAllText(_store.Path, text.Replace("VteWats.Watermark", "VteWats.Backfill", StringComparison.Ordinal));
        Assert.Equal(ErrorKind.StateUnreadable, Assert.Throws<VteWatsException>(_store.Load).Error);
    }

    [Fact]
    public void State_that_was_deleted_while_its_copy_is_there_is_no_first_sync()
    {
        SyncTestData.Sync(_store, [SyncTestData.At(0)]);
        SyncTestData.Sync(_store, [SyncTestData.At(1)]);
        File.Delete(_store.Path);
        Assert.Equal(ErrorKind.StateUnreadable, Assert.Throws<VteWatsException>(_store.Load).Error);
        Assert.Equal(SyncTestData.Noon, _store.Undo("it was deleted").Position!.Timestamp);
    }

    [Fact]
    public void A_state_folder_that_cannot_be_written_to_is_an_error_and_the_reading_loses_nothing()
    {
        // A file in the place of the folder: rights alone do not stop the super-user that runs tests in containers.
        var file = _folder.File("state");
        File.WriteAllText(file, "");
        var store = new WatermarkStore(file, "Oslo");
        var reading = new ReadSession("Oslo", SyncTestData.Source, SyncTestData.Band(null));
        reading.Acknowledge(reading.Admit(SyncTestData.At(0))!.Mark!.Sequence);
        Assert.Equal(ErrorKind.StateNotWritable, Assert.Throws<VteWatsException>(() => store.Advance(reading, SyncTestData.Target)).Error);
        File.Delete(file);
        Assert.NotNull(store.Advance(reading, SyncTestData.Target));
    }

    [Fact]
    public void No_temporary_file_is_left_and_the_content_is_plain_text_for_people()
    {
        for (var i = 0; i < 5; i++) SyncTestData.Sync(_store, [SyncTestData.At(i)]);
        Assert.Equal(
            ["oslo.watermark.json", "oslo.watermark.json.previous", "oslo.watermark.lock"],
            Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Contains("\"timestamp\": \"2024-06-01T12:04:00\"", File.ReadAllText(_store.Path), StringComparison.Ordinal);
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
}
