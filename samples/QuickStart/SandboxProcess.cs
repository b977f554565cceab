using System.Diagnostics;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text.Json;

namespace VteWats.QuickStart;

/// <summary>The sandbox WATS server as a program of its own on 127.0.0.1, ended with this one.</summary>
internal sealed class SandboxProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private SandboxProcess(Process process, string baseUrl, string token)
    {
        _process = process;
        BaseUrl = baseUrl;
        Token = token;
        _http = new HttpClient { BaseAddress = new Uri(baseUrl) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", token);
    }

    public string BaseUrl { get; }
    public string Token { get; }

    public static async Task<SandboxProcess> StartAsync()
    {
        var program = Build.Path("Sandbox");
        var process = Process.Start(new ProcessStartInfo("dotnet", [program, "--port", "0"]) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException($"{program} does not start.");
        // "WATS sandbox at URL token TOKEN"
        var words = (await process.StandardOutput.ReadLineAsync())?.Split(' ') ?? [];
        return words.Length == 6 ? new SandboxProcess(process, words[3], words[5])
            : throw new InvalidOperationException($"{program} does not say where it listens.");
    }

    /// <summary>Asks the server as any client of WATS does.</summary>
    public async Task<JsonDocument> GetAsync(string pathAndQuery) => JsonDocument.Parse(await _http.GetStringAsync(pathAndQuery));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

/// <summary>Where the build put the parts.</summary>
internal static class Build
{
    public static string Path(string part) =>
        typeof(Build).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == part).Value!;
}
