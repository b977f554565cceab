using System.Globalization;
using Serilog;
using Serilog.Context;
using Serilog.Core;
using Serilog.Events;
using VteWats.Core.IO;

namespace VteWats.Core.Diagnostics;

/// <summary>
/// The rolling log file; its formatters mask secrets in it. Cmdlets of one pipeline that log to the same folder
/// share the file; each disposes of its own <see cref="VteWatsLog"/>. Templates name their values: <c>"Sent {RunId} in {Milliseconds}
/// ms"</c>.
/// </summary>
public sealed class VteWatsLog : IDisposable
{
    private static readonly Dictionary<string, (Logger Logger, Failing Failing, int Users)> Shared = new(StringComparer.Ordinal);

    private readonly ILogger? _logger;
    private readonly string? _key;
    private readonly Failing? _failing;
    private readonly LogTee? _tee;
    private int _closed;

    private VteWatsLog(ILogger? logger, string? key, Failing? failing = null, LogTee? tee = null)
    {
        _logger = logger;
        _key = key;
        _failing = failing;
        _tee = tee;
    }

    /// <summary>A log that keeps nothing.</summary>
    public static VteWatsLog None { get; } = new(null, null);

    /// <summary>Opens the log; <see cref="None"/> when no folder is configured, or it is switched off, and nobody listens.</summary>
    /// <param name="logging">The configuration.</param>
    /// <param name="tee">Who listens besides.</param>
    /// <exception cref="VteWatsException"><c>FileUnusable</c>: the folder cannot be written to.</exception>
    public static VteWatsLog Open(LoggingOptions? logging, LogTee? tee = null)
    {
        if (logging?.Folder is not { } folder || logging.Level == LoggingOptions.Off)
            return tee is null or { IsSilent: true } ? None : new VteWatsLog(WithTee(null, tee), null, null, tee);
        var key = string.Create(CultureInfo.InvariantCulture,
            $"{Path.GetFullPath(folder)}|{logging.Level}|{logging.Format}|{logging.RetainDays}|{logging.MaxMegabytes}");
        lock (Shared)
        {
            var (logger, failing, users) = Shared.TryGetValue(key, out var open) ? open : Create(folder, logging);
            Shared[key] = (logger, failing, users + 1);
            return new VteWatsLog(tee is null or { IsSilent: true } ? logger : WithTee(logger, tee), key, failing, tee);
        }
    }

    /// <summary>Opens the log; where it cannot be written, none and why: a full disk of the log must not keep runs from WATS.</summary>
    public static (VteWatsLog Log, VteWatsException? Problem) TryOpen(LoggingOptions? logging, LogTee? tee = null)
    {
        try
        {
            return (Open(logging, tee), null);
        }
        catch (VteWatsException e)
        {
            return (Open(null, tee), e);
        }
    }

    /// <summary>Why an event could not be written, once the first one could not; null while all could.</summary>
    public VteWatsException? Problem => _failing?.Problem;

    /// <summary>What every event of this and of all that it starts says of itself, until it is disposed of.</summary>
    public static IDisposable Scope(string? syncId, string? site, Guid? runId = null)
    {
        var scopes = new Stack<IDisposable>();
        if (syncId is not null) scopes.Push(LogContext.PushProperty(LogContextProperty.SyncId, syncId));
        if (site is not null) scopes.Push(LogContext.PushProperty(LogContextProperty.Site, site));
        if (runId is { } id) scopes.Push(LogContext.PushProperty(LogContextProperty.RunId, id));
        return new Scopes(scopes);
    }

    /// <summary>An id that tells one sync from all others.</summary>
    public static string NewSyncId() => Guid.NewGuid().ToString("N")[..12];

    /// <summary>The same log for what is about one test run. Needs no disposing.</summary>
    public VteWatsLog About(Guid runId) => _logger is null ? this
        : new VteWatsLog(_logger.ForContext(LogContextProperty.RunId, runId), null, _failing, _tee);

    /// <summary>The same log for one part of the program, named in each line. Needs no disposing.</summary>
    public VteWatsLog For<T>() =>
        _logger is null ? this : new VteWatsLog(_logger.ForContext(LogContextProperty.Source, typeof(T).Name), null, _failing, _tee);

    /// <summary>For whoever watches now, and not for the file: too often to be kept.</summary>
    public void Tell(string text) => _tee?.Verbose?.Invoke(PrintableText.Line(SecretMask.Scrub(text)));

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
            var (logger, failing, users) = Shared[_key];
            if (users > 1)
            {
                Shared[_key] = (logger, failing, users - 1);
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

    private static Logger WithTee(ILogger? file, LogTee tee)
    {
        var both = new LoggerConfiguration().MinimumLevel.Debug().Enrich.FromLogContext().WriteTo.Sink(new LogTeeSink(tee));
        return (file is null ? both : both.WriteTo.Logger(file)).CreateLogger();
    }

    private static (Logger Logger, Failing Failing, int Users) Create(string folder, LoggingOptions logging)
    {
        try
        {
            // Serilog swallows what it cannot write; an admin wants to know now. The folder itself is made for the first event.
            WritableFolder.Ensure(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(folder, e);
        }
        var failing = new Failing(folder);
        var logger = new LoggerConfiguration()
            .MinimumLevel.Is(Enum.Parse<LogEventLevel>(logging.Level, ignoreCase: true))
            .Enrich.FromLogContext()
            .WriteTo.Sink(new LogFileSink(folder, logging, failing))
            .CreateLogger();
        return (logger, failing, 0);
    }

    private static VteWatsException Unusable(string folder, Exception e) => new(
        ErrorKind.FileUnusable, $"The log folder {folder} cannot be written to: {e.Message}",
        "Give the account that runs this the right to write there, make room, or change logging.folder in the configuration.", folder, e);

    private sealed class Scopes(Stack<IDisposable> scopes) : IDisposable
    {
        public void Dispose()
        {
            while (scopes.TryPop(out var scope)) scope.Dispose();
        }
    }

    // Serilog tells it what could not be written.
    private sealed class Failing(string folder) : ILoggingFailureListener
    {
        public VteWatsException? Problem { get; private set; }

        public void OnLoggingFailed(object sender, LoggingFailureKind kind, string message, IReadOnlyCollection<LogEvent>? events,
            Exception? exception) => Problem ??= Unusable(folder, exception ?? new IOException(message));
    }
}
