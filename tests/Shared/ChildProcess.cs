// Support.psm1 compiles this file, too: it names all that it uses.
#nullable enable
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace VteWats.Shared;

/// <summary>Programs in processes of their own, with no terminal and what they say kept.</summary>
public static class ChildProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // A shell that starts tests in the background makes them, and all that they start, deaf to Ctrl+C.
    private static readonly bool InterruptIsIgnored = OperatingSystem.IsLinux()
        && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } ignored
        && (Convert.ToUInt64(ignored[7..].Trim(), 16) & 2) != 0;

    /// <summary>How to start any program, so that it hears Ctrl+C and shares no input or output with this one.</summary>
    public static ProcessStartInfo Command(string program, IEnumerable<string> arguments)
    {
        string[] command = [.. InterruptIsIgnored ? ["env", "--default-signal=INT"] : Array.Empty<string>(), program, .. arguments];
        return new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
    }

    /// <summary>Starts a .NET program, with no input.</summary>
    public static Process Start(
        string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null,
        string? workingFolder = null)
    {
        var start = Command("dotnet", ["exec", assembly, .. arguments]);
        start.WorkingDirectory = workingFolder ?? "";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<ChildResult> RunAsync(
        string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null,
        string? workingFolder = null)
    {
        using var process = Start(assembly, arguments, environment, workingFolder);
        return await EndOf(process).ConfigureAwait(false);
    }

    /// <summary>Waits for its end, for at most <paramref name="patience"/> (two minutes); then it is killed.</summary>
    /// <exception cref="OperationCanceledException">It did not end.</exception>
    public static async Task<ChildResult> EndOf(Process process, TimeSpan? patience = null)
    {
        using var given = new CancellationTokenSource(patience ?? Patience);
        var output = process.StandardOutput.ReadToEndAsync(given.Token);
        var error = process.StandardError.ReadToEndAsync(given.Token);
        try
        {
            await process.WaitForExitAsync(given.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return new ChildResult(process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
    }
}

/// <summary>How a process ended and what it said.</summary>
public sealed record ChildResult(int ExitCode, string Output, string Error)
{
    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
