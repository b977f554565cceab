using System.Diagnostics;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync.Tasks;

namespace VteWats.PowerShell.Abstractions;

/// <summary>Where the system's scheduler keeps its tasks, and how it is told of them.</summary>
internal static class TaskSchedulerTools
{
    public const string NamePattern = @"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$";

    public static bool IsWindows => OperatingSystem.IsWindows();

    /// <summary>
    /// The program that can run a script for the scheduler: the one that runs now, if it is PowerShell or VteWatsAdapter; in any other host
    /// (PowerShell as a .NET tool runs in a process named <c>dotnet</c>) the adapter or PowerShell beside it, or PowerShell where its
    /// installer puts it.
    /// </summary>
    public static string Program
    {
        get
        {
            var now = Environment.ProcessPath!;
            if (Path.GetFileNameWithoutExtension(now).ToUpperInvariant() is "PWSH" or "VTEWATSADAPTER") return now;
            foreach (var name in new[] { "VteWatsAdapter", "pwsh" })
            {
                var beside = Path.Combine(AppContext.BaseDirectory, IsWindows ? name + ".exe" : name);
                if (File.Exists(beside)) return beside;
            }
            return IsWindows ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PowerShell", "7",
                "pwsh.exe") : "/usr/bin/pwsh";
        }
    }

    /// <summary>Folder of systemd units: the machine's for root, else the user's.</summary>
    public static string UnitFolder => Environment.UserName == "root"
        ? "/etc/systemd/system"
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "systemd", "user");

    /// <summary>Definition of the task that has this name; null when there is none.</summary>
    public static async Task<string?> RegisteredAsync(string name, TaskFile file, bool asFile, CancellationToken ct)
    {
        if (asFile || !IsWindows) return File.Exists(file.Path) ? await File.ReadAllTextAsync(file.Path, ct).ConfigureAwait(false) : null;
        try
        {
            return await RunAsync("schtasks", ["/Query", "/TN", name, "/XML"], ct).ConfigureAwait(false);
        }
        catch (VteWatsException)
        {
            return null;
        }
    }

    /// <summary>Calls systemctl, for the user's units where the folder is the user's.</summary>
    public static Task SystemctlAsync(CancellationToken ct, params string[] arguments) =>
        RunAsync("systemctl", Environment.UserName == "root" ? arguments : ["--user", .. arguments], ct);

    /// <exception cref="VteWatsException"><c>TaskNotRegistered</c>: the program is not there, or failed; with what it said.</exception>
    public static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            var said = process.StandardOutput.ReadToEndAsync(ct);
            var complained = process.StandardError.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct).ConfigureAwait(false);
            if (process.ExitCode == 0) return await said.ConfigureAwait(false);
            throw Failed(program, arguments,
                $"exit code {process.ExitCode}: {(await complained.ConfigureAwait(false) + await said.ConfigureAwait(false)).Trim()}",
                null);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw Failed(program, arguments, e.Message, e);
        }
    }

    private static VteWatsException Failed(string program, IReadOnlyList<string> arguments, string why, Exception? inner) => new(
        ErrorKind.TaskNotRegistered, $"{program} {string.Join(' ', arguments)} failed: {why}",
        "Run it with the rights of an administrator. Where the scheduler is another one, -WhatIf shows the files to take over by hand.",
        program, inner);
}
