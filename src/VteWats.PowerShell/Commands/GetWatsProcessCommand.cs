using System.Management.Automation;
using VteWats.Core.Wats.Client;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Lists the operations of the WATS server.</summary>
[Cmdlet(VerbsCommon.Get, "WatsProcess")]
[OutputType(typeof(WatsProcess))]
public sealed class GetWatsProcessCommand : WatsTargetCommand
{
    /// <summary>Repair and WIP operations and inactive ones too, not only active test operations.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var target = await ResolveTargetAsync(output, ct).ConfigureAwait(false);
        using var client = WatsClient.Create(target.Wats, target.Token, target.ProxyPassword);
        foreach (var process in (await client.GetProcessesAsync(ct, All).ConfigureAwait(false)).OrderBy(p => p.Code))
            await output.WriteObjectAsync(process).ConfigureAwait(false);
    }
}
