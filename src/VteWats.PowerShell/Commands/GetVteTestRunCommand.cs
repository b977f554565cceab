using System.Management.Automation;
using VteWats.Core.Vte;
using VteWats.PowerShell.Abstractions;

namespace VteWats.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "VteTestRun")]
[OutputType(typeof(VteTestRun))]
public sealed class GetVteTestRunCommand : VteAsyncCommand
{
    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct) =>
        await output.WriteObjectAsync(new VteTestRun { Id = Guid.Empty, Site = "x", Timestamp = default, Start = default }).ConfigureAwait(false);
}
