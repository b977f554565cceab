using System.Management.Automation;
using VteWats.Core.Diagnostics;
using VteWats.Core.Vte.Inspection;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Errors;

namespace VteWats.PowerShell.Commands;

/// <summary>Connects to VTE databases as a sync does, and says what it finds: server, login, rights, clock and latency.</summary>
[Cmdlet(VerbsDiagnostic.Test, "VteConnection")]
[OutputType(typeof(ConnectionReport))]
public sealed class TestVteConnectionCommand : SchemaCommand
{
    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var sites = await ResolveAnySitesAsync(output, ct).ConfigureAwait(false);
        foreach (var resolved in sites)
        {
            try
            {
                await output.WriteObjectAsync(await ConnectionCheck.RunAsync(resolved.Site, resolved.Password, ct).ConfigureAwait(false)).ConfigureAwait(false);
            }
            // With several sites the others are still to be tried.
            catch (VteWatsException e) when (sites.Count > 1)
            {
                await output.WriteErrorAsync(Failures.From(e)).ConfigureAwait(false);
            }
        }
    }
}
