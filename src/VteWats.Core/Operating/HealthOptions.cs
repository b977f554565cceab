namespace VteWats.Core.Operating;

/// <summary>From when on a site is not healthy.</summary>
public sealed record HealthOptions
{
    /// <summary>Minutes with the source ahead, or with failing syncs, and nothing getting through, 5 to 10080.</summary>
    public int NoProgressMinutes { get; init; } = 60;

    /// <summary>Minutes of lag, 1 to 100000.</summary>
    public int LagMinutes { get; init; } = 60;

    /// <summary>Seconds that clocks may differ, 1 to 86400.</summary>
    public int ClockSeconds { get; init; } = 60;

    /// <summary>Free megabytes on the disk of the state, 0 to 10000000.</summary>
    public int DiskMegabytes { get; init; } = 500;
}

/// <summary>Where metrics are written to.</summary>
public sealed record MetricsOptions
{
    /// <summary>Folder of the exporter's textfile collector; none when absent. Absolute after loading.</summary>
    public string? TextfileFolder { get; init; }
}
