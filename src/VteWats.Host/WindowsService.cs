using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace VteWats.Host;

/// <summary>The program under the Windows service manager: it says that it runs before anything is read, stops when it is told to, and what
/// ends it stands in the event log.</summary>
[SupportedOSPlatform("windows")]
internal sealed partial class WindowsService(
    IHostApplicationLifetime lifetime, ILogger<WindowsService> log, Func<Engine> open, CommandLine line) : BackgroundService
{
    public const string Name = "VteWats";

    /// <summary>Runs the command as a service until it is stopped.</summary>
    public static int Run(Func<Engine> open, CommandLine line)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        // What it does is in the log of the module; the event log gets start, stop and what ends it.
        builder.Services.AddWindowsService(options => options.ServiceName = Name);
        builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<WindowsService>(services, open, line));
        builder.Build().Run();
        return Environment.ExitCode;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var engine = await Task.Run(open, stoppingToken).ConfigureAwait(false);
            using var stop = stoppingToken.Register(engine.Stop);
            Started(log, string.Join(' ', line.Arguments));
            Environment.ExitCode = await Task.Run(() => engine.Run(line), CancellationToken.None).ConfigureAwait(false);
            if (!stoppingToken.IsCancellationRequested) Ended(log, Environment.ExitCode);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Environment.ExitCode = ExitCodes.UncaughtError;
            Failed(log, e);
        }
        // The service manager starts a service anew that ends with a code: it does not where the service says that it has stopped.
        if (!stoppingToken.IsCancellationRequested && Environment.ExitCode != 0) Environment.Exit(Environment.ExitCode);
        lifetime.StopApplication();
    }

    [LoggerMessage(1, LogLevel.Information, "The sync service begins: {Arguments}")]
    private static partial void Started(ILogger log, string arguments);

    [LoggerMessage(2, LogLevel.Error,
        "The sync service ended by itself with exit code {Code}. Its log says why: Get-VteWatsLog -Level Error.")]
    private static partial void Ended(ILogger log, int code);

    [LoggerMessage(3, LogLevel.Critical, "The sync service could not begin.")]
    private static partial void Failed(ILogger log, Exception failure);
}
