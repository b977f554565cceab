namespace VteWats.Host;

internal static class ModuleLocator
{
    /// <summary>The module beside a published program, else the one that the repository's build laid out above this folder.</summary>
    public static string? Find()
    {
        var shipped = Path.Combine(AppContext.BaseDirectory, "modules", "VteWats", "VteWats.psd1");
        if (File.Exists(shipped)) return shipped;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var built = Path.Combine(folder.FullName, "artifacts", "module", "VteWats", "VteWats.psd1");
            if (File.Exists(built)) return built;
        }
        return null;
    }
}
