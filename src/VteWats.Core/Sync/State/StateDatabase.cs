using System.Data;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Sync.State;

/// <summary>
/// The state of all sites of a state folder, in one SQLite database with a write-ahead log that is flushed at each commit: a crash or a
/// power cut
/// at any byte leaves the state before the last change or after it. What cannot be trusted is an error, never an empty state.
/// </summary>
public sealed class StateDatabase
{
    /// <summary>Seconds that a writer waits for another one.</summary>
    private const int BusySeconds = 15;

    /// <summary>The same for <see cref="Beside"/>.</summary>
    private const int BesideSeconds = 2;

    private static readonly Dictionary<string, Kept> Open = new(StringComparer.Ordinal);

    /// <param name="folder">The state folder. It is made when something is written for the first time.</param>
    public StateDatabase(string folder)
    {
        Folder = System.IO.Path.GetFullPath(folder);
        Path = System.IO.Path.Combine(Folder, "state.db");
    }

    public string Folder { get; }

    /// <summary>The database file.</summary>
    public string Path { get; }

    /// <summary>True when there is state at all.</summary>
    public bool Exists => File.Exists(Path);

    /// <summary>Keeps one connection open until it is disposed, for whoever reads and writes often.</summary>
    public IDisposable KeepOpen()
    {
        lock (Open)
        {
            if (!Open.TryGetValue(Path, out var kept)) Open[Path] = kept = new Kept();
            kept.Holders++;
            return new Hold(Path, kept);
        }
    }

    /// <summary>Reads; null (or zero, or nothing) where there is no state yet.</summary>
    /// <exception cref="VteWatsException"><c>StateUnreadable</c>, <c>StateNewer</c>, <c>StateForeign</c>.</exception>
    internal T? Read<T>(Func<SqliteConnection, T> read) => Use(read, make: false);

    /// <summary>Writes in one transaction, which is on disk when this returns.</summary>
    /// <exception cref="VteWatsException">
    /// <c>StateNotWritable</c>: disk full, no right, no folder: the state is as it was; <c>StateUnreadable</c>; <c>LeaseLost</c>: somebody
    /// else holds
    /// the lease by now.
    /// </exception>
    internal T Write<T>(SyncLease? lease, Func<SqliteConnection, SqliteTransaction, T> write) => Use(
        connection =>
        {
            using var transaction = connection.BeginTransaction();
            lease?.EnsureHeld(connection, transaction);
            var result = write(connection, transaction);
            transaction.Commit();
            return result;
        },
        make: true)!;

    internal void Write(SyncLease? lease, Action<SqliteConnection, SqliteTransaction> write) => Write(lease, (connection, transaction) =>
    {
        write(connection, transaction);
        return 0;
    });

