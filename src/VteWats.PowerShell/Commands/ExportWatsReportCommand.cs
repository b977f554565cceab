using System.Management.Automation;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Files;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Writes each report to a file of its own, named by its test run.</summary>
[Cmdlet(VerbsData.Export, "WatsReport", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportWatsReportCommand : VteAsyncCommand
{
    /// <summary>Reports, as ConvertTo-WatsReport or Import-WatsReport emits them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>Folder of the files; made when it is not there.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public string Path { get; set; } = "";

    /// <summary>Wsjf for machines, Html for people.</summary>
    [Parameter]
    [ValidateSet("Wsjf", "Html")]
    public string As { get; set; } = "Wsjf";

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        foreach (var input in InputObject)
            if (await ReportInput.FromAsync(input, output).ConfigureAwait(false) is { } report)
                await AttemptAsync(output, () => WriteAsync(report, output)).ConfigureAwait(false);
    }

    private async Task WriteAsync(WatsReport report, IPipelineWriter output)
    {
        var asHtml = As.Equals("Html", StringComparison.OrdinalIgnoreCase);
        var file = System.IO.Path.Combine(await FilePathAsync(output, Path).ConfigureAwait(false), ReportFiles.NameOf(report, asHtml));
        if (!await output.OnPipelineThreadAsync(() => ShouldProcess(file, "Write report")).ConfigureAwait(false)) return;
        ReportFiles.Write(report, file, asHtml);
        await output.WriteObjectAsync(new FileInfo(file)).ConfigureAwait(false);
    }
}
