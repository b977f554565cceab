using System.Management.Automation;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Abstractions;

/// <summary>
/// The exit code of a sync or a comparison, for whoever started the process: in <c>$LASTEXITCODE</c>, so that
/// <c>exit $LASTEXITCODE</c> passes it on, and for VteWatsAdapter, which ends with it by itself. Of several sites the highest one counts.
/// </summary>
internal sealed class SyncExitCode(PSCmdlet cmdlet)
{
    /// <summary>The property of the host's private data that VteWatsAdapter reads. Other hosts have none.</summary>
    private const string OfHost = "SyncExitCode";

    private int _highest;

    public Task TellAsync(int code, IPipelineWriter output) => output.OnPipelineThreadAsync(() => Tell(code));

    /// <summary>The same, on the pipeline thread.</summary>
    public bool Tell(int code)
    {
        _highest = Math.Max(_highest, code);
        cmdlet.SessionState.PSVariable.Set("global:LASTEXITCODE", _highest);
        if (cmdlet.Host.PrivateData?.Properties[OfHost] is { IsSettable: true } property) property.Value = _highest;
        return true;
    }
}
