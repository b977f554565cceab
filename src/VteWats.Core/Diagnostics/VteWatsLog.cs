using System.Globalization;
using System.Text;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Sinks.File;
using VteWats.Core.IO;

namespace VteWats.Core.Diagnostics;

/// <summary>
/// The rolling log file; <see cref="LogLineFormatter"/> masks secrets in it. Cmdlets of one pipeline that log to the same folder
/// share the file; each disposes of its own <see cref="VteWatsLog"/>. Templates name their values: <c>"Sent {RunId} in {Milliseconds}
/// ms"</c>.
/// </summary>
public sealed class VteWatsLog : IDisposable
{
    private static readonly Dictionary<string, (Logger Logger, int Users)> Shared = new(StringComparer.Ordinal);

    private readonly ILogger? _logger;
    private readonly string? _key;
    private int _closed;

    private VteWatsLog(ILogger? logger, string? key)
    {
        _logger = logger;
        _key = key;
    }

    /// <summary>A log that keeps nothing.</summary>
    public static VteWatsLog None { get; } = new(null, null);

    /// <summary>Opens the log; <see cref="None"/> when no folder is configured.</summary>
    /// <exception cref="VteWatsException"><c>FileUnusable</c>: the folder cannot be written to.</exception>
    public static VteWatsLog Open(LoggingOptions? logging)
    {
        if (logging?.Folder is not { } folder) return None;
        var key = $"{Path.GetFullPath(folder)}|{logging.Level}|{logging.RetainDays.ToString(CultureInfo.InvariantCulture)}";
        lock (Shared)
        {
            var (logger, users) = Shared.TryGetValue(key, out var open) ? open : (Create(folder, logging), 0);
            Shared[key] = (logger, users + 1);
            return new VteWatsLog(logger, key);
        }
    }

    /// <summary>Opens the log; where it cannot be written, <see cref="None"/> and why: a full disk of the log must not keep runs from
    /// WATS.</summary>
    public static (VteWatsLog Log, VteWatsException? Problem) TryOpen(LoggingOptions? logging)
    {
        try
        {
            return (Open(logging), null);
        }
        catch (VteWatsException e)
        {
            return (None, e);
        }
    }

    /// <summary>The same log for one part of the program, named in each line. Needs no disposing.</summary>
    public VteWatsLog For<T>() =>
        _logger is null ? this : new VteWatsLog(_logger.ForContext(Constants.SourceContextPropertyName, typeof(T).Name), null);

    public void Debug(string template, params object?[] values) => Write(LogEventLevel.Debug, null, template, values);
    public void Information(string template, params object?[] values) => Write(LogEventLevel.Information, null, template, values);
    public void Warning(string template, params object?[] values) => Write(LogEventLevel.Warning, null, template, values);
    public void Warning(Exception exception, string template, params object?[] values) =>
        Write(LogEventLevel.Warning, exception, template, values);
    public void Error(Exception? exception, string template, params object?[] values) =>
        Write(LogEventLevel.Error, exception, template, values);

    /// <summary>Closes the file when nobody else of this process writes to it.</summary>
    public void Dispose()
    {
        if (_key is null || Interlocked.Exchange(ref _closed, 1) != 0) return;
        lock (Shared)
        {
            var (logger, users) = Shared[_key];
            if (users > 1)
            {
                Shared[_key] = (logger, users - 1);
                return;
            }
            Shared.Remove(_key);
            try { logger.Dispose(); }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) { /* the disk is full: what is lost is lost */ }
        }
    }

    private void Write(LogEventLevel level, Exception? exception, string template, object?[] values)
    {
        try
        {
            _logger?.Write(level, exception, template, values);
        }
        // What cannot be logged must not end what is logged about.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
        }
    }

    private static Logger Create(string folder, LoggingOptions logging)
    {
        try
        {
            OwnerOnly.MakeFolder(folder);
            // Serilog swallows what it cannot write; an admin who asked for a log wants to know now.
            var probe = Path.Combine(folder, $".{Guid.NewGuid():N}.probe");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VteWatsException(
                ErrorKind.FileUnusable, $"The log folder {folder} cannot be written to: {e.Message}",
                "Give the account that runs this the right to write there, or change logging.folder in the configuration.", folder, e);
        }
        // Not shared between processes: the second one at work rolls on to a file of its own, and no system-wide lock is needed.
        return new LoggerConfiguration()
            .MinimumLevel.Is(Enum.Parse<LogEventLevel>(logging.Level, ignoreCase: true))
            .WriteTo.File(
                new LogLineFormatter(), Path.Combine(folder, "vtewats-.log"), rollingInterval: RollingInterval.Day,
                fileSizeLimitBytes: 100 * 1024 * 1024, rollOnFileSizeLimit: true,
                hooks: new OwnersFiles(), retainedFileCountLimit: null, retainedFileTimeLimit: TimeSpan.FromDays(logging.RetainDays))
            .CreateLogger();
    }

    // Serial numbers are in it.
    private sealed class OwnersFiles : FileLifecycleHooks
    {
        public override Stream OnFileOpened(string path, Stream underlyingStream, Encoding encoding)
        {
            try { OwnerOnly.Restrict(path); }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) { /* a file of another account that was there */ }
            return underlyingStream;
        }
    }
}
