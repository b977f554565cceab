using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using VteWats.Core.Diagnostics;
using VteWats.Core.IO;

namespace VteWats.Core.Sync.State;

/// <summary>
/// The right to write the state of a site: one holder at a time. A lock on a file keeps others on this machine out, and the system frees it
/// when the
/// holder ends, however it ends. Each holder gets the next epoch, which every write names: whoever lost the lease without noticing writes
/// nothing more.
/// </summary>
public sealed class SyncLease : IDisposable
{
    /// <summary>Purpose of all that moves the watermark, replays letters or repairs. A backfill has a purpose of its own, and runs beside
    /// it.</summary>
    internal const string Live = "sync";

    private readonly FileStream _lock;
    private readonly string _site;
    private readonly string _purpose;

    private SyncLease(FileStream held, string site, string purpose, long epoch)
    {
        _lock = held;
        _site = site;
        _purpose = purpose;
        Epoch = epoch;
    }

    /// <summary>Number of this holder; each one has the next.</summary>
    public long Epoch { get; }

    /// <param name="stateFolder">The state folder.</param>
    /// <param name="site">Name of the site.</param>
    /// <param name="purpose"><c>sync</c>, or <c>backfill</c>, which may run beside it.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="VteWatsException">
    /// <c>SyncAlreadyRunning</c>: somebody else has it, and who; <c>StateNotWritable</c>; <c>StateFolderUnsuitable</c>: locks do not lock
    /// there.
    /// </exception>
    public static SyncLease Acquire(string stateFolder, string site, string purpose = Live, TimeProvider? time = null)
    {
        var database = new StateDatabase(stateFolder);
        var path = new SiteFiles(stateFolder, site).Lease(purpose);
        // Each time: a folder that was on a disk may have been moved, with all that is in it.
        StateFolder.EnsureLocal(database.Folder);
        if (!database.Exists) StateFolder.Prepare(database);
        var held = Try(path, database) ?? throw new VteWatsException(
            ErrorKind.SyncAlreadyRunning, $"A {purpose} of '{site}' is running already{Owner(database, site, purpose)}.",
            "Nothing is to be done: that one does the work. If it hangs, end its process; the lease is free at once.", site);
        try
        {
            EnsureLocks(path, stateFolder);
            AtomicFile.Sweep(database.Folder);
            var now = (time ?? TimeProvider.System).GetUtcNow();
            var owner = string.Create(
                CultureInfo.InvariantCulture,
                $"process {Environment.ProcessId} of {Environment.UserName} on {Environment.MachineName}, since "
                + $"{now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");
            var epoch = database.Write(null, (connection, transaction) => connection.ExecuteScalar<long>(
                StateSql.TakeLease, new { site = Ids.Site(site), purpose, owner, since = now.UtcTicks }, transaction));
            return new SyncLease(held, site, purpose, epoch);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>Since when backfills of the site have been at work; null where none is.</summary>
    internal static DateTimeOffset? BackfillSince(string stateFolder, string site)
    {
        var database = new StateDatabase(stateFolder);
        var files = new SiteFiles(stateFolder, site);
        var known = database.Read(connection => connection.Query<(string Purpose, long Since)>(StateSql.GetBackfills,
            new { site = Ids.Site(site) }).ToList()) ?? [];
        return known.Where(lease => IsHeld(files.Lease(lease.Purpose), database))
            .Select(lease => (DateTimeOffset?)Ids.Instant(lease.Since)).Min();
    }

    private static bool IsHeld(string path, StateDatabase database)
    {
        if (!File.Exists(path)) return false;
        using var free = Try(path, database);
        return free is null;
    }

    /// <summary>To be called within every write.</summary>
    /// <exception cref="VteWatsException"><c>LeaseLost</c>: somebody else has taken it.</exception>
    internal void EnsureHeld(SqliteConnection connection, SqliteTransaction transaction)
    {
        var holds = connection.ExecuteScalar<long>(
            StateSql.HoldsLease, new { site = Ids.Site(_site), purpose = _purpose, epoch = Epoch }, transaction) == 1;
        if (!holds) throw Lost(_site, $"Another process has taken the {_purpose} of '{_site}' over");
    }

    internal static VteWatsException Lost(string site, string how) => new(
        ErrorKind.LeaseLost, $"{how}; this one writes nothing more.",
        "Nothing is to be done: the other one does the work. Runs that were posted meanwhile are found in WATS and not sent twice.", site);

    private static FileStream? Try(string path, StateDatabase database)
    {
        try
        {
            return FileLock.Try(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw database.NotWritable(e);
        }
    }

    // A file system without locks, or locks that are switched off, would let five syncs at once work.
    private static void EnsureLocks(string path, string stateFolder)
    {
        using var second = FileLock.Try(path);
        if (second is not null) throw new VteWatsException(
            ErrorKind.StateFolderUnsuitable, $"Locks on files do not lock in the state folder {stateFolder}: two syncs could work at once.",
            "Put the state folder on a local disk with a usual file system, and do not set DOTNET_SYSTEM_IO_DISABLEFILELOCKING.",
            stateFolder);
    }

    private static string Owner(StateDatabase database, string site, string purpose)
    {
        try
        {
            var owner = database.Read(connection => connection.QuerySingleOrDefault<string>(StateSql.GetOwner,
                new { site = Ids.Site(site), purpose }));
            return owner is null ? "" : $": {owner}";
        }
        catch (VteWatsException)
        {
            return "";
        }
    }
}
