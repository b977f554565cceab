using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using VteWats.Unit.Support;

namespace VteWats.Unit.Pester;

/// <summary>
/// A PowerShell that runs one Pester file after the other, started with the first: it and Pester take longer to start than most files to
/// run.
/// </summary>
public class PesterWorker(PowerShellCommand powershell, string? folder = null) : IDisposable
{
    public const string Extension = ".Tests.ps1";
    public static readonly string Suite = Path.Combine(Repository.Root, "tests", "Pester");

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly TempFolder _answers = new();
    private readonly StringBuilder _said = new();
    private Process? _worker;

    /// <summary>
    /// Runs a file, named without its extension. A file that runs no test is a failure, and so is one that ends PowerShell or never ends.
    /// </summary>
    public async Task<IReadOnlyList<PesterResult>> RunAsync(string file)
    {
        var worker = _worker ??= Start();
        lock (_said) _said.Clear();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await worker.StandardInput.WriteLineAsync(file + Extension);
            while (await worker.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                if (line == $"ran {file}{Extension}") return await AnswerAsync(file);
                Hear(line);
            }
            return Ended(file, "PowerShell ended in the middle of the file.");
        }
        catch (OperationCanceledException)
        {
            return Ended(file, $"The file did not come to its end within {Patience.TotalMinutes} minutes.");
        }
        catch (IOException e)
        {
            return Ended(file, e.Message);
        }
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        End();
        _answers.Dispose();
    }

    private Process Start()
    {
        string[] script = ["-NoProfile", "-NonInteractive", "-File", Path.Combine(Suite, "Worker.ps1")];
        var start = ChildProcess.Command(
            powershell.Start, [.. powershell.Arguments, .. script, PowerShellCommand.PesterManifest, folder ?? Suite, _answers.Path]);
        // What other tests have set is not theirs.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("VTEWATS_", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        var worker = Process.Start(start)!;
        worker.ErrorDataReceived += (_, e) => Hear(e.Data);
        worker.BeginErrorReadLine();
        return worker;
    }

    private async Task<IReadOnlyList<PesterResult>> AnswerAsync(string file)
    {
        await using var answer = File.OpenRead(_answers.File(file + Extension + ".json"));
        var results = (await JsonSerializer.DeserializeAsync<List<PesterResult>>(answer))!;
        return results.Exists(result => !result.Skipped) ? results : [.. results, PesterResult.Failure("(the file)", "It ran no test.")];
    }

    private IReadOnlyList<PesterResult> Ended(string file, string why)
    {
        End();
        lock (_said) return [PesterResult.Failure($"(all of {file})", $"{why}\n{_said}")];
    }

    private void Hear(string? line)
    {
        lock (_said) _said.AppendLine(line);
    }

    private void End()
    {
        if (_worker is null) return;
        _worker.Kill(entireProcessTree: true);
        _worker.WaitForExit();
        _worker.Dispose();
        _worker = null;
    }
}
