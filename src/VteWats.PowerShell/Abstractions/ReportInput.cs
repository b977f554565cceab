using System.Management.Automation;
using System.Text.Json;
using VteWats.Core.Diagnostics;
using VteWats.Core.Vte;
using VteWats.Core.Wats;
using VteWats.PowerShell.Errors;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Abstractions;

/// <summary>Reports that come through the pipeline.</summary>
internal static class ReportInput
{
    /// <summary>The typed report; null, and an error that does not end the pipeline, where it is something else.</summary>
    public static async Task<WatsReport?> FromAsync(PSObject input, IPipelineWriter output)
    {
        if (input.BaseObject is WatsReport report) return report;
        await output.WriteErrorAsync(Failures.From(NotAReport(input, input.BaseObject))).ConfigureAwait(false);
        return null;
    }

    /// <summary>The typed report of what WATS answered.</summary>
    /// <exception cref="VteWatsException"><c>WatsReportInvalid</c>: it is not a test report.</exception>
    public static WatsReport Parse(Guid id, byte[] answer)
    {
        try
        {
            return Wsjf.Parse(answer);
        }
        catch (JsonException e)
        {
            throw new VteWatsException(
                ErrorKind.WatsReportInvalid, $"What WATS sends as report {id} is not a test report: {e.Message}",
                "Only test reports can be read. Look at it in WATS.", id, e);
        }
    }

    // A report that was serialised on the way (Export-Clixml, a job, a remote session) has lost its steps below the serialisation depth.
    public static VteWatsException NotAReport(PSObject input, object value) =>
        input.TypeNames.Contains("Deserialized." + typeof(WatsReport).FullName)
        ? new VteWatsException(
            ErrorKind.WatsReportInvalid,
            $"Report {input.Properties["Id"]?.Value} was serialised on the way and has lost its steps.",
            "Make it again in this session, or carry it as a file: Export-WatsReport there, Import-WatsReport here.",
            input.Properties["Id"]?.Value)
        : new VteWatsException(
            ErrorKind.WatsReportInvalid,
            $"The input is a {value.GetType().FullName}, not a WATS report.",
            value is VteTestRun ? "Pipe the test run through ConvertTo-WatsReport first."
            : "Pipe what ConvertTo-WatsReport or Import-WatsReport emits.", value);
}
