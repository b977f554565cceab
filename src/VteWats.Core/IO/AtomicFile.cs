using System.Runtime.InteropServices;
using System.Text;

namespace VteWats.Core.IO;

/// <summary>
/// Replaces a file so that a crash or a power cut at any moment leaves the old content or the new one: a temporary file in the same
/// folder, flushed to disk, then renamed over the old one, and the folder flushed where the system can.
/// </summary>
internal static class AtomicFile
{
    private const int Attempts = 10;

    /// <param name="path">The file.</param>
    /// <param name="content">Its new content.</param>
    /// <param name="ownerOnly">On Unix nobody but the owner may read it; on Windows the folder says who may.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, bool ownerOnly = false)
    {
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None,
                BufferSize = 0
            };
            if (ownerOnly && !OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(temporary, options))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            Rename(temporary, path);
        }
        catch (ArgumentOutOfRangeException e)
        {
            // What .NET makes of a file that grows over the limit of the system or of a quota.
            Discard(temporary);
            throw new IOException("The file would be larger than the system allows.", e);
        }
        catch
        {
            Discard(temporary);
            throw;
        }
        FlushFolder(folder);
    }

    /// <summary>Renames over what is there. A virus scanner or a backup that has the file open for a moment is waited for.</summary>
    public static void Rename(string from, string to)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                File.Move(from, to, overwrite: true);
                return;
            }
            catch (Exception e) when (OperatingSystem.IsWindows() && attempt < Attempts && e is IOException or UnauthorizedAccessException
                && File.Exists(from))
            {
                Thread.Sleep(20 * attempt);
            }
        }
    }

    /// <summary>Removes the temporary files that killed processes left behind.</summary>
    public static void Sweep(string folder)
    {
        if (!Directory.Exists(folder)) return;
        foreach (var left in Directory.EnumerateFiles(folder, ".*.tmp"))
        {
            // A younger one may belong to a writer that is at work.
            if (DateTime.UtcNow - File.GetLastWriteTimeUtc(left) > TimeSpan.FromHours(1)) Discard(left);
        }
    }

    private static void Discard(string path)
    {
        try { File.Delete(path); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { /* swept up later */ }
    }

    // Windows writes the rename through its own journal; on Unix the name is only safe when the folder is flushed.
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var handle = Native.Open(Encoding.UTF8.GetBytes(folder + "\0"), 0);
        if (handle < 0) return;
        _ = Native.Fsync(handle);
        _ = Native.Close(handle);
    }

    private static class Native
    {
        [DllImport("libc", EntryPoint = "open")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Open(byte[] path, int flags);

        [DllImport("libc", EntryPoint = "fsync")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Fsync(int handle);

        [DllImport("libc", EntryPoint = "close")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Close(int handle);
    }
}
