namespace VteWats.Core.Diagnostics;

/// <summary>The rolling log file.</summary>
public sealed record LoggingOptions
{
    /// <summary>Nothing is logged at this level.</summary>
    public const string Off = "None";

    /// <summary>Lines of JSON; any other format is text.</summary>
    public const string Json = "json";

    /// <summary>Where the log is when nobody says where: beside the state.</summary>
    public static string FolderIn(string stateFolder) => Path.Combine(stateFolder, "logs");

    /// <summary>Folder of the log files; no file when absent. Absolute after loading: <c>logs</c> in the state folder where the
    /// configuration names none.</summary>
    public string? Folder { get; init; }

    /// <summary><c>Verbose</c>, <c>Debug</c>, <c>Information</c>, <c>Warning</c>, <c>Error</c>, or <c>None</c> for no log.</summary>
    public string Level { get; init; } = "Information";

    /// <summary><c>text</c>, or <c>json</c> for one JSON object a line.</summary>
    public string Format { get; init; } = "text";

    /// <summary>Days that log files are kept, 1 to 3650.</summary>
    public int RetainDays { get; init; } = 31;

    /// <summary>Megabytes of all log files together, 5 to 100000.</summary>
    public int MaxMegabytes { get; init; } = 500;
}
