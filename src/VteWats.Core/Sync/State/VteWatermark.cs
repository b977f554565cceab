namespace VteWats.Core.Sync.State;

/// <summary>A site's watermark as people and pipelines see it.</summary>
public sealed record VteWatermark
{
    private VteWatermark() { }

    public required string Site { get; init; }

    /// <summary>Site-local time of the last run that is done; null before the first sync.</summary>
    public DateTime? Timestamp { get; init; }

    /// <summary>Id of that run; null before the first sync.</summary>
    public Guid? RunId { get; init; }

    /// <summary><see cref="Timestamp"/> as an instant.</summary>
    public DateTimeOffset? Instant { get; init; }

    /// <summary>Where the next reading begins: the guard band before <see cref="Instant"/>, or the start of the first sync.</summary>
    public DateTimeOffset ReadFrom { get; init; }

    /// <summary>Which server and database it counts for.</summary>
    public string? Source { get; init; }

    /// <summary>Which WATS server it counts for.</summary>
    public string? Target { get; init; }

    /// <summary>Runs of the guard band whose content is known.</summary>
    public int KnownRuns { get; init; }

    /// <summary>The last change, and who made it.</summary>
    public WatermarkChange? LastChange { get; init; }

    /// <summary>The state file.</summary>
    public required string Path { get; init; }

    /// <summary>What Get-VteTestRun needs to pass over what is done.</summary>
    public required GuardBand GuardBand { get; init; }

    public static VteWatermark From(GuardBand band, string path) => new()
    {
        Site = band.Site,
        Timestamp = band.Watermark?.Position?.Timestamp,
        RunId = band.Watermark?.Position?.RunId,
        Instant = band.Watermark?.Position?.Instant,
        ReadFrom = band.ReadFrom,
        Source = band.Watermark?.Source,
        Target = band.Watermark?.Target,
        KnownRuns = band.KnownRuns,
        LastChange = band.Watermark is { History: [.., var last] } ? last : null,
        Path = path,
        GuardBand = band,
    };
}
