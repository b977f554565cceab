using System.Globalization;
using System.Text;
using VteWats.Core.Diagnostics;
using VteWats.Core.IO;

namespace VteWats.Core.Sync.State;

/// <summary>
/// The right to sync a site: one holder at a time. It is a lock on a file beside the state, which the system frees when the holder ends,
/// however it ends. Who holds it is written to a second file, because the locked one cannot be read.
/// </summary>
public sealed class SyncLease : IDisposable
{
    /// <summary>Purpose of a sync that is no backfill.</summary>
    internal const string Live = "sync";

    private readonly FileStream _lock;
    private readonly string _holderFile;

    private SyncLease(FileStream held, string holderFile)
    {
        _lock = held;
        _holderFile = holderFile;
    }

    /// <param name="stateFolder">The state folder.</param>
    /// <param name="site">Name of the site.</param>
    /// <param name="purpose"><c>sync</c>, or <c>backfill</c>, which may run beside it.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="VteWatsException"><c>SyncAlreadyRunning</c>: somebody else has it, and who; <c>StateNotWritable</c>.</exception>
    public static SyncLease Acquire(string stateFolder, string site, string purpose = Live, TimeProvider? time = null)
    {
        var path = new SiteFiles(stateFolder, site).Lease(purpose);
        var holderFile = Path.ChangeExtension(path, ".holder");
        var held = Try(path) ?? throw new VteWatsException(
            ErrorKind.SyncAlreadyRunning, $"A {purpose} of '{site}' is running already{Holder(holderFile)}.",
            "Nothing is to be done: that one does the work. If it hangs, end its process; the lease is free at once.", site);
        try
        {
            var now = (time ?? TimeProvider.System).GetUtcNow();
            var holder = string.Create(
                CultureInfo.InvariantCulture,
                $"process {Environment.ProcessId} of {Environment.UserName} on {Environment.MachineName}, since "
                + $"{now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");
            AtomicFile.Write(holderFile, Encoding.UTF8.GetBytes(holder));
            return new SyncLease(held, holderFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            held.Dispose();
            throw StateFile<Watermark>.NotWritable(holderFile, e);
        }
    }

    public void Dispose()
    {
        try { File.Delete(_holderFile); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { /* the next holder writes its own */ }
        _lock.Dispose();
    }

    private static FileStream? Try(string path)
    {
        try
        {
            return FileLock.Try(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StateFile<Watermark>.NotWritable(path, e);
        }
    }

    private static string Holder(string file)
    {
        try
        {
            return $": {File.ReadAllText(file)}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
