namespace VteWats.Core.Diagnostics;

/// <summary>The files of a log folder.</summary>
internal static class LogFiles
{
    /// <summary>Name that Serilog puts the day into.</summary>
    public const string Name = "vtewats-.log";

    private const string Pattern = "vtewats-*.log";

    /// <summary>The log files of a folder, the oldest day first; none where there is no folder.</summary>
    public static IReadOnlyList<FileInfo> In(string folder) => Directory.Exists(folder)
        ? [.. new DirectoryInfo(folder).EnumerateFiles(Pattern).OrderBy(file => file.Name, StringComparer.Ordinal)] : [];

    /// <summary>Removes the oldest files until all but <paramref name="newest"/> have no more than so many bytes together. One that
    /// another process has open stays.</summary>
    public static void Trim(string newest, long bytes)
    {
        try
        {
            var files = In(Path.GetDirectoryName(newest)!).Where(file => file.FullName != newest).ToList();
            var total = files.Sum(file => file.Length);
            foreach (var file in files)
            {
                if (total <= bytes) return;
                var length = file.Length;
                file.Delete();
                total -= length;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Of another account, or gone by now: the next file tries again.
        }
    }
}
