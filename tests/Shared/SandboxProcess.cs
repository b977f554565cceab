// Support.psm1 compiles this file, too: it names all that it uses.
#nullable enable
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Tasks;

namespace VteWats.Shared;

/// <summary>The sandbox WATS server as a program of its own on 127.0.0.1, ended with this one.</summary>
public sealed class SandboxProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private SandboxProcess(Process process, string baseUrl, string token)
    {
        _process = process;
        BaseUrl = baseUrl;
        Token = token;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(baseUrl) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", token);
    }

    public string BaseUrl { get; }
    public string Token { get; }

    /// <param name="program">The sandbox's assembly.</param>
    /// <param name="options">Of its command line.</param>
    public static async Task<SandboxProcess> StartAsync(string program, params string[] options)
    {
        var process = ChildProcess.Start(program, options);
        // "WATS sandbox at URL token TOKEN"
        var words = (await process.StandardOutput.ReadLineAsync().ConfigureAwait(false) ?? "").Split(' ');
        if (words.Length == 6) return new SandboxProcess(process, words[3], words[5]);
        process.Kill();
        var complaint = await process.StandardError.ReadToEndAsync().ConfigureAwait(false);
        throw new InvalidOperationException($"{program} does not say where it listens: {complaint}");
    }

    /// <summary>Asks the server as any client of WATS does.</summary>
    public async Task<JsonDocument> GetAsync(string pathAndQuery) =>
        JsonDocument.Parse(await _http.GetStringAsync(pathAndQuery).ConfigureAwait(false));

    /// <summary>Lets every post take this much longer, in milliseconds; 0 for no longer.</summary>
    public async Task DelayAsync(int milliseconds)
    {
        await DeleteAsync("faults").ConfigureAwait(false);
        if (milliseconds == 0) return;
        var fault = new { kind = "Latency", delayMilliseconds = milliseconds, path = "WSJF" };
        using var set = await _http.PostAsJsonAsync("/sandbox/faults", fault).ConfigureAwait(false);
        set.EnsureSuccessStatusCode();
    }

    /// <summary>Lets the sandbox forget all reports.</summary>
    public Task ClearAsync() => DeleteAsync("reports");

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync().ConfigureAwait(false);
        _process.Dispose();
    }

    private async Task DeleteAsync(string what)
    {
        using var deleted = await _http.DeleteAsync("/sandbox/" + what).ConfigureAwait(false);
        deleted.EnsureSuccessStatusCode();
    }
}
