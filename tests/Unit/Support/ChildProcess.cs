using System.Diagnostics;

namespace VteWats.Unit.Support;

/// <summary>A program of the repository in a process of its own: no terminal, no input.</summary>
public static class ChildProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    // A shell that starts tests in the background makes them, and all that they start, deaf to Ctrl+C.
    private static readonly bool InterruptIsIgnored = OperatingSystem.IsLinux()
        && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } ignored
        && (Convert.ToUInt64(ignored[7..].Trim(), 16) & 2) != 0;

    /// <summary>The built assembly of a project, <paramref name="folder"/> relative to the repository.</summary>
    public static string Built(string folder, string assembly) =>
        Path.Combine(Repository.Root, folder, "bin", Configuration, "net10.0", assembly + ".dll");

    public static Process Start(
        string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null,
        string? workingFolder = null)
    {
        string[] command = [.. InterruptIsIgnored ? ["env", "--default-signal=INT"]
            : Array.Empty<string>(), "dotnet", "exec", assembly, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            WorkingDirectory = workingFolder ?? "",
        };
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
        return await EndOf(process);
    }

    public static async Task<ChildResult> EndOf(Process process)
    {
        using var patience = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var error = process.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return new ChildResult(process.ExitCode, await output, await error);
    }
}

/// <summary>How a process ended and what it said.</summary>
public sealed record ChildResult(int ExitCode, string Output, string Error)
{
    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
