using System.Management.Automation;
using VteWats.Core.Operating;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Completion;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Says whether the runs of sites get into WATS, and why not.</summary>
[Cmdlet(VerbsCommon.Get, "VteWatsHealth")]
[OutputType(typeof(SiteHealth))]
public sealed class GetVteWatsHealthCommand : SiteStateCommand
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
            await output.WriteObjectAsync(new HealthEvaluator(state.Folder, OperatingParts.Measure(state.Configuration, state.Folder))
                .Evaluate(state.Site))
                .ConfigureAwait(false);
    }
}
