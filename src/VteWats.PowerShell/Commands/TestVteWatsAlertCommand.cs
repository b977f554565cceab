using System.Management.Automation;
using VteWats.Core.Diagnostics;
using VteWats.Core.Operating.Alerts;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Sends a message through each configured channel, and says whether it was taken.</summary>
[Cmdlet(VerbsDiagnostic.Test, "VteWatsAlert")]
[OutputType(typeof(AlertTrial))]
public sealed class TestVteWatsAlertCommand : ConfiguredCommand
{
    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var configuration = await RequireConfigurationAsync(output, ct).ConfigureAwait(false);
        var desk = new AlertDesk(configuration.StateFolder!, configuration.Alerts, Secrets(output).ReadAsync);
        var trials = await desk.TryAsync(ct).ConfigureAwait(false);
        if (trials.Count == 0) throw new VteWatsException(
            ErrorKind.ConfigurationInvalid, "Nobody is told of anything: the configuration has no alerts.",
            "Set alerts.mail, alerts.webhooks or alerts.heartbeat in the configuration; docs/operating.md shows how.", configuration.Path);
        foreach (var trial in trials) await output.WriteObjectAsync(trial).ConfigureAwait(false);
    }
}
