using VteWats.Core.Time;
using VteWats.Core.Vte;

namespace VteWats.Core.Sync.State;

/// <summary>What a checkpoint is made from, besides the state.</summary>
public sealed record CheckpointOptions
{
    /// <summary>The site's clock.</summary>
    public required SiteClock Clock { get; init; }

    /// <summary>How far behind the watermark everything is read again.</summary>
    public required TimeSpan GuardBand { get; init; }

    /// <summary>Where to begin without a position; null when nobody said.</summary>
    public DateTimeOffset? InitialSince { get; init; }

    /// <summary>Base URL of the WATS server that the runs go to; null when it is not known yet.</summary>
    public string? Target { get; init; }

    /// <summary>Fingerprint of the mapping that makes the reports; 0 when it is not known.</summary>
    public long Mapping { get; init; }

    /// <summary>That mapping as text, to be kept with what is sent under it; null when it is not known.</summary>
    public string? MappingText { get; init; }

    /// <summary>Says why a run is not finished; null for one that is.</summary>
    public Func<VteTestRun, string?> Unfinished { get; init; } = static _ => null;

    /// <summary>After this time an unfinished run is sent as it is.</summary>
    public TimeSpan UnfinishedFor { get; init; } = TimeSpan.FromHours(24);
}
