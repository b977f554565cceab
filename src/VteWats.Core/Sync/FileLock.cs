using VteWats.Core.Diagnostics;

namespace VteWats.Core.Sync;

/// <summary>An exclusive lock on a file that the system frees when the process ends, however it ends. The file itself stays.</summary>
internal static class FileLock
{
    /// <summary>The lock, or null when somebody else has it.</summary>
    /// <exception cref="VteWatsException"><c>StateNotWritable</c>: the folder cannot be written to.</exception>
    public static FileStream? Try(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (IsHeld(e))
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StateFile<Watermark>.NotWritable(path, e);
        }
    }

    public static FileStream Wait(string path, TimeSpan patience)
    {
        var end = DateTime.UtcNow + patience;
        while (true)
        {
            if (Try(path) is { } held) return held;
            if (DateTime.UtcNow > end) throw new VteWatsException(
                ErrorKind.StateNotWritable, $"Another process has held {path} for more than {patience.TotalSeconds} seconds.",
                "Look for a VteWats process that hangs, and end it.", path);
            Thread.Sleep(10);
        }
    }

    // Windows: sharing or lock violation. Unix: EAGAIN, which .NET hands on as the error number of flock.
    private static bool IsHeld(IOException e) => OperatingSystem.IsWindows()
        ? (e.HResult & 0xFFFF) is 32 or 33
        : e.GetType() == typeof(IOException) && e.HResult is 11 or 35;
}
