using System.Management.Automation;
using VteWats.Core.Sync.State;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Looks through the state database, and says whether it can be trusted.</summary>
[Cmdlet(VerbsDiagnostic.Test, "VteWatsState")]
[OutputType(typeof(StateReport))]
public sealed class TestVteWatsStateCommand : ConfiguredCommand
{
    /// <summary>Folder of the state database; the configured one without it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? StateFolder { get; set; }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var folder = StateFolder is not null ? await FilePathAsync(output, StateFolder).ConfigureAwait(false)
            : (await RequireConfigurationAsync(output, ct).ConfigureAwait(false)).StateFolder!;
        if (StateCheck.Run(folder) is { } report) await output.WriteObjectAsync(report).ConfigureAwait(false);
        else await output.WriteWarningAsync($"There is no state in {folder} yet: nothing was synced.").ConfigureAwait(false);
    }
}
