using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Microsoft.PowerShell;

namespace VteWats.Host;

/// <summary>One runspace with the module imported; runs one script and tells how it ended.</summary>
internal sealed class Engine : IDisposable
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(10);
    private readonly ConsoleHost _host = new();
    private readonly Runspace _runspace;
    private readonly PowerShell _shell;
    private readonly ServiceNotice _notice = new();
    private volatile bool _stopped;
    private volatile bool _failed;
    private Timer? _patience;

    public Engine(string module)
    {
        _host.Data.OnPulse = _notice.Pulse;
        if (Console.IsOutputRedirected) PSStyle.Instance.OutputRendering = OutputRendering.PlainText;
        var state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        // The program is the plant's own: its scripts run as they would under "pwsh -ExecutionPolicy RemoteSigned".
        if (OperatingSystem.IsWindows()) state.ExecutionPolicy = ExecutionPolicy.RemoteSigned;
        _runspace = RunspaceFactory.CreateRunspace(_host, state);
        _runspace.Open();
        // Not by the initial state: what that imports has its cmdlets, but not its views.
        using (var import = PowerShell.Create(_runspace))
            import.AddCommand("Import-Module").AddParameter("Name", module).AddParameter("ErrorAction", "Stop").Invoke();
        _shell = PowerShell.Create(_runspace);
        _shell.Streams.Error.DataAdded += (_, e) =>
        {
            _failed = true;
            _host.Console.WriteError(_shell.Streams.Error[e.Index]);
        };
    }

    public int Run(CommandLine line)
    {
        _shell.Commands.AddCommand(line.ToCommand());
        _shell.AddCommand("Out-Default");
        try
        {
            _shell.Invoke();
        }
        catch (PipelineStoppedException)
        {
            return ExitCodes.Stopped;
        }
        catch (RuntimeException e)
        {
            if (_stopped) return ExitCodes.Stopped;
            _host.Console.WriteError(e.ErrorRecord);
            return OfErrors(failed: true);
        }
        finally
        {
            _host.Console.ClearProgress();
        }
        if (_stopped) return ExitCodes.Stopped;
        if (_host.ExitCode is { } asked) return asked;
        if (line is { Script: not null, SaysExit: true } && _runspace.SessionStateProxy.GetVariable("LASTEXITCODE") is int code)
            return code;
        return OfErrors(_failed);
    }

    // A sync says how it ended, whatever errors it told on the way: what runs it need not be a script that passes that on.
    private int OfErrors(bool failed) =>
        _host.Data.SyncExitCode != ExitCodes.Success ? _host.Data.SyncExitCode : failed ? ExitCodes.UncaughtError : ExitCodes.Success;

    /// <summary>Stops the script as Ctrl+C does in a console: cmdlets finish what they must, and the pipeline ends.</summary>
    public void Stop()
    {
        _stopped = true;
        _notice.Stopping();
        _shell.BeginStop(null, null);
        // A script that does not end is left behind: the system's own patience with a service is not longer.
        _patience ??= new Timer(_ => Environment.Exit(ExitCodes.Stopped), null, StopGrace, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _patience?.Dispose();
        _shell.Dispose();
        _runspace.Dispose();
    }
}
