namespace VteWats.Core.Diagnostics;

/// <summary>The rolling log file.</summary>
public sealed record LoggingOptions
{
    /// <summary>Folder of the log files; no file when absent. Absolute after loading.</summary>
    public string? Folder { get; init; }

    /// <summary><c>Verbose</c>, <c>Debug</c>, <c>Information</c>, <c>Warning</c> or <c>Error</c>.</summary>
    public string Level { get; init; } = "Information";

    /// <summary>Days that log files are kept, 1 to 3650.</summary>
    public int RetainDays { get; init; } = 31;
}
