using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Client;
using VteWats.Core.Wats.Sending;

namespace VteWats.Benchmarks;

/// <summary>
/// 2000 reports of 40 steps to the sandbox in a process of its own, without limits: ours, beside a bare <c>HttpClient</c> loop with
/// prepared
/// bytes, and beside one post after another: by a PowerShell script, as <c>Invoke-RestMethod</c> would do it, and by the same lines in C#.
/// Once as fast as the sandbox answers, and once with 5 ms of latency, as a server that is not on the same machine has.
/// </summary>
internal static class SendBenchmark
{
    private const int Times = 9;
    private static int _count = 2000;
    private static int _batch;

    public static async Task<int> RunAsync(string[] args)
    {
        await using var sandbox = await SandboxProcess.StartAsync(Repository.Sandbox, "--no-bodies").ConfigureAwait(false);
        for (var i = 0; i < 3; i++)   // warm up both sides
        {
            await OursAsync(sandbox, 8).ConfigureAwait(false);
            await BareAsync(sandbox, 8).ConfigureAwait(false);
        }
        Console.WriteLine($"{"",-28}{"width",6}{"reports/s",11}{"CPU us/report",15}{"kB/report",11}");
        foreach (var width in new[] { 1, 4, 16 }) await PairAsync(sandbox, width, "").ConfigureAwait(false);
        var (ours, ratio) = await PairAsync(sandbox, 8, "").ConfigureAwait(false);
        var loop = Row("C#, one after another", 1, await SeveralAsync(() => LoopAsync(sandbox)).ConfigureAwait(false));
        var script = await ScriptAsync(sandbox).ConfigureAwait(false);
        await sandbox.DelayAsync(5).ConfigureAwait(false);
        _count = 400;   // the pause is most of the time, and the same for each report
        var (oursSlow, ratioSlow) = await PairAsync(sandbox, 8, ", 5 ms").ConfigureAwait(false);
        var loopSlow = Row("C#, one after another, 5 ms", 1, await SeveralAsync(() => LoopAsync(sandbox)).ConfigureAwait(false));
        await sandbox.DelayAsync(0).ConfigureAwait(false);
        Result("send.bare_ratio_8", ratio);
        Result("send.bare_ratio_8_5ms", ratioSlow);
        Result("send.serial_speedup_8", ours / script);
        Result("send.serial_speedup_8_csharp", ours / loop);
        Result("send.serial_speedup_8_5ms", oursSlow / loopSlow);
        if (args.Contains("--no-memory")) return 0;
        var few = await PeakAsync(sandbox, 5_000).ConfigureAwait(false);
        var many = await PeakAsync(sandbox, 50_000).ConfigureAwait(false);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"peak working set: {few / 1048576} MB for 5,000 reports, {many / 1048576} MB for 50,000"));
        Result("send.memory_ratio", (double)many / few);
        return 0;
    }

    // In turn: neighbours had the same machine.
    private static async Task<(double Ours, double Ratio)> PairAsync(SandboxProcess sandbox, int width, string label)
    {
        var (ours, bare) = (new List<Figures>(), new List<Figures>());
        for (var i = 0; i < Times; i++)
        {
            ours.Add(await OursAsync(sandbox, width).ConfigureAwait(false));
            bare.Add(await BareAsync(sandbox, width).ConfigureAwait(false));
        }
        var rate = Row("ours" + label, width, ours);
        Row("bare HttpClient" + label, width, bare);
        return (rate, Median([.. ours.Zip(bare, (mine, other) => mine.Rate / other.Rate)]));
    }

    private static async Task<List<Figures>> SeveralAsync(Func<Task<Figures>> work)
    {
        var all = new List<Figures>();
        for (var i = 0; i < Times; i++) all.Add(await work().ConfigureAwait(false));
        return all;
    }

    private static async Task<Figures> OursAsync(SandboxProcess sandbox, int width)
    {
        var reports = SendReports.Take(_count, ++_batch).ToList();
        using var client = WatsClient.Create(new WatsOptions { BaseUrl = sandbox.BaseUrl, RequestsPerMinute = 0 }, sandbox.Token);
        var options = new SendOptions { ThrottleLimit = width };
        return await MeasureAsync(async () =>
        {
            await foreach (var receipt in new WatsSender(client, options).SendAsync(reports.ToAsyncEnumerable(), CancellationToken.None)
                .ConfigureAwait(false))
            {
                if (receipt.State != WatsReceiptState.Uploaded) throw new InvalidOperationException($"{receipt.State}: {receipt.Reason}");
            }
        }).ConfigureAwait(false);
    }

    private static async Task<Figures> BareAsync(SandboxProcess sandbox, int width)
    {
        var bodies = SendReports.Take(_count, ++_batch).Select(report => Wsjf.ToUtf8(report)).ToList();
        using var http = new HttpClient();
        return await MeasureAsync(() => Parallel.ForEachAsync(
            bodies, new ParallelOptions { MaxDegreeOfParallelism = width },
            async (body, ct) => await PostAsync(http, sandbox, body, ct).ConfigureAwait(false))).ConfigureAwait(false);
    }

    private static async Task<Figures> LoopAsync(SandboxProcess sandbox)
    {
        var reports = SendReports.Take(_count, ++_batch).ToList();
        return await MeasureAsync(async () =>
        {
            foreach (var report in reports)
            {
                using var http = new HttpClient();
                await PostAsync(http, sandbox, Wsjf.ToUtf8(report), CancellationToken.None).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
    }

    private static async Task<double> ScriptAsync(SandboxProcess sandbox)
    {
        var file = Path.GetTempFileName();
        try
        {
            await using (var lines = File.Create(file))
            {
                foreach (var report in SendReports.Take(_count, ++_batch))
                {
                    await lines.WriteAsync(Wsjf.ToUtf8(report)).ConfigureAwait(false);
                    lines.WriteByte((byte)'\n');
                }
            }
            var script = Path.Combine(AppContext.BaseDirectory, "PostOneByOne.ps1");
            string[] arguments = ["-File", script, "-Url", sandbox.BaseUrl, "-Token", sandbox.Token, "-File", file];
            var line = await Programs.LastLineAsync(Repository.Adapter, arguments).ConfigureAwait(false);
            var rate = double.Parse(line, CultureInfo.InvariantCulture);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"script, one after another",-28}{1,6}{rate,11:0}"));
            return rate;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task PostAsync(HttpClient http, SandboxProcess sandbox, byte[] body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, sandbox.BaseUrl + "/api/Report/WSJF")
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", sandbox.Token);
        using var answer = await http.SendAsync(request, ct).ConfigureAwait(false);
        await answer.Content.ReadAsByteArrayAsync(ct).ConfigureAwait(false);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<Figures> MeasureAsync(Func<Task> work)
    {
        for (var i = 0; i < 2; i++) GC.Collect();   // twice: what was prepared is old then, and costs neither side anything
        var (watch, allocated, cpu) = (Stopwatch.StartNew(), GC.GetTotalAllocatedBytes(precise: true), Environment.CpuUsage.TotalTime);
        await work().ConfigureAwait(false);
        return new Figures(
            _count / watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds
            / _count, (GC.GetTotalAllocatedBytes(precise: true) - allocated) / 1024.0 / _count);
    }

    private static async Task<long> PeakAsync(SandboxProcess sandbox, int count)
    {
        await sandbox.ClearAsync().ConfigureAwait(false);
        string[] arguments = ["send-run", sandbox.BaseUrl, sandbox.Token, count.ToString(CultureInfo.InvariantCulture), "8"];
        var line = await Programs.LastLineAsync(typeof(SendBenchmark).Assembly.Location, arguments).ConfigureAwait(false);
        return long.Parse(line.Split("peak ")[1], CultureInfo.InvariantCulture);
    }

    private static double Row(string name, int width, List<Figures> figures)
    {
        var rate = Median([.. figures.Select(f => f.Rate)]);
        var (cpu, kilobytes) = (Median([.. figures.Select(f => f.Cpu)]), Median([.. figures.Select(f => f.Kilobytes)]));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-28}{width,6}{rate,11:0}{cpu,15:0}{kilobytes,11:0.0}"));
        return rate;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Result(string name, double value) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"RESULT {name} {value:0.###}"));

    private sealed record Figures(double Rate, double Cpu, double Kilobytes);
}
