using System.Text;
using System.Text.Json;
using VteWats.Core.Diagnostics;
using VteWats.Core.IO;
using VteWats.Core.Wats.Html;
using VteWats.Core.Wats.Rules;

namespace VteWats.Core.Wats.Files;

/// <summary>Reports as files: WSJF for machines, HTML for people. A file appears under its name only when it is complete.</summary>
public static class ReportFiles
{
    /// <summary>Extension of a WSJF file.</summary>
    public const string WsjfExtension = ".wsjf";

    /// <summary>Extension of a page.</summary>
    public const string HtmlExtension = ".html";

    /// <summary>Name of a report's file: the id of its test run.</summary>
    /// <exception cref="VteWatsException">The report has no id.</exception>
    public static string NameOf(WatsReport report, bool asHtml)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.Id is { } id
            ? id.ToString("D") + (asHtml ? HtmlExtension : WsjfExtension)
            : throw new VteWatsException(ErrorKind.WatsReportInvalid, "A report without an id cannot be written to a file of its own.",
            "Set the id of the report: that of its test run.", report);
    }

    /// <summary>Writes a report as WSJF, or as a page, replacing an older file.</summary>
    /// <exception cref="VteWatsException">The report cannot be written as JSON, or the file not written.</exception>
    public static void Write(WatsReport report, string path, bool asHtml)
    {
        ArgumentNullException.ThrowIfNull(report);
        WriteBytes(path, asHtml ? Encoding.UTF8.GetBytes(ReportPage.Text([report])) : ToWsjf(report));
    }

    /// <summary>Writes one page with all reports.</summary>
    /// <exception cref="VteWatsException">The file cannot be written.</exception>
    public static void WritePage(IReadOnlyList<WatsReport> reports, string path) =>
        WriteBytes(path, Encoding.UTF8.GetBytes(ReportPage.Text(reports)));

    /// <summary>Reads a WSJF file; a byte order mark is passed over.</summary>
    /// <exception cref="VteWatsException">The file cannot be read or is not a report.</exception>
    public static WatsReport Read(string path)
    {
        var bytes = ReadBytes(path);
        try
        {
            return Wsjf.Parse(bytes.Span);
        }
        catch (JsonException e)
        {
            throw new VteWatsException(
                ErrorKind.WatsReportInvalid, $"The file {path} is not a WSJF report: {e.Message}",
                "Test-WatsReport -Path names what is wrong with it.", path, e);
        }
    }

    /// <summary>Validates a WSJF file; the findings bear its path.</summary>
    /// <exception cref="VteWatsException">The file cannot be read.</exception>
    public static IReadOnlyList<ReportFinding> Validate(string path) =>
        [.. ReportRules.Validate(ReadBytes(path)).Select(f => f with { Report = path })];

    private static byte[] ToWsjf(WatsReport report)
    {
        try
        {
            return Wsjf.ToUtf8(report);
        }
        catch (Exception e) when (e is ArgumentException or JsonException)
        {
            throw new VteWatsException(
                ErrorKind.WatsReportInvalid, $"Report {report.Id} cannot be written as JSON: {e.Message}",
                "Test-WatsReport names the step with the number that is none.", report.Id, e);
        }
    }

    private static ReadOnlyMemory<byte> ReadBytes(string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            return bytes.AsSpan().StartsWith("\ufeff"u8) ? bytes.AsMemory(3) : bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VteWatsException(ErrorKind.WatsReportInvalid, $"The file {path} cannot be read: {e.Message}",
                "Check the path and the rights on the file.", path, e);
        }
    }

    private static void WriteBytes(string path, byte[] bytes)
    {
        try
        {
            AtomicFile.Write(path, bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VteWatsException(ErrorKind.FileUnusable, $"The file {path} cannot be written: {e.Message}",
                "Check the path, the rights on the folder and the free space.", path, e);
        }
    }
}
