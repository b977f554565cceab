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
    internal const string Indent = "    ";

    private readonly MessageTemplateTextFormatter _head = new(
        "{Timestamp:yyyy-MM-ddTHH:mm:ss.fffzzz} {Level:u3} {SourceContext} ", CultureInfo.InvariantCulture);
    private readonly MessageTemplateTextFormatter _message = new("{Message:lj}", CultureInfo.InvariantCulture);

    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var line = new StringWriter(CultureInfo.InvariantCulture);
        _head.Format(logEvent, line);
        line.Write(Context(logEvent));
        _message.Format(logEvent, line);
        output.WriteLine(PrintableText.Line(SecretMask.Scrub(line.ToString())));
        if (logEvent.Exception is not { } exception) return;
        foreach (var part in PrintableText.Lines(SecretMask.Scrub(Describe(exception))).ReplaceLineEndings("\n").Split('\n'))
            output.WriteLine(Indent + part);
    }

    // Before the message, where no text from outside can stand. The name of a site may hold blanks, and never a bracket: it is the last.
    private static string Context(LogEvent logEvent)
    {
        var parts = ((string Name, string Key)[])[("sync", LogContextProperty.SyncId), ("run", LogContextProperty.RunId),
            ("site", LogContextProperty.Site)];
        var known = parts.Where(part => Text(logEvent, part.Key) is not null).Select(part => $"{part.Name}={Text(logEvent, part.Key)}");
        return string.Join(' ', known) is { Length: > 0 } text ? $"[{text}] " : "";
    }

    internal static string? Text(LogEvent logEvent, string property) =>
        logEvent.Properties.TryGetValue(property, out var value) && value is ScalarValue { Value: { } scalar }
            ? Convert.ToString(scalar, CultureInfo.InvariantCulture) : null;

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
