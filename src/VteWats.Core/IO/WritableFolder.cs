namespace VteWats.Core.IO;

/// <summary>Whether a folder can be written to, or made.</summary>
internal static class WritableFolder
{
    /// <summary>Tries it with a file that is gone at once. What is not there is not made: the nearest folder that is there is
    /// tried.</summary>
    /// <exception cref="IOException">It cannot; so says <see cref="UnauthorizedAccessException"/>.</exception>
    public static void Ensure(string folder)
    {
        var there = Path.GetFullPath(folder);
        while (!Directory.Exists(there))
        {
            if (File.Exists(there)) throw new IOException($"{there} is a file.");
            there = Path.GetDirectoryName(there) ?? throw new IOException("There is no such disk.");
        }
        var probe = Path.Combine(there, $".{Guid.NewGuid():N}.probe");
        File.WriteAllText(probe, "");
        File.Delete(probe);
    }
}
