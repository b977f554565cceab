using System.Globalization;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace VteWats.Core.Diagnostics;

/// <summary>Takes what is logged to whoever listens, such as the streams of a PowerShell pipeline. It waits for nothing.</summary>
/// <param name="Verbose">Takes decisions and counts; null where nobody listens.</param>
/// <param name="Debug">Takes the details; null where nobody listens.</param>
public sealed record LogTee(Action<string>? Verbose, Action<string>? Debug)
{
    /// <summary>True when nobody listens.</summary>
    public bool IsSilent => Verbose is null && Debug is null;
}

/// <summary>The end of a tee in the log.</summary>
internal sealed class LogTeeSink(LogTee tee) : ILogEventSink
{
    private readonly MessageTemplateTextFormatter _message = new("{Message:lj}", CultureInfo.InvariantCulture);

    public void Emit(LogEvent logEvent)
    {
        var take = logEvent.Level >= LogEventLevel.Information ? tee.Verbose : tee.Debug;
        if (take is null) return;
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        _message.Format(logEvent, text);
        take(PrintableText.Line(SecretMask.Scrub(text.ToString())));
    }
}
