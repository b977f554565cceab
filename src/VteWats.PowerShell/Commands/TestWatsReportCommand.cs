using System.Management.Automation;
using System.Text;
using VteWats.Core.Diagnostics;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Files;
using VteWats.Core.Wats.Rules;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Validates reports by every rule of a WATS server.</summary>
[Cmdlet(VerbsDiagnostic.Test, "WatsReport", DefaultParameterSetName = "Report")]
[OutputType(typeof(ReportFinding), typeof(bool))]
public sealed class TestWatsReportCommand : ReportFileCommand
{
    /// <summary>A report, the text of one as WSJF, or a file of one.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Report")]
    [AllowNull]
    [AllowEmptyCollection]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>WSJF files, or folders of them, with wildcards.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Path")]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The same, letter by letter.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>One true or false a report instead of the findings.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        foreach (var input in InputObject)
            await AttemptAsync(output, () => TellAsync(output, FindingsOf(input))).ConfigureAwait(false);
        var literal = ParameterSetName == "LiteralPath";
        await EachFileAsync(output, literal ? LiteralPath : Path, literal, file => TellAsync(output, ReportFiles.Validate(file)), ct)
            .ConfigureAwait(false);
    }

    private static IReadOnlyList<ReportFinding> FindingsOf(PSObject input) => input.BaseObject switch
    {
        WatsReport report => Named(ReportRules.Validate(report), report.Id?.ToString("D")),
        FileInfo file => ReportFiles.Validate(file.FullName),
        string text => ReportRules.Validate(Encoding.UTF8.GetBytes(text)),
        var other => throw ReportInput.NotAReport(input, other),
    };

    private static IReadOnlyList<ReportFinding> Named(IReadOnlyList<ReportFinding> findings, string? report) =>
        findings.Count == 0 ? findings : [.. findings.Select(f => f with { Report = report })];

    private async Task TellAsync(IPipelineWriter output, IReadOnlyList<ReportFinding> findings)
    {
        if (Quiet) await output.WriteObjectAsync(findings.All(f => f.Severity != FindingSeverity.Error)).ConfigureAwait(false);
        else foreach (var finding in findings) await output.WriteObjectAsync(finding).ConfigureAwait(false);
    }
}
