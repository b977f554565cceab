using System.Management.Automation;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Files;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Reads reports from WSJF files.</summary>
[Cmdlet(VerbsData.Import, "WatsReport", DefaultParameterSetName = "Path")]
[OutputType(typeof(WatsReport))]
public sealed class ImportWatsReportCommand : ReportFileCommand
{
    /// <summary>WSJF files, or folders of them, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The same, letter by letter: files that are piped in come here.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "FullName")]
    public string[] LiteralPath { get; set; } = [];

    protected override Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var literal = ParameterSetName == "LiteralPath";
        return EachFileAsync(
            output, literal ? LiteralPath : Path, literal, file => output.WriteObjectAsync(ReportFiles.Read(file)), ct);
    }
}
