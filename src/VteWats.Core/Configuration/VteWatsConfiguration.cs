using VteWats.Core.Mapping;

namespace VteWats.Core.Configuration;

/// <summary>The content of <c>vtewats.json</c>. The published JSON schema describes every key, unit and range.</summary>
public sealed record VteWatsConfiguration
{
    /// <summary>File the configuration was read from; null when it was made from parameters.</summary>
    public string? Path { get; init; }

    public IReadOnlyDictionary<string, SiteOptions> Sites { get; init; } = new Dictionary<string, SiteOptions>(StringComparer.OrdinalIgnoreCase);
    public WatsOptions? Wats { get; init; }
    public SyncOptions Sync { get; init; } = new();

    /// <summary>Folder of watermarks, dead letters and locks. Absolute after loading; the default is <c>state</c> beside the configuration file.</summary>
    public string? StateFolder { get; init; }

    public LoggingOptions Logging { get; init; } = new();
}

/// <summary>One VTE database and what is particular to it.</summary>
public sealed record SiteOptions
{
    /// <summary>Name of the site: its key in <c>sites</c>.</summary>
    public string Name { get; init; } = "";

    public ConnectionOptions Connection { get; init; } = new();

    /// <summary>IANA or Windows id of the test stations' time zone. Required: there is no default and no guess.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Where this site's tables and columns differ from the reference schema.</summary>
    public SchemaProfileConfiguration SchemaProfile { get; init; } = new();

    public MappingOptions Mapping { get; init; } = new();

    /// <summary>Start of the very first sync when no watermark is there: site local time, or an instant with offset.</summary>
    public string? InitialSince { get; init; }
}

/// <summary>How to reach a VTE database: a SQL Server connection string, or the path of a SQLite sample or extract.</summary>
public sealed record ConnectionOptions
{
    /// <summary>SQL Server connection string without a password. <c>Encrypt</c> and certificate trust stay as written here.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>SQLite file made by <c>New-VteSampleDatabase</c> or <c>Export-VteTestRun</c>. Absolute after loading.</summary>
    public string? Path { get; init; }

    /// <summary>SQL login; Windows authentication when absent.</summary>
    public string? UserName { get; init; }

    /// <summary>Reference to the login's password: <c>env:NAME</c>, <c>file:PATH</c> or <c>secret:VAULT/NAME</c>.</summary>
    public string? Password { get; init; }

    /// <summary>Seconds one SQL command may take, 1 to 600.</summary>
    public int CommandTimeoutSeconds { get; init; } = 30;

    /// <summary>Age in seconds below which a run is left for the next time, because its steps may not all be written. 0 to 86400.</summary>
    public int SettleSeconds { get; init; } = 60;
}

/// <summary>Overrides of the reference schema: names by logical name, and columns that the site lacks.</summary>
public sealed record SchemaProfileConfiguration
{
    /// <summary>Database schema of the tables; <c>dbo</c> when absent.</summary>
    public string? Schema { get; init; }

    /// <summary>Physical table name by logical table name.</summary>
    public IReadOnlyDictionary<string, string> Tables { get; init; } = new Dictionary<string, string>();

    /// <summary>Physical column name by <c>Table.Column</c> in logical names.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();

    /// <summary>Logical <c>Table</c> or <c>Table.Column</c> names that the site does not have. What depends on them is left out.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];
}

/// <summary>The WATS server and how it is spoken to.</summary>
public sealed record WatsOptions
{
    /// <summary>Base URL, with or without a trailing <c>/api</c>.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>Reference to the token: <c>env:NAME</c>, <c>file:PATH</c> or <c>secret:VAULT/NAME</c>.</summary>
    public string? Token { get; init; }

    /// <summary>Posts at once, 1 to 64.</summary>
    public int ThrottleLimit { get; init; } = 4;

    /// <summary>Requests a minute to the server from this process; 0 for no limit.</summary>
    public int RequestsPerMinute { get; init; } = 500;

    /// <summary>Seconds one request may take, 1 to 600.</summary>
    public int TimeoutSeconds { get; init; } = 30;

    /// <summary>Attempts for one request in all, 1 to 20.</summary>
    public int MaxAttempts { get; init; } = 6;

    /// <summary>Seconds that one report may take with all its attempts and pauses, 1 to 86400.</summary>
    public int TotalTimeoutSeconds { get; init; } = 300;

    /// <summary><c>system</c> (the default), <c>none</c>, or the URL of a proxy.</summary>
    public string? Proxy { get; init; }

    public string? ProxyUserName { get; init; }

    /// <summary>Reference to the proxy's password.</summary>
    public string? ProxyPassword { get; init; }

    /// <summary>Content refusals in one pipeline after which it stops, whatever their share; 0 for never.</summary>
    public int MassRejectionCount { get; init; } = 100;

    /// <summary>Share of content refusals (0 to 1) among at least 20 reports from which on the pipeline stops; 0 for never.</summary>
    public double MassRejectionShare { get; init; } = 0.5;
}

/// <summary>How the sync runs.</summary>
public sealed record SyncOptions
{
    /// <summary>Minutes between two syncs, 1 to 1440.</summary>
    public int IntervalMinutes { get; init; } = 5;

    /// <summary>Minutes behind the watermark that are read again for late and changed runs, 0 to 10080.</summary>
    public int GuardBandMinutes { get; init; } = 10;

    /// <summary>Receipts after which the watermark is saved, 1 to 10000.</summary>
    public int BatchSize { get; init; } = 100;

    /// <summary>Dead letters kept a site, at least 1. Over it a sync stops rather than lose one.</summary>
    public int MaxDeadLetters { get; init; } = 10_000;

    /// <summary>Megabytes of dead letters kept a site, at least 1.</summary>
    public int MaxDeadLetterMegabytes { get; init; } = 1024;
}

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
