using System.Management.Automation;
using VteWats.Core.Configuration;
using VteWats.Core.Operating.Setup;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Completion;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Tries the whole chain from the configuration to WATS as the account that runs it, and says what to do.</summary>
[Cmdlet(VerbsDiagnostic.Test, "VteWatsSetup")]
[OutputType(typeof(SetupStep))]
public sealed class TestVteWatsSetupCommand : ConfiguredCommand
{
    /// <summary>Name of the site; wildcards name several. All configured ones without it.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SiteName]
    [ArgumentCompleter(typeof(SiteCompleter))]
    [SupportsWildcards]
    public string? Site { get; set; }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var file = await FindFileAsync(output).ConfigureAwait(false);
        var pattern = new WildcardPattern(Site ?? "*", WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        if (Site is not null && file is not null && ConfigurationFile.Check(file).Count == 0
            && ConfigurationFile.Load(file) is var configuration && !configuration.Sites.Keys.Any(pattern.IsMatch))
            throw SiteResolver.Unknown(configuration, Site);
        await foreach (var step in SetupWalk.RunAsync(file, pattern.IsMatch, Secrets(output), ct).ConfigureAwait(false))
            await output.WriteObjectAsync(step).ConfigureAwait(false);
    }
}
