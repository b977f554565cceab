using System.Management.Automation;
using VteWats.Core.Diagnostics;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Files;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Errors;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Reads reports from WSJF files.</summary>
[Cmdlet(VerbsData.Import, "WatsReport")]
[OutputType(typeof(WatsReport))]
public sealed class ImportWatsReportCommand : ReportFileCommand
{
    /// <summary>WSJF files, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        foreach (var path in Path)
        {
            foreach (var file in await ResolveAsync(output, path).ConfigureAwait(false))
            {
                ct.ThrowIfCancellationRequested();
                WatsReport report;
                try
                {
                    report = ReportFiles.Read(file);
                }
                catch (VteWatsException e) when (!e.Error.Terminates)
                {
                    await output.WriteErrorAsync(Failures.From(e)).ConfigureAwait(false);
                    continue;
                }
                await output.WriteObjectAsync(report).ConfigureAwait(false);
            }
        }
    }
}
