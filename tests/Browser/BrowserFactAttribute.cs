namespace VteWats.Browser;

/// <summary>A test in a real browser: it is reported as skipped, with the reason, where none is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Program is null) Skip = "NOT RUN: needs Chromium. Install the package chromium.";
    }

    /// <summary>The browser; null where there is none.</summary>
    public static string? Program { get; } = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }
        .FirstOrDefault(File.Exists);
}
