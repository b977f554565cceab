using System.Management.Automation;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Completion;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Takes the last change of a watermark back; an unreadable one goes back to the copy beside it.</summary>
[Cmdlet(VerbsCommon.Undo, "VteWatermark", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class UndoVteWatermarkCommand : SiteStateCommand
{
    /// <inheritdoc/>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SiteName]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public override string? Site { get; set; }

    /// <summary>Why; kept in the history.</summary>
    [Parameter]
    public string Reason { get; set; } = "undone by hand";

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var state = await ResolveStateAsync(output, ct).ConfigureAwait(false);
        var may = await output.OnPipelineThreadAsync(
            () => ShouldProcess(state.Watermarks.Path, "Go back to where the watermark was before its last change")).ConfigureAwait(false);
        if (may) state.Watermarks.Undo(Reason);
    }
}
