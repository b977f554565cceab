using System.Management.Automation;
using VteWats.Core.Inspection;
using VteWats.Core.Wats.Client;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Connects to the WATS server and says what the token may do; it leaves nothing behind.</summary>
[Cmdlet(VerbsDiagnostic.Test, "WatsConnection")]
[OutputType(typeof(WatsConnectionReport))]
public sealed class TestWatsConnectionCommand : WatsTargetCommand
{
    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var target = await ResolveTargetAsync(output, ct).ConfigureAwait(false);
        // A person waits: one attempt tells enough.
        using var client = WatsClient.Create(target.Wats with { MaxAttempts = 1 }, target.Token, target.ProxyPassword);
        await output.WriteObjectAsync(await WatsConnectionCheck.RunAsync(client, ct).ConfigureAwait(false)).ConfigureAwait(false);
    }
}
