using System.Management.Automation;
using VteWats.Core.Sync.State;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Completion;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Shows how the syncs of sites stand, as they have written it down.</summary>
[Cmdlet(VerbsCommon.Get, "VteWatsStatus")]
[OutputType(typeof(SiteStatus))]
public sealed class GetVteWatsStatusCommand : SiteStateCommand
{
    /// <inheritdoc/>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SiteName]
    [ArgumentCompleter(typeof(SiteCompleter))]
    [SupportsWildcards]
    public override string? Site { get; set; }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        foreach (var state in await ResolveStatesAsync(output, allByDefault: true, ct).ConfigureAwait(false))
            await output.WriteObjectAsync(new StatusStore(state.Folder, state.Site).Read(DateTimeOffset.UtcNow)).ConfigureAwait(false);
    }
}
