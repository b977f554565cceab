using System.Text.Json.Serialization;
using VteWats.Core.Diagnostics;
using VteWats.Core.Operating;
using VteWats.Core.Operating.Alerts;
using VteWats.Core.Sync;
using VteWats.Core.Wats.Client;

namespace VteWats.Core.Configuration;

/// <summary>The content of <c>vtewats.json</c>. The published JSON schema describes every key, unit and range.</summary>
public sealed record VteWatsConfiguration
{
    /// <summary>File the configuration was read from; null when it was made from parameters.</summary>
    public string? Path { get; init; }

    public IReadOnlyDictionary<string, SiteOptions> Sites { get; init; } =
        new Dictionary<string, SiteOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Sites of the file with which something is wrong, each with its error. They are set aside; the others go on.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, VteWatsException> Faulty { get; init; } =
        new Dictionary<string, VteWatsException>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The site of that name; null where the file has none.</summary>
    /// <exception cref="VteWatsException"><c>ConfigurationInvalid</c>: something is wrong with it. What it leaves to defaults would be
    /// taken for its own.</exception>
    public SiteOptions? Find(string name) =>
        Faulty.GetValueOrDefault(name) is { } wrong ? throw wrong : Sites.GetValueOrDefault(name);

    public WatsOptions? Wats { get; init; }
    public SyncOptions Sync { get; init; } = new();

    /// <summary>Folder of watermarks, dead letters and locks. Absolute after loading; the default is <c>state</c> beside the configuration
    /// file.</summary>
    public string? StateFolder { get; init; }

    public LoggingOptions Logging { get; init; } = new();

    /// <summary>True where the log is beside the state, because nobody said where.</summary>
    public bool HasLogBesideState() => StateFolder is not null && Logging.Folder == LoggingOptions.FolderIn(StateFolder);

    /// <summary>From when on a site is not healthy.</summary>
    public HealthOptions Health { get; init; } = new();

    /// <summary>Who is told when a site is not healthy.</summary>
    public AlertOptions Alerts { get; init; } = new();

    /// <summary>Where metrics are written to.</summary>
    public MetricsOptions Metrics { get; init; } = new();
}
