using System.Management.Automation;
using VteWats.Core.Configuration;
using VteWats.Core.Sync;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Completion;
using VteWats.PowerShell.Errors;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Emits the configuration, or sites of it. Secrets stay references.</summary>
[Cmdlet(VerbsCommon.Get, "VteWatsConfiguration")]
[OutputType(typeof(VteWatsConfiguration), typeof(SiteOptions))]
public sealed class GetVteWatsConfigurationCommand : ConfiguredCommand
{
    /// <summary>Names of sites, with wildcards: emits these instead of the whole configuration.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[]? Site { get; set; }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var configuration = await RequireConfigurationAsync(output, ct).ConfigureAwait(false);
        if (Site is null)
        {
            foreach (var wrong in configuration.Faulty.Values) await output.WriteErrorAsync(Failures.From(wrong)).ConfigureAwait(false);
        }
        if (Site is null)
        {
            await output.WriteObjectAsync(configuration).ConfigureAwait(false);
            return;
        }
        foreach (var name in Site)
        {
            var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
            foreach (var (_, wrong) in configuration.Faulty.Where(site => pattern.IsMatch(site.Key)))
                await output.WriteErrorAsync(Failures.From(wrong)).ConfigureAwait(false);
            var found = configuration.Sites.Values.Where(site => pattern.IsMatch(site.Name))
                .OrderBy(site => site.Name, StringComparer.OrdinalIgnoreCase).ToList();
            if (found.Count == 0 && !configuration.Faulty.Keys.Any(pattern.IsMatch)
                && !WildcardPattern.ContainsWildcardCharacters(name)) throw SiteResolver.Unknown(configuration, name);
            foreach (var site in found) await output.WriteObjectAsync(site).ConfigureAwait(false);
        }
    }
}
