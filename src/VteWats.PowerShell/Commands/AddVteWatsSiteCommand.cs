using System.Management.Automation;
using VteWats.Core.Assistant;
using VteWats.Core.Diagnostics;
using VteWats.Core.Wats.Client;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Puts a site into a configuration file that is there, each decision with its evidence; the rest of the file stays as it
/// is.</summary>
[Cmdlet(VerbsCommon.Add, "VteWatsSite", SupportsShouldProcess = true, DefaultParameterSetName = "SqlServer")]
[OutputType(typeof(SiteDecision))]
public sealed class AddVteWatsSiteCommand : SiteAssistantCommand
{
    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var file = await RequireFileAsync(output).ConfigureAwait(false);
        var connection = await ConnectionAsync(output).ConfigureAwait(false);
        var target = await ResolveTargetAsync(output, ct).ConfigureAwait(false);
        EnsureNew(file, Site);
        using var client = WatsClient.Create(target.Wats, target.Token, target.ProxyPassword);
        var proposal = await ProposeAsync(Site, connection, client, new Dictionary<string, object?>(), output, ct).ConfigureAwait(false);
        EnsureNew(file, proposal.Site);
        if (await output.OnPipelineThreadAsync(() => ShouldProcess(file, $"Add site '{proposal.Site}'")).ConfigureAwait(false))
            SiteFile.Add(file, proposal, connection);
        await TellAsync(proposal, file, output).ConfigureAwait(false);
    }

    private static void EnsureNew(string file, string? site)
    {
        if (site is null || !SiteChanges.Sites(file).Contains(site, StringComparer.OrdinalIgnoreCase)) return;
        throw new VteWatsException(ErrorKind.InvalidArgument, $"The file {file} has a site '{site}' already.",
            "Give another -Site; Initialize-VteWatsSite with this name tells what has changed since it was configured.", site);
    }
}
