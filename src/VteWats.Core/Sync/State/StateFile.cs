using System.Text.Json.Serialization.Metadata;
using VteWats.Core.Diagnostics;
using VteWats.Core.IO;

namespace VteWats.Core.Sync.State;

/// <summary>
/// One file of state: written atomically, sealed with format version and checksum, with the copy before the last change kept beside it as
/// <c>.previous</c>. What cannot be trusted is an error, never an empty state.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="format">Name of what it holds.</param>
/// <param name="version">Version of the format.</param>
/// <param name="type">How it is written.</param>
/// <param name="advice">What to do when it cannot be read.</param>
internal sealed class StateFile<T>(string path, string format, int version, JsonTypeInfo<T> type, string advice)
    where T : class
{
    public string Path { get; } = path;
    public string PreviousPath { get; } = path + ".previous";

    /// <summary>The state; null when there has never been one.</summary>
    /// <exception cref="VteWatsException"><c>StateUnreadable</c>: damaged, or not there while its copy is; <c>StateNewer</c>: a newer
    /// release wrote it.</exception>
    public T? Read()
    {
        var text = Load(Path);
        if (text is not null) return Open(Path, text);
        // The file is written before its copy is ever looked for: a copy alone means that somebody removed the file.
        if (File.Exists(PreviousPath)) throw new VteWatsException(
            ErrorKind.StateUnreadable, $"The state file {Path} is gone, but the copy {PreviousPath} is there.", advice, Path);
        return null;
    }

    /// <summary>The state before the last change; null when there is none or it is damaged.</summary>
    public T? ReadPrevious()
    {
        try
        {
            return Load(PreviousPath) is { } text ? SealedJson.Open(format, version, text, type) : null;
        }
        catch (BrokenSealException)
        {
            return null;
        }
    }

    /// <exception cref="VteWatsException"><c>StateNotWritable</c>: disk full, no right, or no folder. The state is as it was.</exception>
    public void Write(T content)
    {
        try
        {
            var bytes = SealedJson.Seal(format, version, content, type);
            if (File.Exists(Path)) AtomicFile.Write(PreviousPath, File.ReadAllBytes(Path));
            AtomicFile.Write(Path, bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(Path, e);
        }
    }

    /// <summary>Moves an unreadable file out of the way, visibly; nothing is deleted.</summary>
    public void SetAside(DateTimeOffset now)
    {
        try
        {
            if (File.Exists(Path)) AtomicFile.Rename(Path,
                FormattableString.Invariant($"{Path}.{now.UtcDateTime:yyyyMMdd'T'HHmmssfff}.damaged"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(Path, e);
        }
    }

    /// <summary>Removes the state and its copy: what it was kept for is done.</summary>
    public void Delete()
    {
        try
        {
            // The copy first: a copy alone would look like a state that somebody removed.
            if (File.Exists(PreviousPath)) File.Delete(PreviousPath);
            if (File.Exists(Path)) File.Delete(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(Path, e);
        }
    }

    public static VteWatsException NotWritable(string path, Exception e) => new(
        ErrorKind.StateNotWritable, $"The state cannot be written to {path}: {e.Message} What was there before is still there.",
        "Make room on the disk, or give the account that runs this the right to write in the state folder. Then run it again: it goes "
        + "on where it was.", path, e);

    private T Open(string path, byte[] text)
    {
        try
        {
            return SealedJson.Open(format, version, text, type);
        }
        catch (BrokenSealException e) when (e.Newer)
        {
            throw new VteWatsException(
                ErrorKind.StateNewer, $"The state file {path} was written by a newer release of VteWats. {e.Message}",
                $"Update VteWats on this machine. {advice}", path, e);
        }
        catch (BrokenSealException e)
        {
            throw new VteWatsException(ErrorKind.StateUnreadable, $"The state file {path} cannot be read. {e.Message}", advice, path, e);
        }
    }

    private static byte[]? Load(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VteWatsException(
                ErrorKind.StateUnreadable, $"The state file {path} cannot be read: {e.Message}",
                "Give the account that runs this the right to read the state folder. Nothing is wrong with the state as far as can be "
                + "seen.", path, e);
        }
    }
}
