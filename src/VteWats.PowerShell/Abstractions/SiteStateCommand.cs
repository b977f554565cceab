using System.Management.Automation;
using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.Core.Time;
using VteWats.PowerShell.Completion;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Abstractions;

/// <summary>The state of one site: where it lies, and what the configuration says of the site.</summary>
/// <param name="Site">Name of the site.</param>
/// <param name="Folder">The state folder.</param>
/// <param name="Configured">The site's configuration; null when it is not in the file.</param>
/// <param name="Configuration">The configuration file; null without one.</param>
internal sealed record SiteState(string Site, string Folder, SiteOptions? Configured, VteWatsConfiguration? Configuration)
{
    private SiteClock? _clock;

    public SyncOptions Sync => Configuration?.Sync ?? new SyncOptions();
    public WatermarkStore Watermarks => new(Folder, Site);
    public Pauses Pauses => new(new StateDatabase(Folder), Site);
    public Holds Holds => new(new StateDatabase(Folder), Site);
    /// <summary>The clock of the stations: of the zone that is given, or of the configured site. One for all that works on the
    /// state.</summary>
    public SiteClock Clock(string? timeZone) => _clock ??= SiteClock.For(timeZone ?? Configured?.TimeZone);

    public DeadLetterStore DeadLetters => new(Folder, Site, Sync.DeadLetterLimits());
}

/// <summary>A cmdlet that works on the state of sites: watermarks and dead letters. It opens no connection.</summary>
public abstract class SiteStateCommand : ConfiguredCommand
{
    /// <summary>Name of the site; wildcards where several may be meant. May be left out where there is one only.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SiteCompleter))]
    [SupportsWildcards]
    public virtual string? Site { get; set; }

    /// <summary>Folder of watermarks, dead letters and locks; the configured one without it.</summary>
    [Parameter]
    public string? StateFolder { get; set; }

    /// <summary>The one site that is meant.</summary>
    internal async Task<SiteState> ResolveStateAsync(IPipelineWriter output, CancellationToken ct)
    {
        var states = await ResolveStatesAsync(output, allByDefault: false, ct).ConfigureAwait(false);
        return states.Count == 1 ? states[0] : throw new VteWatsException(
            ErrorKind.InvalidArgument, $"'{Site}' names several sites: {string.Join(", ", states.Select(state => state.Site))}.",
            "Name one of them with -Site.");
    }

    /// <summary>The sites that are meant.</summary>
    /// <param name="output">The pipeline.</param>
    /// <param name="allByDefault">Without -Site: every configured one, rather than the only one.</param>
    /// <param name="ct">Stops it.</param>
    internal async Task<IReadOnlyList<SiteState>> ResolveStatesAsync(IPipelineWriter output, bool allByDefault, CancellationToken ct)
    {
        var configuration = await LoadConfigurationAsync(output, ct).ConfigureAwait(false);
        var folder = await StateFolderAsync(StateFolder, configuration, output).ConfigureAwait(false);

        if (Site is not null && !WildcardPattern.ContainsWildcardCharacters(Site))
        {
            var configured = configuration is not null && configuration.Sites.TryGetValue(Site, out var found) ? found : null;
            // A name that is not configured may be one that was given to an ad-hoc pipeline; with a file at hand, no folder named and no
            // letters it is a slip.
            if (configured is null && configuration?.Faulty.ContainsKey(Site) == false && StateFolder is null
                && new DeadLetterStore(folder, Site).Count() == 0) throw SiteResolver.Unknown(configuration, Site);
            return [new SiteState(configured?.Name ?? Site, folder, configured, configuration)];
        }
        if (Site is null && !allByDefault)
        {
            var only = SiteResolver.Choose(configuration, null);
            return [new SiteState(only.Name, folder, only, configuration)];
        }
        // One with which something is wrong still has a state, and a health.
        var known = await RequireConfigurationAsync(output, ct).ConfigureAwait(false);
        var pattern = new WildcardPattern(Site ?? "*", WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        var matching = known.Sites.Keys.Concat(known.Faulty.Keys).Where(pattern.IsMatch).Order(StringComparer.OrdinalIgnoreCase)
            .Select(name => new SiteState(name, folder, known.Sites.GetValueOrDefault(name), configuration)).ToList();
        return matching.Count > 0 || Site is null ? matching : throw SiteResolver.Unknown(configuration!, Site);
    }
}
