using System.Management.Automation;
using VteWats.Core.Sync.State;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Holds runs back: no sync, backfill or repair sends them until they are let go.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "VteTestRun", SupportsShouldProcess = true)]
[OutputType(typeof(HeldRun))]
public sealed class SuspendVteTestRunCommand : SiteStateCommand
{
    /// <summary>The runs.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("RunId")]
    [AllowNull]
    [AllowEmptyCollection]
    [RunId]
    public Guid[] Id { get; set; } = [];

    /// <summary>Why; kept in the history of the site.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string Reason { get; set; } = null!;

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var state = await ResolveStateAsync(output, ct).ConfigureAwait(false);
        foreach (var id in Id)
        {
            if (!await output.OnPipelineThreadAsync(() => ShouldProcess($"test run {id} of '{state.Site}'", "Hold back"))
                .ConfigureAwait(false)) continue;
            state.Holds.Put(id, WatermarkStore.Who, Reason, DateTimeOffset.UtcNow);
            state.Watermarks.Note($"Test run {id} is held back: {Reason}");
            await output.WriteObjectAsync(state.Holds.All().First(held => held.RunId == id)).ConfigureAwait(false);
        }
    }
}
