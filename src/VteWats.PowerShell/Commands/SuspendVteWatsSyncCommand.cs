using System.Management.Automation;
using VteWats.Core.Sync.State;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Completion;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Suspends the syncs and backfills of sites until they are resumed.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "VteWatsSync", SupportsShouldProcess = true)]
[OutputType(typeof(SitePause))]
public sealed class SuspendVteWatsSyncCommand : SiteStateCommand
{
    /// <inheritdoc/>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SiteName]
    [ArgumentCompleter(typeof(SiteCompleter))]
    [SupportsWildcards]
    public override string? Site { get; set; }

    /// <summary>Why; shown wherever the site's status is, and kept in its history.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string Reason { get; set; } = null!;

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        foreach (var state in await ResolveStatesAsync(output, allByDefault: false, ct).ConfigureAwait(false))
        {
            if (!await output.OnPipelineThreadAsync(() => ShouldProcess($"the sync of '{state.Site}'", "Suspend")).ConfigureAwait(false))
                continue;
            var pause = state.Pauses.Put(WatermarkStore.Who, Reason, DateTimeOffset.UtcNow);
            state.Watermarks.Note($"The sync is suspended: {Reason}");
            await output.WriteObjectAsync(pause).ConfigureAwait(false);
        }
    }
}
