using System.Management.Automation;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Files;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Writes reports as one page for people, readable without a network.</summary>
[Cmdlet(VerbsCommon.Show, "WatsReport", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ShowWatsReportCommand : VteAsyncCommand
{
    private readonly List<WatsReport> _reports = [];

    /// <summary>Reports, as ConvertTo-WatsReport or Import-WatsReport emits them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>The HTML file to write; an older one is replaced.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public string Path { get; set; } = "";

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        foreach (var input in InputObject)
            if (await ReportInput.FromAsync(input, output).ConfigureAwait(false) is { } report) _reports.Add(report);
    }

    protected override async Task EndAsync(IPipelineWriter output, CancellationToken ct)
    {
        if (_reports.Count == 0) return;
        var file = await FilePathAsync(output, Path).ConfigureAwait(false);
        var may = await output.OnPipelineThreadAsync(() => ShouldProcess(file, $"Write a page of {_reports.Count} reports"))
            .ConfigureAwait(false);
        if (!may) return;
        ReportFiles.WritePage(_reports, file);
        await output.WriteObjectAsync(new FileInfo(file)).ConfigureAwait(false);
    }
}
