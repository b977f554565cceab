
namespace VteWats.Core.IO;

/// <summary>An exclusive lock on a file that the system frees when the process ends, however it ends. The file itself stays.</summary>
internal static class FileLock
{
    /// <summary>The lock, or null when somebody else has it.</summary>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
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
    }

    /// <summary>The lock, after waiting for whoever has it.</summary>
    /// <exception cref="IOException">Somebody else has it still after <paramref name="patience"/>, or the folder cannot be written
    /// to.</exception>
    public static FileStream Wait(string path, TimeSpan patience)
    {
        var end = DateTime.UtcNow + patience;
        while (true)
        {
            if (Try(path) is { } held) return held;
            if (DateTime.UtcNow > end) throw new IOException(
                $"Another process has held {path} for more than {patience.TotalSeconds} seconds. Look for a VteWats process that hangs, "
                + "and end it.");
            Thread.Sleep(10);
        }
    }

    // Windows: sharing or lock violation. Unix: EAGAIN, which .NET hands on as the error number of flock.
    private static bool IsHeld(IOException e) => OperatingSystem.IsWindows()
        ? (e.HResult & 0xFFFF) is 32 or 33
        : e.GetType() == typeof(IOException) && e.HResult is 11 or 35;
}
