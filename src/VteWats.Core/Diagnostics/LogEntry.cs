namespace VteWats.Core.Diagnostics;

/// <summary>One event of the log.</summary>
public sealed record LogEntry
{
    /// <summary>When it was.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>How much it weighs.</summary>
    public required LogLevel Level { get; init; }

    /// <summary>The site that it is about; null where it is about none.</summary>
    public string? Site { get; init; }

    /// <summary>The sync that it belongs to.</summary>
    public string? SyncId { get; init; }

    /// <summary>The test run that it is about.</summary>
    public Guid? RunId { get; init; }

    /// <summary>The part of the program that wrote it.</summary>
    public string? Source { get; init; }

    public required string Message { get; init; }

    /// <summary>The exception with its stack; null without one.</summary>
    public string? Exception { get; init; }

    /// <summary>The file that it stands in.</summary>
    public required string File { get; init; }
}

/// <summary>How much an event weighs, from the least on.</summary>
public enum LogLevel
{
    Verbose,
    Debug,
    Information,
    Warning,
    Error,
    Fatal,
}
