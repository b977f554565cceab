using System.Management.Automation;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync.State;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Errors;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Lets runs go that were held back: the next sync sends them.</summary>
[Cmdlet(VerbsLifecycle.Resume, "VteTestRun", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class ResumeVteTestRunCommand : SiteStateCommand
{
    /// <summary>The runs.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("RunId")]
    [AllowNull]
    [AllowEmptyCollection]
    [RunId]
    public Guid[] Id { get; set; } = [];

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var state = await ResolveStateAsync(output, ct).ConfigureAwait(false);
        foreach (var id in Id)
        {
            if (!await output.OnPipelineThreadAsync(() => ShouldProcess($"test run {id} of '{state.Site}'", "Let go"))
                .ConfigureAwait(false)) continue;
            if (state.Holds.Remove(id)) state.Watermarks.Note($"Test run {id} is let go");
            else await output.WriteErrorAsync(Failures.From(new VteWatsException(
                ErrorKind.TestRunNotFound, $"Nobody holds test run {id} of '{state.Site}' back.",
                "Get-VteHeldRun lists those that are held.", id)))
                .ConfigureAwait(false);
        }
    }
}
