using System.Management.Automation;
using VteWats.Core.Diagnostics;
using VteWats.Core.Wats.Files;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Errors;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Writes each report to a file of its own, named by its test run.</summary>
[Cmdlet(VerbsData.Export, "WatsReport", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportWatsReportCommand : VteAsyncCommand
{
    /// <summary>Reports, as ConvertTo-WatsReport or Import-WatsReport emits them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject InputObject { get; set; } = null!;

    /// <summary>Folder of the files; made when it is not there.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Wsjf for machines, Html for people.</summary>
    [Parameter]
    [ValidateSet("Wsjf", "Html")]
    public string As { get; set; } = "Wsjf";

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var asHtml = As.Equals("Html", StringComparison.OrdinalIgnoreCase);
        try
        {
            var report = ReportInput.From(InputObject);
            var name = ReportFiles.NameOf(report, asHtml);
            var file = await output.OnPipelineThreadAsync(() =>
            {
                var path = System.IO.Path.Combine(GetUnresolvedProviderPathFromPSPath(Path), name);
                return ShouldProcess(path, "Write report") ? path : null;
            }).ConfigureAwait(false);
            if (file is null) return;
            ReportFiles.Write(report, file, asHtml);
            await output.WriteObjectAsync(new FileInfo(file)).ConfigureAwait(false);
        }
        catch (VteWatsException e) when (!e.Error.Terminates)
        {
            await output.WriteErrorAsync(Failures.From(e)).ConfigureAwait(false);
        }
    }
}
