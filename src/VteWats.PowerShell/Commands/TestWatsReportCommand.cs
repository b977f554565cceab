using System.Management.Automation;
using System.Text;
using VteWats.Core.Diagnostics;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Files;
using VteWats.Core.Wats.Rules;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Errors;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Judges reports by every rule of a WATS server.</summary>
[Cmdlet(VerbsDiagnostic.Test, "WatsReport", DefaultParameterSetName = "Report")]
[OutputType(typeof(ReportFinding), typeof(bool))]
public sealed class TestWatsReportCommand : ReportFileCommand
{
    /// <summary>A report, the text of one as WSJF, or a file of one.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Report")]
    [ValidateNotNull]
    public PSObject InputObject { get; set; } = null!;

    /// <summary>WSJF files, with wildcards.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>One true or false a report instead of the findings.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        if (ParameterSetName == "Path")
        {
            foreach (var path in Path)
            {
                foreach (var file in await ResolveAsync(output, path).ConfigureAwait(false))
                    await TellAsync(output, () => ReportFiles.Judge(file)).ConfigureAwait(false);
            }
            return;
        }
        await TellAsync(output, () => InputObject.BaseObject switch
        {
            WatsReport report => Named(ReportRules.Validate(report), report.Id?.ToString("D")),
            FileInfo file => ReportFiles.Judge(file.FullName),
            string text => ReportRules.Validate(Encoding.UTF8.GetBytes(text)),
            var other => throw ReportInput.NotAReport(InputObject, other),
        }).ConfigureAwait(false);
    }

    private static IReadOnlyList<ReportFinding> Named(IReadOnlyList<ReportFinding> findings, string? report) =>
        findings.Count == 0 ? findings : [.. findings.Select(f => f with { Report = report })];

    private async Task TellAsync(IPipelineWriter output, Func<IReadOnlyList<ReportFinding>> judge)
    {
        IReadOnlyList<ReportFinding> findings;
        try
        {
            findings = judge();
        }
        catch (VteWatsException e) when (!e.Error.Terminates)
        {
            await output.WriteErrorAsync(Failures.From(e)).ConfigureAwait(false);
            return;
        }
        if (Quiet) await output.WriteObjectAsync(findings.All(f => f.Severity != FindingSeverity.Error)).ConfigureAwait(false);
        else foreach (var finding in findings) await output.WriteObjectAsync(finding).ConfigureAwait(false);
    }
}
