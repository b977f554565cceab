using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace VteWats.Core.Diagnostics;

/// <summary>
/// One line an event, without secrets and without anything that a terminal would obey; an exception follows, indented. So a line that
/// begins with a time was written by this program, whatever the texts that came from outside hold.
/// </summary>
internal sealed class LogLineFormatter : ITextFormatter
{
    private const string Indent = "    ";

    private readonly MessageTemplateTextFormatter _line = new(
        "{Timestamp:yyyy-MM-ddTHH:mm:ss.fffzzz} {Level:u3} {SourceContext} {Message:lj}", CultureInfo.InvariantCulture);

    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var line = new StringWriter(CultureInfo.InvariantCulture);
        _line.Format(logEvent, line);
        output.WriteLine(PrintableText.Line(SecretMask.Scrub(line.ToString())));
        if (logEvent.Exception is not { } exception) return;
        foreach (var part in PrintableText.Lines(SecretMask.Scrub(Describe(exception))).ReplaceLineEndings("\n").Split('\n'))
            output.WriteLine(Indent + part);
    }

    // The text with its stack, its messages on one line each.
    private static string Describe(Exception exception)
    {
        var text = exception.ToString();
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner.Message.Length > 0) text = text.Replace(inner.Message, PrintableText.Line(inner.Message), StringComparison.Ordinal);
        }
        return text;
    }
}
