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
    private volatile bool _stopped;

    public Engine(string module)
    {
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
        _shell.Streams.Error.DataAdded += (_, e) => _host.Console.WriteError(_shell.Streams.Error[e.Index]);
    }

    public int Run(CommandLine line)
    {
        if (line.Script is { } script) _shell.AddCommand(script);
        else _shell.AddScript(line.Command);
        foreach (var argument in line.Arguments)
        {
            if (argument.Name is null) _shell.AddArgument(argument.Value);
            else _shell.AddParameter(argument.Name, argument.Value);
        }
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
            return ExitCodes.UncaughtError;
        }
        finally
        {
            _host.Console.ClearProgress();
        }
        if (_stopped) return ExitCodes.Stopped;
        return _host.ExitCode ?? (_runspace.SessionStateProxy.GetVariable("LASTEXITCODE") is int code ? code : ExitCodes.Success);
    }

    /// <summary>Stops the script as Ctrl+C does in a console: cmdlets finish what they must, and the pipeline ends.</summary>
    public void Stop()
    {
        _stopped = true;
        _shell.BeginStop(null, null);
        // A script that does not end is left behind: the system's own patience with a service is not longer.
        var patience = new Timer(_ => Environment.Exit(ExitCodes.Stopped), null, StopGrace, Timeout.InfiniteTimeSpan);
        GC.KeepAlive(patience);
    }

    public void Dispose()
    {
        _shell.Dispose();
        _runspace.Dispose();
    }
}
