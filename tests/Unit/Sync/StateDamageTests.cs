using Dapper;
using Microsoft.Data.Sqlite;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte;
using VteWats.Unit.Support;

namespace VteWats.Unit.Sync;

/// <summary>State that was cut, changed, deleted, or that somebody else wrote.</summary>
public sealed class StateDamageTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly WatermarkStore _store;

    public StateDamageTests() => _store = new WatermarkStore(_folder.Path, "Oslo");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void State_cut_at_any_byte_is_unreadable_and_never_empty()
    {
        SyncTestData.Sync(_store, [SyncTestData.At(0), SyncTestData.At(1)]);
        var (whole, position) = (File.ReadAllBytes(_store.Path), _store.Load()!.Position);
        // A database reads whole pages: cuts within one are alike.
        var cuts = Enumerable.Range(0, 200).Concat(Enumerable.Range(0, whole.Length / 256).Select(n => n * 256 + n % 256))
            .Append(whole.Length - 1).Where(length => length < whole.Length);
        foreach (var length in cuts)
        {
            File.WriteAllBytes(_store.Path, whole[..length]);
            // What lacks only of the last page may be empty space.
            if (length > whole.Length - 4096 && Record.Exception(() => Assert.Equal(position, _store.Load()!.Position)) is null) continue;
            Assert.Equal(ErrorKind.StateUnreadable, Assert.Throws<VteWatsException>(_store.Load).Error);
        }
    }

    [Fact]
    public void State_with_any_byte_changed_is_never_taken_for_true()
    {
        SyncTestData.Sync(_store, [SyncTestData.At(0)]);
        var before = _store.Load()!;
        var whole = File.ReadAllBytes(_store.Path);
        var refused = 0;
        foreach (var i in BytesToChange(whole))
        {
            var changed = (byte[])whole.Clone();
            changed[i] ^= 0x01;
            File.WriteAllBytes(_store.Path, changed);
            try
            {
                Assert.Equal(before.Position, _store.Load()!.Position);
            }
            catch (VteWatsException e)
            {
                Assert.Contains(e.Error, (ErrorKind[])[ErrorKind.StateUnreadable, ErrorKind.StateNewer, ErrorKind.StateForeign]);
                refused++;
            }
        }
        Assert.True(refused > 100, $"{refused} refused");
    }

    // All that carries something of the page with the position, and a third of what the others carry; most of the file is empty space.
    private static IEnumerable<int> BytesToChange(byte[] whole)
    {
        const int Page = 4096;
        var site = whole.AsSpan().LastIndexOf("sqlserver:plant"u8) / Page;
        return Enumerable.Range(0, whole.Length).Where(i => whole[i] != 0 ? i / Page == site || i % 3 == 0 : i % 97 == 0);
    }

    [Fact]
    public void A_position_that_was_changed_in_the_table_is_told_and_not_used()
    {
        SyncTestData.Sync(_store, [SyncTestData.At(0)]);
        Execute("UPDATE Site SET PositionTimestamp = PositionTimestamp + 1");
        var error = Assert.Throws<VteWatsException>(_store.Load);
        Assert.Equal(ErrorKind.StateUnreadable, error.Error);
        Assert.Contains("'Oslo'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE Change SET ToPosition = '{'")]
    [InlineData("UPDATE Change SET Session = x'00'")]
    [InlineData("UPDATE Change SET At = -1")]
    public void A_history_that_cannot_be_read_is_told_like_any_damage(string damage)
    {
        SyncTestData.Sync(_store, [SyncTestData.At(0)]);
        Execute(damage);
        Assert.Equal(ErrorKind.StateUnreadable, Assert.Throws<VteWatsException>(_store.Load).Error);
    }

    [Fact]
    public void The_error_names_the_file_its_copy_and_the_safe_commands_and_the_file_stays_as_it_is()
    {
        SyncTestData.Sync(_store, [SyncTestData.At(0)]);
        File.WriteAllText(_store.Path, "{ no database, and longer than the header of one: " + new string('x', 4096));
        var damaged = File.ReadAllBytes(_store.Path);
        var error = Assert.Throws<VteWatsException>(_store.Load);
        Assert.Contains(_store.Path, error.Message, StringComparison.Ordinal);
        foreach (var part in (string[])["Test-VteWatsState", "Set-VteWatermark -FromFile", ".watermark.json", "Reset-VteWatermark"])
            Assert.Contains(part, error.Advice, StringComparison.Ordinal);
        Assert.Throws<VteWatsException>(() => SyncTestData.Sync(_store, [SyncTestData.At(1)]));
        Assert.Throws<VteWatsException>(() => _store.Restore(_store.CopyPath, "not over what is damaged"));
        Assert.Equal(damaged, File.ReadAllBytes(_store.Path));
    }

    [Fact]
    public void The_position_of_a_damaged_state_comes_back_from_its_copy_and_the_damaged_file_is_kept()
    {
        SyncTestData.Sync(_store, [SyncTestData.At(0)]);
        SyncTestData.Sync(_store, [SyncTestData.At(1)]);
        var position = _store.Load()!.Position;
        File.WriteAllText(_store.Path, "{");
        File.Move(_store.Path, _store.Path + ".damaged");
        Assert.Equal(position, _store.Restore(_store.CopyPath, "cut by a full disk").Position);
        Assert.Equal("{", File.ReadAllText(_store.Path + ".damaged"));
        var restored = _store.Load()!;
        Assert.Equal(position, restored.Position);
        Assert.Equal(("cut by a full disk", SyncTestData.Source), (Assert.Single(restored.History).Why, restored.Source));
    }

    [Fact]
    public void State_of_a_newer_release_and_a_database_of_somebody_else_are_refused_and_left_alone()
    {
        SyncTestData.Sync(_store, [SyncTestData.At(0)]);
        Execute("UPDATE Meta SET Value = '2' WHERE Name = 'version'");
        var bytes = File.ReadAllBytes(_store.Path);
        var newer = Assert.Throws<VteWatsException>(_store.Load);
        Assert.Equal(ErrorKind.StateNewer, newer.Error);
        Assert.Contains(_store.Path, newer.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(_store.Path));

        Execute("UPDATE Meta SET Value = 'VteWats.Something' WHERE Name = 'format'");
        Assert.Equal(ErrorKind.StateForeign, Assert.Throws<VteWatsException>(_store.Load).Error);

        File.Delete(_store.Path);
        using (var other = new SqliteConnection(Writable)) other.Execute("CREATE TABLE Addresses (Name TEXT)");
        var foreign = Assert.Throws<VteWatsException>(() => SyncTestData.Sync(_store, [SyncTestData.At(1)]));
        Assert.Equal(ErrorKind.StateForeign, foreign.Error);
        using var after = new SqliteConnection(Writable);
        Assert.Equal(["Addresses"], after.Query<string>("SELECT name FROM sqlite_master"));
    }

    [Fact]
    public void State_that_was_deleted_while_its_copy_is_there_is_no_first_sync()
    {
        SyncTestData.Sync(_store, [SyncTestData.At(0)]);
        SyncTestData.Sync(_store, [SyncTestData.At(1)]);
        var position = _store.Load()!.Position;
        File.Delete(_store.Path);
        var error = Assert.Throws<VteWatsException>(_store.Load);
        Assert.Equal(ErrorKind.StateUnreadable, error.Error);
        Assert.Contains($"Set-VteWatermark -Site Oslo -FromFile '{_store.CopyPath}'", error.Advice, StringComparison.Ordinal);
        Assert.Equal(position, _store.Restore(_store.CopyPath, "it was deleted").Position);
        Assert.Equal(position, _store.Load()!.Position);
    }

    [Fact]
    public void An_emptied_state_is_not_sound_though_a_new_database_was_made_in_its_place()
    {
        SyncTestData.Sync(_store, [SyncTestData.At(0)]);
        File.WriteAllBytes(_store.Path, []);
        Assert.Equal(ErrorKind.StateUnreadable, Assert.Throws<VteWatsException>(_store.Load).Error);
        var report = StateCheck.Run(_folder.Path)!;
        Assert.False(report.IsSound);
        Assert.Contains("'Oslo'", Assert.Single(report.Findings), StringComparison.Ordinal);
        Assert.Contains("-FromFile", report.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void The_log_of_a_database_that_was_emptied_is_not_removed()
    {
        SyncTestData.Sync(_store, [SyncTestData.At(0)]);
        File.WriteAllBytes(_store.Path, []);
        var log = new byte[8192];
        File.WriteAllBytes(_store.Path + "-wal", log);
        File.Delete(_store.CopyPath);
        var error = Assert.Throws<VteWatsException>(_store.Load);
        Assert.Equal(ErrorKind.StateUnreadable, error.Error);
        Assert.Contains("state.db-wal", error.Message, StringComparison.Ordinal);
        Assert.Throws<VteWatsException>(() => SyncTestData.Sync(_store, [SyncTestData.At(1)]));
        Assert.Empty(File.ReadAllBytes(_store.Path));
        Assert.Equal(log, File.ReadAllBytes(_store.Path + "-wal"));
    }

    [Fact]
    public void A_copy_that_is_deleted_or_cannot_be_written_harms_nothing_and_comes_back_with_the_next_move()
    {
        SyncTestData.Sync(_store, [SyncTestData.At(0)]);
        File.Delete(_store.CopyPath);
        Directory.CreateDirectory(_store.CopyPath);
        SyncTestData.Sync(_store, [SyncTestData.At(1)]);
        Assert.Equal(SyncTestData.Noon.AddMinutes(1), _store.Load()!.Position!.Timestamp);
        Directory.Delete(_store.CopyPath);
        SyncTestData.Sync(_store, [SyncTestData.At(2)]);
        Assert.Contains("\"timestamp\": \"2024-06-01T12:02:00\"", File.ReadAllText(_store.CopyPath), StringComparison.Ordinal);
    }

    [Fact]
    public void A_position_is_restored_from_the_sealed_files_of_earlier_builds_too()
    {
        var file = _folder.File("old.json");
        File.WriteAllText(file, """
            { "format": "VteWats.Watermark", "version": 1, "sha256": "00",
              "content": { "site": "Oslo", "source": "sqlserver:plant/VTE9_3", "target": "https://wats.example.test",
                "position": { "timestamp": "2024-06-01T12:00:00", "runId": "11111111-2222-3333-4444-555555555555",
                    "instant": "2024-06-01T10:00:00+00:00" },
                "generation": 3, "known": [], "history": [] } }
            """);
        var restored = _store.Restore(file, "from the old file");
        Assert.Equal(SyncTestData.Noon, restored.Position!.Timestamp);
        Assert.Equal(new Guid("11111111-2222-3333-4444-555555555555"), restored.Position.RunId);
        Assert.Equal(SyncTestData.Source, restored.Source);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{ \"site\": \"Oslo\" }")]
    [InlineData("{ \"site\": \"Oslo\", \"position\": null }")]
    [InlineData("{ \"format\": \"VteWats.Watermark\", \"content\": 7 }")]
    public void What_is_no_copy_of_a_watermark_restores_nothing(string text)
    {
        var file = _folder.File("copy.json");
        File.WriteAllText(file, text);
        Assert.Equal(ErrorKind.StateUnreadable, Assert.Throws<VteWatsException>(() => _store.Restore(file, "x")).Error);
        Assert.Null(_store.Load());
    }

    [Fact]
    public void The_copy_of_another_site_and_a_file_that_is_not_there_restore_nothing()
    {
        var bergen = new WatermarkStore(_folder.File("other"), "Bergen");
        bergen.Set(new WatermarkPosition(SyncTestData.Noon, Guid.Empty, SyncTestData.Oslo.ToInstant(SyncTestData.Noon)), "begin");
        Assert.Equal(ErrorKind.StateForeign, Assert.Throws<VteWatsException>(() => _store.Restore(bergen.CopyPath, "x")).Error);
        Assert.Equal(ErrorKind.StateUnreadable, Assert.Throws<VteWatsException>(() => _store.Restore(_folder.File("none"), "x")).Error);
    }

    private string Writable => new SqliteConnectionStringBuilder { DataSource = _store.Path, Pooling = false }.ConnectionString;

    private void Execute(string sql)
    {
        using (var direct = new SqliteConnection(Writable)) direct.Execute(sql);
    }
}
