using System.Management.Automation;
using VteWats.Core.Configuration;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Emits everything that is wrong with the configuration file; nothing when it is in order. Opens no connection.</summary>
[Cmdlet(VerbsDiagnostic.Test, "VteWatsConfiguration")]
[OutputType(typeof(ConfigurationFinding))]
public sealed class TestVteWatsConfigurationCommand : ConfiguredCommand
{
    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var file = await RequireFileAsync(output).ConfigureAwait(false);
        await output.WriteVerboseAsync($"Checking {file}").ConfigureAwait(false);
        var findings = ConfigurationFile.Check(file);
        if (findings.Count == 0)
            findings = await ConfigurationProbe.CheckAsync(ConfigurationFile.Load(file), Secrets(output), ct).ConfigureAwait(false);
        foreach (var finding in findings) await output.WriteObjectAsync(finding).ConfigureAwait(false);
    }
}
