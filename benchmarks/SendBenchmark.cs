using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using VteWats.Core.Configuration;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Client;
using VteWats.Core.Wats.Sending;

namespace VteWats.Benchmarks;

/// <summary>
/// 2000 reports of 40 steps to the sandbox in a process of its own, without limits: ours, beside a bare <c>HttpClient</c> loop with prepared bytes, and
/// beside the obvious script, which posts one after another over a new connection each. Once as fast as the sandbox answers, and once
/// with 5 ms of latency, as a server that is not on the same machine has.
/// </summary>
internal static class SendBenchmark
{
    private static int _count = 2000;
    private static int _batch;

    public static async Task<int> RunAsync(string[] args)
    {
        await using var sandbox = await SandboxProcess.StartAsync().ConfigureAwait(false);
        Console.WriteLine($"{"",-22}{"width",6}{"seconds",10}{"reports/s",11}{"kB/report",11}");
        for (var i = 0; i < 3; i++)   // warm up both sides
        {
            await OursAsync(sandbox, 8, quiet: true).ConfigureAwait(false);
            await BareAsync(sandbox, 8, null).ConfigureAwait(false);
        }
        var (ours, ratio, script) = await RoundAsync(sandbox, "", [1, 4, 8, 16], times: 9).ConfigureAwait(false);
        await sandbox.DelayAsync(5).ConfigureAwait(false);
        _count = 400;   // the pause is most of the time, and the same for each report
        var (ours5, ratio5, script5) = await RoundAsync(sandbox, " + 5 ms", [1, 8], times: 1).ConfigureAwait(false);
        await sandbox.DelayAsync(0).ConfigureAwait(false);
        Result("send.bare_ratio_8", ratio);
        Result("send.bare_ratio_8_5ms", ratio5);
        Result("send.serial_speedup_8", ours / script);
        Result("send.serial_speedup_8_5ms", ours5 / script5);
        if (args.Contains("--no-memory")) return 0;
        var few = await PeakAsync(sandbox, 5_000).ConfigureAwait(false);
        var many = await PeakAsync(sandbox, 50_000).ConfigureAwait(false);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"peak working set: {few / 1048576} MB for 5,000 reports, {many / 1048576} MB for 50,000"));
        Result("send.memory_ratio", (double)many / few);
        return 0;
    }

    private static async Task<(double Ours, double Ratio, double Script)> RoundAsync(SandboxProcess sandbox, string label, int[] widths, int times)
    {
        double ours = 0, ratio = 0;
        foreach (var width in widths)
        {
            // In turn, and the median of them: the machine has other things to do.
            var rates = (Ours: new List<double>(), Bare: new List<double>());
            for (var i = 0; i < times; i++)
            {
                rates.Ours.Add(await OursAsync(sandbox, width, label: label).ConfigureAwait(false));
                rates.Bare.Add(await BareAsync(sandbox, width, label).ConfigureAwait(false));
            }
            if (width != 8) continue;
            ours = Median(rates.Ours);
            ratio = Median([.. rates.Ours.Zip(rates.Bare, (mine, other) => mine / other)]);   // of neighbours: they had the same machine
        }
        var script = new List<double>();
        for (var i = 0; i < times; i++) script.Add(await ScriptAsync(sandbox, label).ConfigureAwait(false));
        return (ours, ratio, Median(script));
    }

    private static double Median(List<double> rates) => rates.Order().ElementAt(rates.Count / 2);

    private static async Task<double> OursAsync(SandboxProcess sandbox, int width, bool quiet = false, string label = "")
    {
        var reports = SendReports.Take(_count, ++_batch).ToList();
        using var client = WatsClient.Create(new WatsConfiguration { BaseUrl = sandbox.Url, RequestsPerMinute = 0 }, sandbox.Token);
        var options = new SendOptions { ThrottleLimit = width };
        return await MeasureAsync(quiet ? null : "ours" + label, width, async () =>
        {
            await foreach (var receipt in new WatsSender(client, options).SendAsync(reports.ToAsyncEnumerable(), CancellationToken.None).ConfigureAwait(false))
            {
                if (receipt.State != WatsReceiptState.Uploaded) throw new InvalidOperationException($"{receipt.State}: {receipt.Reason}");
            }
        }).ConfigureAwait(false);
    }

    private static async Task<double> BareAsync(SandboxProcess sandbox, int width, string? label)
    {
        var bodies = SendReports.Take(_count, ++_batch).Select(report => Wsjf.ToUtf8(report)).ToList();
        using var http = new HttpClient();
        return await MeasureAsync(label is null ? null : "bare HttpClient" + label, width, () => Parallel.ForEachAsync(
            bodies, new ParallelOptions { MaxDegreeOfParallelism = width }, async (body, ct) => await PostAsync(http, sandbox, body, ct).ConfigureAwait(false))).ConfigureAwait(false);
    }

    private static async Task<double> ScriptAsync(SandboxProcess sandbox, string label)
    {
        var reports = SendReports.Take(_count, ++_batch).ToList();
        return await MeasureAsync("one after another" + label, 1, async () =>
        {
            foreach (var report in reports)
            {
                using var http = new HttpClient();
                await PostAsync(http, sandbox, Wsjf.ToUtf8(report), CancellationToken.None).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
    }

    private static async Task PostAsync(HttpClient http, SandboxProcess sandbox, byte[] body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, sandbox.Url + "/api/Report/WSJF")
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", sandbox.Token);
        using var answer = await http.SendAsync(request, ct).ConfigureAwait(false);
        await answer.Content.ReadAsByteArrayAsync(ct).ConfigureAwait(false);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<double> MeasureAsync(string? name, int width, Func<Task> work)
    {
        GC.Collect();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var watch = Stopwatch.StartNew();
        await work().ConfigureAwait(false);
        var seconds = watch.Elapsed.TotalSeconds;
        var kilobytes = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / 1024.0 / _count;
        if (name is not null) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-22}{width,6}{seconds,10:0.00}{_count / seconds,11:0}{kilobytes,11:0.0}"));
        return _count / seconds;
    }

    private static async Task<long> PeakAsync(SandboxProcess sandbox, int count)
    {
        using var forget = new HttpClient();
        (await forget.DeleteAsync(new Uri(sandbox.Url + "/sandbox/reports")).ConfigureAwait(false)).Dispose();
        using var child = SandboxProcess.Dotnet(typeof(SendBenchmark).Assembly.Location, "send-run", sandbox.Url, sandbox.Token, count.ToString(CultureInfo.InvariantCulture), "8");
        var output = await child.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await child.WaitForExitAsync().ConfigureAwait(false);
        return long.Parse(output.Split("peak ")[1], CultureInfo.InvariantCulture);
    }

    private static void Result(string name, double value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"RESULT {name} {value:0.###}"));
}

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

    public static async Task<SandboxProcess> StartAsync()
    {
        var process = Dotnet(Path.Combine(AppContext.BaseDirectory, "VteWats.WatsSandbox.dll"), "--no-bodies");
        var words = (await process.StandardOutput.ReadLineAsync().ConfigureAwait(false) ?? "").Split(' ');
        return words.Length == 6 ? new SandboxProcess(process, words[3], words[5]) : throw new InvalidOperationException("The sandbox did not start: " + string.Join(' ', words));
    }

    public static Process Dotnet(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true }) ?? throw new InvalidOperationException("dotnet did not start.");

    /// <summary>Lets every post take this much longer; 0 for no longer.</summary>
    public async Task DelayAsync(int milliseconds)
    {
        using var http = new HttpClient();
        using var cleared = await http.DeleteAsync(new Uri(Url + "/sandbox/faults")).ConfigureAwait(false);
        if (milliseconds == 0) return;
        using var set = await http.PostAsJsonAsync(Url + "/sandbox/faults", new { kind = "Latency", delayMilliseconds = milliseconds, path = "WSJF" }).ConfigureAwait(false);
        set.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().ConfigureAwait(false);
        _process.Dispose();
    }
}