    /// <summary>
    /// A connection of its own for what a sync must not wait for: it gives up after two seconds, and its commits are not flushed one by one
    /// (a power cut may take the last ones, and damages nothing).
    /// </summary>
    /// <exception cref="VteWatsException">As for writing.</exception>
    internal T Beside<T>(bool make, Func<SqliteConnection, T> work, T absent)
    {
        try
        {
            if (!Exists)
            {
                if (!make) return absent;
                StateFolder.Prepare(this);
            }
            using var connection = Connect(BesideSeconds);
            return work(connection);
        }
        catch (SqliteException e)
        {
            throw Failure(e, BesideSeconds);
        }
        catch (Exception e) when (e is DataException or JsonException or ArgumentException or InvalidCastException
            or InvalidOperationException or FormatException or OverflowException)
        {
            throw Unreadable($"a row in it is damaged ({e.Message})", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(e);
        }
    }

    internal VteWatsException NotWritable(Exception e) => new(
        ErrorKind.StateNotWritable, $"The state cannot be written to {Path}: {e.Message} What was there before is still there.",
        "Make room on the disk, or give the account that runs this the right to write in the state folder. Then run it again: it goes on "
        + "where it was.", Path, e);

    internal VteWatsException Unreadable(string why, Exception? e = null) => new(
        ErrorKind.StateUnreadable, $"The state database {Path} cannot be used: {why}",
        "Test-VteWatsState says what is wrong with it. Put it out of the way (keep it) together with its -wal and -shm files; then "
        + "Set-VteWatermark -FromFile restores each position from the readable copy SITE.watermark.json beside it, or "
        + "Reset-VteWatermark starts "
        + "over. Runs that are read again are found in WATS and not sent twice.", Path, e);

    /// <summary>The connection that is kept, or one for this call only. One caller at a time within the process.</summary>
    private T? Use<T>(Func<SqliteConnection, T> work, bool make)
    {
        try
        {
            Kept? kept;
            lock (Open) kept = Open.GetValueOrDefault(Path);
            if (kept is not null) Monitor.Enter(kept);
            try
            {
                // A file that was removed lives on for whoever has it open, and takes what is written to it into its grave.
                if (kept?.Connection is not null && !Exists) throw Unreadable("it was removed while it was in use.");
                if (!Exists)
                {
                    if (!make) return default;
                    StateFolder.Prepare(this);
                }
                // Whoever kept it may have let it go meanwhile.
                if (kept is null or { Holders: 0 })
                {
                    using var connection = Connect();
                    return work(connection);
                }
                kept.Connection ??= Connect();
                return work(kept.Connection);
            }
            finally
            {
                if (kept is not null) Monitor.Exit(kept);
            }
        }
        catch (SqliteException e)
        {
            throw Failure(e);
        }
        catch (Exception e) when (e is DataException or JsonException or ArgumentException or InvalidCastException
            or InvalidOperationException or FormatException or OverflowException)
        {
            // No row that was written here: bits turned over on the disk, or somebody edited it.
            throw Unreadable($"a row in it is damaged ({e.Message})", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(e);
        }
    }

    private SqliteConnection Connect(int busySeconds = BusySeconds)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = busySeconds,
        }.ConnectionString);
        try
        {
            EnsureLogBelongs();
            connection.Open();
            // What another program or a newer release made is left as it is, its journal too.
            var hasTables = connection.ExecuteScalar<long>(StateSql.TableCount) > 0;
            if (hasTables) EnsureOurs(connection);
            connection.Execute("PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; PRAGMA synchronous = "
                + (busySeconds == BusySeconds ? "FULL;" : "NORMAL;"));
            if (hasTables) return connection;
            MakeTables(connection);
            EnsureOurs(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // SQLite takes an empty file for a new database, and removes the log that may hold all that the file did. The log is looked at first:
    // whoever makes a database fills the file before the log.
    private void EnsureLogBelongs()
    {
        if (new FileInfo(Path + "-wal") is { Exists: true, Length: > 0 } && new FileInfo(Path) is { Exists: true, Length: 0 })
            throw Unreadable("it is empty, but its log state.db-wal is not. Both are left as they are.");
    }

    // Somebody else may have made them meanwhile.
    private static void MakeTables(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction();
        connection.Execute(StateSql.CreateTables, transaction: transaction);
        connection.Execute(StateSql.CreateOperatingTables + StateSql.CreateAlertTables, transaction: transaction);
        connection.Execute(StateSql.SetFormat, new { format = StateSql.Format, version = StateSql.Version }, transaction);
        transaction.Commit();
    }

    private void EnsureOurs(SqliteConnection connection)
    {
        var format = connection.ExecuteScalar<long>(StateSql.HasMeta) == 0 ? null
            : connection.QuerySingleOrDefault<string>(StateSql.GetFormat);
        if (format != StateSql.Format) throw new VteWatsException(
            ErrorKind.StateForeign, $"The database {Path} does not hold the state of VteWats.",
            "Another program made it. Give VteWats a state folder of its own with stateFolder in the configuration, or -StateFolder.",
            Path);
        var version = connection.QuerySingleOrDefault<long>(StateSql.GetVersion);
        if (version > StateSql.Version) throw new VteWatsException(
            ErrorKind.StateNewer,
            FormattableString.Invariant(
            $"The state database {Path} has format version {version}; this release knows versions up to {StateSql.Version}."),
            "A newer release of VteWats wrote it: update VteWats on this machine.", Path);
        if (version < 1) throw Unreadable("the number of its format is damaged.");
        // A release that had no status or incidents, or kept no mappings, made it: these tables hold nothing that a sync needs.
        if (connection.ExecuteScalar<long>(StateSql.HasStatus) < StateSql.OperatingTables)
            connection.Execute(StateSql.CreateOperatingTables + StateSql.CreateAlertTables);
    }

    private VteWatsException Failure(SqliteException e, int busySeconds = BusySeconds) => e.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_FORMAT =>
            Unreadable($"it is damaged ({e.Message})", e),
        // The statements are right, and so were the tables when they were made.
        SQLitePCL.raw.SQLITE_ERROR or SQLitePCL.raw.SQLITE_MISMATCH or SQLitePCL.raw.SQLITE_CONSTRAINT =>
            Unreadable($"its tables are damaged ({e.Message})", e),
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => NotWritable(new IOException(
            $"another process has held it for more than {busySeconds} seconds. Look for a VteWats process that hangs, and end it.", e)),
        SQLitePCL.raw.SQLITE_CANTOPEN when !Exists => Unreadable("it was removed while it was in use.", e),
        _ => NotWritable(e),
    };

    private sealed class Kept
    {
        public int Holders { get; set; }
        public SqliteConnection? Connection { get; set; }
    }

    private sealed class Hold(string path, Kept kept) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
            lock (Open)
            {
                if (kept.Holders > 1)
                {
                    kept.Holders--;
                    return;
                }
                Open.Remove(path);
            }
            lock (kept)
            {
                kept.Holders = 0;
                kept.Connection?.Dispose();
                kept.Connection = null;
            }
        }
    }
}
