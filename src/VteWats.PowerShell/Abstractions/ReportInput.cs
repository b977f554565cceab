using System.Management.Automation;
using VteWats.Core.Diagnostics;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.PowerShell.Abstractions;

/// <summary>Reports that come through the pipeline.</summary>
internal static class ReportInput
{
    /// <summary>The typed report.</summary>
    /// <exception cref="VteWatsException">It is something else; the error does not end the pipeline.</exception>
    public static WatsReport From(PSObject input) => input.BaseObject as WatsReport ?? throw NotAReport(input, input.BaseObject);

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
