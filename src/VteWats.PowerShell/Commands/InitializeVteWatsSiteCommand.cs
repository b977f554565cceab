using System.Management.Automation;
using VteWats.Core.Assistant;
using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.Core.Vte;
using VteWats.Core.Wats.Client;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Makes a configuration file that fits a VTE database, each decision with its evidence; of a site that is configured it tells
/// what has changed since.</summary>
[Cmdlet(VerbsData.Initialize, "VteWatsSite", SupportsShouldProcess = true, DefaultParameterSetName = "SqlServer")]
[OutputType(typeof(SiteDecision))]
public sealed class InitializeVteWatsSiteCommand : SiteAssistantCommand
{
    /// <summary>Replace a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var file = await FilePathAsync(output, ConfigurationPath ?? ConfigurationFile.FileName).ConfigureAwait(false);
        var connection = await ConnectionAsync(output).ConfigureAwait(false);
        if (BaseUrl is null) throw new VteWatsException(ErrorKind.InvalidArgument, "No WATS server is named.",
            "Give -BaseUrl, such as https://plant.wats.com.");
        if (Token is null) TokenReference ??= "env:WATS_TOKEN";
        var given = new TargetParameters(BaseUrl, Token, TokenReference, Proxy, ProxyCredential);
        var target = await given.ResolveAsync(null, Secrets(output), path => FilePathAsync(output, path), ct).ConfigureAwait(false);
        using var client = WatsClient.Create(target.Wats, target.Token, target.ProxyPassword);
        var site = !File.Exists(file) || Force ? null : Known(file);
        var known = site is null ? new Dictionary<string, object?>() : SiteChanges.Known(file, site);
        var proposal = await ProposeAsync(site ?? Site, connection, client, known, output, ct).ConfigureAwait(false);
        if (site is null) await CreateAsync(file, proposal, connection, output).ConfigureAwait(false);
        else await CompareAsync(file, proposal, output).ConfigureAwait(false);
    }

    // The site of the file that is meant, whose configuration is there already.
    private string Known(string file)
    {
        var names = SiteChanges.Sites(file);
        var name = Site is null && names.Count == 1 ? names[0]
            : names.FirstOrDefault(known => known.Equals(Site, StringComparison.OrdinalIgnoreCase));
        return name ?? throw new VteWatsException(ErrorKind.FileExists,
            $"The file {file} exists already, with the sites {string.Join(", ", names)}.",
            "Name one of them with -Site to see what has changed since, add this one with Add-VteWatsSite, or give -Force to replace the "
            + "file.", file);
    }

    private async Task CreateAsync(string file, SiteProposal proposal, ConnectionOptions connection, IPipelineWriter output)
    {
        if (await output.OnPipelineThreadAsync(() => ShouldProcess(file, "Write configuration")).ConfigureAwait(false))
            SiteFile.Create(file, proposal, connection, BaseUrl!.OriginalString, TokenReference ?? "env:WATS_TOKEN");
        await TellAsync(proposal, file, output).ConfigureAwait(false);
    }

    private async Task CompareAsync(string file, SiteProposal proposal, IPipelineWriter output)
    {
        // What is answered now goes into the file; what the data say anew is for the user to judge.
        var given = proposal with
        {
            Decisions = [.. proposal.Decisions.Where(d => d.Certainty == DecisionCertainty.Given
                && (Answer?.Keys.Cast<object>().Any(key => d.Decision.Equals(key.ToString(), StringComparison.OrdinalIgnoreCase)) == true
                    || Interactive && d.Decision != "schemaProfile"))],
        };
        if (given.Decisions.Count > 0
            && await output.OnPipelineThreadAsync(() => ShouldProcess(file, "Write answers")).ConfigureAwait(false))
            SiteFile.Answer(file, given);
        var changed = SiteChanges.Since(file, proposal);
        if (changed.Decisions.Count == 0)
            await output.WriteVerboseAsync($"{proposal.Site}: nothing has changed since it was configured.").ConfigureAwait(false);
        await TellAsync(changed, file, output).ConfigureAwait(false);
    }
}
