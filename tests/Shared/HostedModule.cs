using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace VteWats.Shared;

/// <summary>A real PowerShell engine with the packaged module imported. Only core cmdlets and ours are there.</summary>
public sealed class HostedModule : IDisposable
{
    private readonly Runspace _runspace;

    public HostedModule()
    {
        var state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        if (OperatingSystem.IsWindows()) state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.RemoteSigned;
        state.ImportPSModule(Repository.Module);
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
    }

    /// <summary>Told of each progress record while a script runs.</summary>
    public Action<ProgressRecord>? Progressed { get; init; }

    /// <summary>Told of each warning while a script runs.</summary>
    public Action<string>? Warned { get; init; }

    /// <summary>Runs a script with <paramref name="arguments"/> bound to its parameters, and keeps every stream.</summary>
    public ScriptResult Run(string script, params (string Name, object? Value)[] arguments)
    {
        using var shell = PowerShell.Create();
        shell.Runspace = _runspace;
        shell.AddScript(script);
        foreach (var (name, value) in arguments) shell.AddParameter(name, value);
        shell.Streams.Progress.DataAdded += (_, e) => Progressed?.Invoke(shell.Streams.Progress[e.Index]);
        shell.Streams.Warning.DataAdded += (_, e) => Warned?.Invoke(shell.Streams.Warning[e.Index].Message);
        ErrorRecord? thrown = null;
        IReadOnlyList<PSObject> output = [];
        try
        {
            output = [.. shell.Invoke()];
        }
        catch (RuntimeException e)
        {
            thrown = e.ErrorRecord;
        }
        return new ScriptResult(
            output, [.. shell.Streams.Error], thrown, [.. shell.Streams.Warning.Select(w => w.Message)],
            [.. shell.Streams.Verbose.Select(v => v.Message)], [.. shell.Streams.Progress],
            [.. shell.Streams.Information.Select(i => i.ToString())]);
    }

    public void Dispose() => _runspace.Dispose();
}

/// <summary>What a script put on each stream; <see cref="Thrown"/> is the error that ended it.</summary>
public sealed record ScriptResult(
    IReadOnlyList<PSObject> Output, IReadOnlyList<ErrorRecord> Errors, ErrorRecord? Thrown, IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Verbose, IReadOnlyList<ProgressRecord> Progress, IReadOnlyList<string> Information)
{
    /// <summary>The output, after making sure that nothing went wrong.</summary>
    /// <exception cref="InvalidOperationException">Something did: with all that was said.</exception>
    public IReadOnlyList<PSObject> Clean()
    {
        IReadOnlyList<ErrorRecord> wrong = Thrown is null ? Errors : [.. Errors, Thrown];
        if (wrong.Count == 0) return Output;
        throw new InvalidOperationException(string.Join("\n", wrong.Select(e => $"{e.FullyQualifiedErrorId}: {e.Exception.Message}")));
    }
}
