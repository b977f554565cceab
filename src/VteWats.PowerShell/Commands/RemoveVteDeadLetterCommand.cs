using System.Management.Automation;
using VteWats.Core.Diagnostics;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Errors;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Removes dead letters for good. Their runs stay out of WATS unless they change or are sent by other means.</summary>
[Cmdlet(VerbsCommon.Remove, "VteDeadLetter", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveVteDeadLetterCommand : SiteStateCommand
{
    /// <summary>The runs whose letters are removed.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [AllowNull]
    [AllowEmptyCollection]
    [RunId]
    public Guid[] RunId { get; set; } = [];

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var state = await ResolveStateAsync(output, ct).ConfigureAwait(false);
        foreach (var id in RunId)
        {
            var may = await output.OnPipelineThreadAsync(() => ShouldProcess($"test run {id} of '{state.Site}'",
                "Remove the dead letter for good")).ConfigureAwait(false);
            if (may && !await state.DeadLetters.RemoveAsync(id).ConfigureAwait(false))
            {
                await output.WriteErrorAsync(Failures.From(new VteWatsException(
                    ErrorKind.DeadLetterMissing, $"There is no dead letter of test run {id} for '{state.Site}'.",
                    "Get-VteDeadLetter lists those that are there.", id))).ConfigureAwait(false);
            }
        }
    }
}
