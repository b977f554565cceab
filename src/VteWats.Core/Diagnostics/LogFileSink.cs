using System.Text;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Sinks.File;
using VteWats.Core.IO;

namespace VteWats.Core.Diagnostics;

/// <summary>The rolling files of a log folder, which is made for the first event: whoever logs nothing leaves nothing behind.</summary>
internal sealed class LogFileSink(string folder, LoggingOptions logging, ILoggingFailureListener failing) : ILogEventSink, IDisposable
{
    private const int LargestFile = 100, FilesAtLeast = 5, Megabyte = 1024 * 1024;

    private readonly object _gate = new();
    private Logger? _files;

    public void Emit(LogEvent logEvent)
    {
        Logger files;
        try
        {
            lock (_gate) files = _files ??= Open();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            failing.OnLoggingFailed(this, LoggingFailureKind.Temporary, e.Message, [logEvent], e);
            return;
        }
        files.Write(logEvent);
    }

    public void Dispose() => _files?.Dispose();

    private Logger Open()
    {
        OwnerOnly.MakeFolder(folder);
        var file = (long)Math.Min(LargestFile, Math.Max(1, logging.MaxMegabytes / FilesAtLeast)) * Megabyte;
        ITextFormatter lines = logging.Format == LoggingOptions.Json ? new LogJsonFormatter() : new LogLineFormatter();
        // Not shared between processes: the second one at work rolls on to a file of its own, and no system-wide lock is needed.
        return new LoggerConfiguration().MinimumLevel.Verbose()
            .WriteTo.Fallible(sinks => sinks.File(
                lines, Path.Combine(folder, LogFiles.Name), rollingInterval: RollingInterval.Day, fileSizeLimitBytes: file,
                rollOnFileSizeLimit: true,
                hooks: new OwnersFiles(logging.MaxMegabytes * (long)Megabyte - file), retainedFileCountLimit: null,
                retainedFileTimeLimit: TimeSpan.FromDays(logging.RetainDays)), failing)
            .CreateLogger();
    }

    // Serial numbers are in it.
    private sealed class OwnersFiles(long othersAtMost) : FileLifecycleHooks
    {
        public override Stream OnFileOpened(string path, Stream underlyingStream, Encoding encoding)
        {
            try { OwnerOnly.Restrict(path); }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) { /* a file of another account that was there */ }
            LogFiles.Trim(path, othersAtMost);
            return underlyingStream;
        }
    }
}
