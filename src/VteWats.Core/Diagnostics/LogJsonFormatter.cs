using System.Globalization;
using System.Text;
using System.Text.Json;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace VteWats.Core.Diagnostics;

/// <summary>
/// One JSON object a line, with the names of Serilog's compact format (<c>@t</c>, <c>@l</c>, <c>@m</c>, <c>@x</c>), which log collectors
/// know. The encoder escapes everything that is not plain ASCII, so that no text breaks a line or colours a console; secrets are masked
/// before they are escaped.
/// </summary>
internal sealed class LogJsonFormatter : ITextFormatter
{
    private readonly MessageTemplateTextFormatter _message = new("{Message:lj}", CultureInfo.InvariantCulture);

    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            using var message = new StringWriter(CultureInfo.InvariantCulture);
            _message.Format(logEvent, message);
            json.WriteStartObject();
            json.WriteString("@t", logEvent.Timestamp.ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", CultureInfo.InvariantCulture));
            json.WriteString("@l", logEvent.Level.ToString());
            json.WriteString("@m", SecretMask.Scrub(message.ToString()));
            if (logEvent.Exception is { } exception) json.WriteString("@x", SecretMask.Scrub(exception.ToString()));
            foreach (var (name, value) in logEvent.Properties) Write(json, name, value);
            json.WriteEndObject();
        }
        output.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
    }

    private static void Write(Utf8JsonWriter json, string name, LogEventPropertyValue value)
    {
        switch ((value as ScalarValue)?.Value)
        {
            case null: json.WriteString(name, SecretMask.Scrub(value.ToString(null, CultureInfo.InvariantCulture))); break;
            case bool flag: json.WriteBoolean(name, flag); break;
            case int number: json.WriteNumber(name, number); break;
            case long number: json.WriteNumber(name, number); break;
            case double number when double.IsFinite(number): json.WriteNumber(name, number); break;
            case var other:
                json.WriteString(name, SecretMask.Scrub(Convert.ToString(other, CultureInfo.InvariantCulture) ?? ""));
                break;
        }
    }
}
