using System.Management.Automation;
using VteWats.Core.Diagnostics;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Files;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Errors;
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
    [ValidateNotNull]
    public PSObject InputObject { get; set; } = null!;

    /// <summary>The HTML file to write; an older one is replaced.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        try
        {
            _reports.Add(ReportInput.From(InputObject));
        }
        catch (VteWatsException e) when (!e.Error.Terminates)
        {
            await output.WriteErrorAsync(Failures.From(e)).ConfigureAwait(false);
        }
    }

    protected override async Task EndAsync(IPipelineWriter output, CancellationToken ct)
    {
        if (_reports.Count == 0) return;
        var file = await output.OnPipelineThreadAsync(() =>
        {
            var path = GetUnresolvedProviderPathFromPSPath(Path);
            return ShouldProcess(path, $"Write a page of {_reports.Count} reports") ? path : null;
        }).ConfigureAwait(false);
        if (file is null) return;
        ReportFiles.WritePage(_reports, file);
        await output.WriteObjectAsync(new FileInfo(file)).ConfigureAwait(false);
    }
}
