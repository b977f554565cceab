using System.Management.Automation;
using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Time;
using VteWats.PowerShell.Completion;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Abstractions;

/// <summary>A VTE database that is ready to be opened.</summary>
/// <param name="Configuration">What the configuration file says besides; null without a file.</param>
/// <param name="Site">The site with the parameters of the cmdlet laid over it.</param>
/// <param name="Password">The login's password; null for Windows authentication and SQLite.</param>
public sealed record ResolvedSite(VteWatsConfiguration? Configuration, SiteOptions Site, string? Password)
{
    private readonly string? _password = Password;
    private SiteClock? _clock;

    /// <summary>The site's clock. One for all that works on the site, because it counts the local times that occur twice or
    /// never.</summary>
    /// <exception cref="VteWatsException"><c>ConfigurationInvalid</c>: no time zone is set, or there is none of this name.</exception>
    public SiteClock Clock => Problem is null ? _clock ??= SiteClock.For(Site.TimeZone) : throw Problem;

    /// <summary>Why the password cannot be had, or what is wrong with the site's configuration; null when all is well.</summary>
    internal VteWatsException? Problem { get; init; }

    /// <summary>The login's password. Among several sites, one whose password cannot be had fails here, at its turn, and holds up no
    /// other.</summary>
    public string? Password => Problem is null ? _password : throw Problem;

    /// <summary>Leaves the password out: records print all they have.</summary>
    public override string ToString() => Site.Name;
}

/// <summary>A cmdlet that reads a VTE database: a configured site, or one that is described by parameters alone.</summary>
public abstract class VteSourceCommand : ConfiguredCommand
{
    /// <summary>Name of the site in the configuration. May be left out where there is one only.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SiteName]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public virtual string? Site { get; set; }

    /// <summary>SQL Server connection string, without a password.</summary>
    [Parameter]
    public string? ConnectionString { get; set; }

    /// <summary>SQLite file made by New-VteSampleDatabase or Export-VteTestRun.</summary>
    [Parameter]
    public string? DatabasePath { get; set; }

    /// <summary>SQL login; Windows authentication without it.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>IANA or Windows id of the stations' time zone. Needed where the site is not in the configuration.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    public string? TimeZone { get; set; }

    /// <summary>The site to read, with its password: parameters first, then the configuration.</summary>
    protected async Task<ResolvedSite> ResolveSiteAsync(IPipelineWriter output, CancellationToken ct)
    {
        var configuration = await LoadConfigurationAsync(output, ct).ConfigureAwait(false);
        var path = DatabasePath is null ? null : await FilePathAsync(output, DatabasePath).ConfigureAwait(false);
        var site = SiteResolver.Resolve(configuration, Site, ConnectionString, path, Credential?.UserName, TimeZone);
        return await WithPasswordAsync(configuration, site, output, ct).ConfigureAwait(false);
    }

    /// <summary>The sites that the names mean, each once and with its password. A name with wildcards may mean several, a missing one the
    /// only one there is.</summary>
    private protected async Task<IReadOnlyList<ResolvedSite>> ResolveSitesAsync(
        IReadOnlyList<string?> names, IPipelineWriter output, CancellationToken ct)
    {
        var wild = names.Any(name => name is not null && WildcardPattern.ContainsWildcardCharacters(name));
        var several = wild || names.Count > 1;
        if (several && (ConnectionString is not null || DatabasePath is not null)) throw new VteWatsException(
            ErrorKind.InvalidArgument, "One connection was given for several sites.",
            "Name one site with -Site, or leave the connection to the configuration file.");
        var configuration = wild ? await RequireConfigurationAsync(output, ct).ConfigureAwait(false)
            : await LoadConfigurationAsync(output, ct).ConfigureAwait(false);
        var path = DatabasePath is null ? null : await FilePathAsync(output, DatabasePath).ConfigureAwait(false);
        var found = new List<ResolvedSite>();
        foreach (var site in names.SelectMany(Meant).DistinctBy(site => site.Name, StringComparer.OrdinalIgnoreCase))
        {
            try
            {
                if (configuration?.Faulty.GetValueOrDefault(site.Name) is { } wrong) throw wrong;
                found.Add(await WithPasswordAsync(configuration, site, output, ct).ConfigureAwait(false));
            }
            catch (VteWatsException e) when (several || MyInvocation.ExpectingInput)
            {
                found.Add(new ResolvedSite(configuration, site, null) { Problem = e });
            }
        }
        return found;

        IEnumerable<SiteOptions> Meant(string? name)
        {
            // One among several that are meant: told at its turn.
            if (several && name is not null && configuration?.Faulty.ContainsKey(name) == true) return [new SiteOptions { Name = name }];
            if (name is null || !WildcardPattern.ContainsWildcardCharacters(name))
                return [SiteResolver.Resolve(configuration, name, ConnectionString, path, Credential?.UserName, TimeZone)];
            var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
            var known = configuration!.Sites.Keys.Concat(configuration.Faulty.Keys).Where(pattern.IsMatch)
                .Order(StringComparer.OrdinalIgnoreCase).ToList();
            return known.Count == 0 ? throw SiteResolver.Unknown(configuration, name)
                : known.Select(one => configuration.Faulty.ContainsKey(one) ? new SiteOptions { Name = one }
                    : SiteResolver.Resolve(configuration, one, null, null, Credential?.UserName, TimeZone));
        }
    }

    /// <summary>Does the same for each site that <see cref="Site"/> means.</summary>
    private protected virtual async Task EachSiteAsync(IPipelineWriter output, Func<ResolvedSite, Task> work, CancellationToken ct)
    {
        IReadOnlyList<ResolvedSite> sites = [];
        await AttemptAsync(output, _ => MyInvocation.ExpectingInput,
            async () => sites = await ResolveSitesAsync([Site], output, ct).ConfigureAwait(false)).ConfigureAwait(false);
        await EachAsync(sites, output, work).ConfigureAwait(false);
    }

    /// <summary>Does the same for each site. With several, the failure of one is an error of its own and holds up no other.</summary>
    private protected async Task EachAsync(IReadOnlyList<ResolvedSite> sites, IPipelineWriter output, Func<ResolvedSite, Task> work)
    {
        foreach (var site in sites)
            await AttemptAsync(output, _ => sites.Count > 1 || MyInvocation.ExpectingInput, () => work(site)).ConfigureAwait(false);
    }

    private async Task<ResolvedSite> WithPasswordAsync(VteWatsConfiguration? configuration, SiteOptions site, IPipelineWriter output,
        CancellationToken ct)
    {
        var password = Credential is not null ? SessionVault.Plain(Credential.Password)
            : site.Connection.Password is { } reference ? await Secrets(output).ReadAsync(reference, ct).ConfigureAwait(false)
            : null;
        return new ResolvedSite(configuration, site, password);
    }
}
