using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace VteWats.QuickStart;

/// <summary>A PowerShell engine with the packaged module, showing progress on the console.</summary>
internal sealed class Engine : IDisposable
{
    private readonly Runspace _runspace;
    private readonly Stopwatch _shown = Stopwatch.StartNew();

    public Engine()
    {
        var state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        if (OperatingSystem.IsWindows()) state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.RemoteSigned;
        state.ImportPSModule(Build.Path("Module"));
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
    }

    public ScriptOutcome Run(string script, params (string Name, object Value)[] arguments)
    {
        using var shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        foreach (var (name, value) in arguments) shell.AddParameter(name, value);
        shell.Streams.Progress.DataAdded += (_, e) => Show(shell.Streams.Progress[e.Index]);
        shell.Streams.Warning.DataAdded += (_, e) => Console.WriteLine($"WARNING: {shell.Streams.Warning[e.Index].Message}");
        try
        {
            var output = shell.Invoke();
            return new ScriptOutcome(true, [.. output], [.. shell.Streams.Error]);
        }
        catch (RuntimeException e)
        {
            Console.Error.WriteLine($"ERROR [{e.ErrorRecord.FullyQualifiedErrorId}] {e.Message}");
            Console.Error.WriteLine($"  What to do: {e.ErrorRecord.ErrorDetails?.RecommendedAction}");
            return new ScriptOutcome(false, [], [.. shell.Streams.Error]);
        }
    }

    public void Dispose() => _runspace.Dispose();

    // A line for every two seconds is enough for a screen that cannot write over a line.
    private void Show(ProgressRecord record)
    {
        if (record.RecordType != ProgressRecordType.Processing || _shown.Elapsed < TimeSpan.FromSeconds(2)) return;
        _shown.Restart();
        Console.WriteLine($"  {record.Activity}: {record.StatusDescription}");
    }
}

/// <summary>What a script put out, and the errors that did not end it.</summary>
internal sealed record ScriptOutcome(bool Succeeded, IReadOnlyList<PSObject> Output, IReadOnlyList<ErrorRecord> Errors);
