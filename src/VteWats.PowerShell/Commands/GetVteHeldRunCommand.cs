using System.Management.Automation;
using VteWats.Core.Sync.State;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Shows the runs that people hold back, and why.</summary>
[Cmdlet(VerbsCommon.Get, "VteHeldRun")]
[OutputType(typeof(HeldRun))]
public sealed class GetVteHeldRunCommand : SiteStateCommand
{
    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        foreach (var state in await ResolveStatesAsync(output, allByDefault: true, ct).ConfigureAwait(false))
            foreach (var held in state.Holds.All()) await output.WriteObjectAsync(held).ConfigureAwait(false);
    }
}
