using System.Management.Automation;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Completion;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Takes the position of a watermark away: the next sync begins as a first one.</summary>
[Cmdlet(VerbsCommon.Reset, "VteWatermark", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class ResetVteWatermarkCommand : SiteStateCommand
{
    /// <inheritdoc/>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SiteName]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public override string? Site { get; set; }

    /// <summary>Why; kept in the history.</summary>
    [Parameter(Mandatory = true)]
    public string Reason { get; set; } = null!;

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var state = await ResolveStateAsync(output, ct).ConfigureAwait(false);
        var may = await output.OnPipelineThreadAsync(
            () => ShouldProcess(state.Watermarks.Path, "Forget the position: the next sync begins as a first one")).ConfigureAwait(false);
        if (may) state.Watermarks.Reset(Reason);
    }
}
