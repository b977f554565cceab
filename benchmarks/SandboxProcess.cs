using System.Diagnostics;
using System.Net.Http.Json;
using System.Reflection;

namespace VteWats.Benchmarks;

/// <summary>The sandbox as a process of its own, so that it does not share the heap with what is measured.</summary>
internal sealed class SandboxProcess : IAsyncDisposable
{
    private readonly Process _process;

    private SandboxProcess(Process process, string url, string token)
    {
        _process = process;
        Url = url;
        Token = token;
    }

    public string Url { get; }
    public string Token { get; }

    /// <summary>The assembly of VteWatsAdapter.</summary>
    public static string Adapter { get; } = typeof(SandboxProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "Adapter").Value!;

    public static async Task<SandboxProcess> StartAsync()
    {
        var process = Dotnet(Path.Combine(AppContext.BaseDirectory, "VteWats.WatsSandbox.dll"), "--no-bodies");
        var words = (await process.StandardOutput.ReadLineAsync().ConfigureAwait(false) ?? "").Split(' ');
        return words.Length == 6 ? new SandboxProcess(process, words[3], words[5])
            : throw new InvalidOperationException("The sandbox did not start: " + string.Join(' ', words));
    }

    public static Process Dotnet(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })
        ?? throw new InvalidOperationException("dotnet did not start.");

    /// <summary>The last line that a program prints before it ends.</summary>
    public static async Task<string> LastLineAsync(params string[] arguments)
    {
        using var child = Dotnet(arguments);
        var output = await child.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await child.WaitForExitAsync().ConfigureAwait(false);
        return child.ExitCode == 0 ? output.TrimEnd().Split('\n')[^1] : throw new InvalidOperationException(output);
    }

    /// <summary>Lets every post take this much longer; 0 for no longer.</summary>
    public async Task DelayAsync(int milliseconds)
    {
        using var http = new HttpClient();
        using var cleared = await http.DeleteAsync(new Uri(Url + "/sandbox/faults")).ConfigureAwait(false);
        if (milliseconds == 0) return;
        using var set = await http.PostAsJsonAsync(Url + "/sandbox/faults",
            new { kind = "Latency", delayMilliseconds = milliseconds, path = "WSJF" }).ConfigureAwait(false);
        set.EnsureSuccessStatusCode();
    }

    /// <summary>Lets the sandbox forget all reports.</summary>
    public async Task ClearAsync()
    {
        using var http = new HttpClient();
        using var cleared = await http.DeleteAsync(new Uri(Url + "/sandbox/reports")).ConfigureAwait(false);
        cleared.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().ConfigureAwait(false);
        _process.Dispose();
    }
}
