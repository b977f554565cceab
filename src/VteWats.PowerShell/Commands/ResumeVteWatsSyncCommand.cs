using System.Management.Automation;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Completion;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Lets the syncs of sites go on that were suspended.</summary>
[Cmdlet(VerbsLifecycle.Resume, "VteWatsSync", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class ResumeVteWatsSyncCommand : SiteStateCommand
{
    /// <inheritdoc/>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SiteName]
    [ArgumentCompleter(typeof(SiteCompleter))]
    [SupportsWildcards]
    public override string? Site { get; set; }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        foreach (var state in await ResolveStatesAsync(output, allByDefault: false, ct).ConfigureAwait(false))
        {
            if (!await output.OnPipelineThreadAsync(() => ShouldProcess($"the sync of '{state.Site}'", "Resume")).ConfigureAwait(false))
                continue;
            if (state.Pauses.Remove()) state.Watermarks.Note("The sync goes on");
            else await output.WriteWarningAsync($"The sync of '{state.Site}' was not suspended.").ConfigureAwait(false);
        }
    }
}
