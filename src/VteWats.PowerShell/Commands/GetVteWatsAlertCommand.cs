using System.Management.Automation;
using VteWats.Core.Operating.Alerts;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Completion;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Lists incidents: what is wrong with sites, since when, and whether somebody was told.</summary>
[Cmdlet(VerbsCommon.Get, "VteWatsAlert")]
[OutputType(typeof(Incident))]
public sealed class GetVteWatsAlertCommand : SiteStateCommand
{
    /// <inheritdoc/>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SiteName]
    [ArgumentCompleter(typeof(SiteCompleter))]
    [SupportsWildcards]
    public override string? Site { get; set; }

    /// <summary>Those that are over, too.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var states = await ResolveStatesAsync(output, allByDefault: true, ct).ConfigureAwait(false);
        var names = states.Select(state => state.Site).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (states.Count == 0) return;
        foreach (var incident in new IncidentStore(states[0].Folder).Read(All).Where(incident => names.Contains(incident.Site)))
            await output.WriteObjectAsync(incident).ConfigureAwait(false);
    }
}
