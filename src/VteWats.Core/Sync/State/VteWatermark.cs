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
    public required Checkpoint Checkpoint { get; init; }

    public static VteWatermark From(Checkpoint checkpoint, string path) => new()
    {
        Site = checkpoint.Site,
        Timestamp = checkpoint.Watermark?.Position?.Timestamp,
        RunId = checkpoint.Watermark?.Position?.RunId,
        Instant = checkpoint.Watermark?.Position?.Instant,
        ReadFrom = checkpoint.ReadFrom,
        Source = checkpoint.Watermark?.Source,
        Target = checkpoint.Watermark?.Target,
        KnownRuns = checkpoint.KnownRuns,
        LastChange = checkpoint.Watermark is { History: [.., var last] } ? last : null,
        Path = path,
        Checkpoint = checkpoint,
    };
}
