using System.Management.Automation;
using VteWats.Core.Inspection;
using VteWats.Core.Vte.Reading;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Connects to VTE databases as a sync does, and says what it finds: server, login, rights, clock and latency.</summary>
[Cmdlet(VerbsDiagnostic.Test, "VteConnection")]
[OutputType(typeof(ConnectionReport))]
public sealed class TestVteConnectionCommand : SchemaCommand
{
    protected override Task ProcessAsync(IPipelineWriter output, CancellationToken ct) => EachSiteAsync(output, async resolved =>
        await output.WriteObjectAsync(await ConnectionCheck.RunAsync(Watched(resolved), resolved.Password, ct)
            .ConfigureAwait(false)).ConfigureAwait(false), ct);

    // Each attempt is told to who asked for more than the result.
    private VteSourceOptions Watched(ResolvedSite resolved) => resolved.Site.ToSource() with
    {
        OnAttempt = attempt => Listening?.Verbose?.Invoke($"{resolved.Configuration?.Path ?? "No configuration file"}: {attempt}"),
    };
}
