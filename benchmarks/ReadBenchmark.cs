using System.Diagnostics;
using System.Globalization;
using VteWats.Core.Sync;
using VteWats.Core.Time;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;

namespace VteWats.Benchmarks;

/// <summary>
/// Reading 10,000 runs of 40 steps: ours, beside a bare reader loop over the same rows, and beside one query a run. And the peak memory of
/// the whole process when <c>Get-VteTestRun</c> reads 100,000 runs through the pipeline, beside 10,000, and runs of any size; what twins
/// cost; and, where <c>VTEWATS_TEST_SQLSERVER</c> is set, the same over the network's protocol.
/// </summary>
internal static class ReadBenchmark
{
    public static async Task<int> RunAsync(string[] args)
    {
        var folder = Directory.CreateTempSubdirectory("vtewats-bench-").FullName;
        try
        {
            var small = Path.Combine(folder, "10000.db");
            BenchmarkDatabase.Fill(small, 10_000);
            Console.WriteLine($"{"10,000 runs of 40 steps",-30}{"seconds",10}{"CPU seconds",13}{"allocated MB",14}");
            var ours = await BestAsync("VteSource", () => OursAsync(small)).ConfigureAwait(false);
            var bare = await BestAsync("bare DbDataReader loop", () => Task.FromResult(ReadBaselines.Bare(small))).ConfigureAwait(false);
            var joined = await BestAsync("one query a run, Dapper", () => Task.FromResult(ReadBaselines.OneQueryARun(small)), times: 1)
                .ConfigureAwait(false);
            var tables = await BestAsync("one query a run and table", () => Task.FromResult(ReadBaselines.OneQueryARunAndTable(small)),
                times: 1).ConfigureAwait(false);
            var alone = await BestAsync("VteSource, pages of one run", () => OursAsync(small, pageSize: 1), times: 1).ConfigureAwait(false);
            Result("read.bare_ratio", ours / bare);
            Result("read.n_plus_one_ratio", joined / ours);
            Result("read.n_plus_one_tables_ratio", tables / ours);
            Result("read.n_plus_one_pages_ratio", alone / ours);
            var large = Path.Combine(folder, "100000.db");
            BenchmarkDatabase.Fill(large, 100_000);
            var (few, many) = (await PeakAsync(small, 10_000).ConfigureAwait(false), await PeakAsync(large, 100_000).ConfigureAwait(false));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"peak working set of Get-VteTestRun: {few >> 20} MB at 10,000 runs, {many >> 20} MB at 100,000 runs"));
            Result("read.memory_ratio", (double)many / few);
            await TwinsAsync(folder).ConfigureAwait(false);
            var fat = Path.Combine(folder, "fat.db");
            var runs = ReadFat.Fill(fat);
            Result("read.fat_peak_mb", await PeakAsync(fat, runs).ConfigureAwait(false) / 1048576d);
            if (ReadSqlServer.ConnectionString is { } server)
                Result("read.tds_ratio", await ReadSqlServer.RatioAsync(server).ConfigureAwait(false));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // All at one moment, fifty of each unit, beside the same runs a second apart.
    private static async Task TwinsAsync(string folder)
    {
        const int Runs = 20_000;
        var (same, spread) = (Path.Combine(folder, "same.db"), Path.Combine(folder, "spread.db"));
        BenchmarkDatabase.Fill(same, Runs, begin: static _ => new DateTime(2024, 1, 1), runsOfUnit: 50);
        BenchmarkDatabase.Fill(spread, Runs, runsOfUnit: 50);
        var apart = await BestAsync("20,000 runs, a second apart", () => OursAsync(spread), runs: Runs).ConfigureAwait(false);
        var together = await BestAsync("20,000 runs at one moment", () => OursAsync(same), runs: Runs).ConfigureAwait(false);
        Result("read.twins_ratio", together / apart);
    }

    // The cmdlet in a real engine, in a process of its own that does nothing else.
    private static async Task<long> PeakAsync(string file, int runs)
    {
        var command = $"$runs = 0; Get-VteTestRun -DatabasePath '{file}' -TimeZone Europe/Oslo | ForEach-Object {{ $runs++ }}; \"$runs "
            + "$([Diagnostics.Process]::GetCurrentProcess().PeakWorkingSet64)\"";
        var words = (await Programs.LastLineAsync(Repository.Adapter, "-Command", command).ConfigureAwait(false)).Split(' ');
        if (int.Parse(words[0], CultureInfo.InvariantCulture) != runs) throw new InvalidOperationException("Not all was read.");
        return long.Parse(words[1], CultureInfo.InvariantCulture);
    }

    private static async Task<(int Runs, long Steps)> OursAsync(string file, int pageSize = 0)
    {
        var site = new SiteOptions { Name = "Bench", TimeZone = "Europe/Oslo", Connection = new ConnectionOptions { Path = file } };
        return await OursAsync(site, null, pageSize).ConfigureAwait(false);
    }

    internal static async Task<(int Runs, long Steps)> OursAsync(SiteOptions site, string? password, int pageSize = 0)
    {
        await using var source = await VteSource.OpenAsync(site.ToSource(), SiteClock.For(site.TimeZone), password, CancellationToken.None)
            .ConfigureAwait(false);
        source.FixedPageSize = pageSize;
        var (runs, steps) = (0, 0L);
        await foreach (var run in source.ReadAsync(new TestRunQuery(), CancellationToken.None).ConfigureAwait(false))
        {
            runs++;
            steps += run.Steps!.Count;
        }
        return (runs, steps);
    }

    // Once to warm up code and file cache, then the best of several: the machine may be busy with other things.
    internal static async Task<double> BestAsync(string name, Func<Task<(int Runs, long Steps)>> read, int times = 3, int runs = 10_000)
    {
        if (times > 1) await read().ConfigureAwait(false);
        var best = (Seconds: double.MaxValue, Cpu: 0d, Megabytes: 0d);
        for (var n = 0; n < times; n++)
        {
            GC.Collect();
            var (watch, before, cpu) = (Stopwatch.StartNew(), GC.GetTotalAllocatedBytes(), Environment.CpuUsage.TotalTime);
            if (await read().ConfigureAwait(false) != (runs, (long)runs * BenchmarkDatabase.Steps))
                throw new InvalidOperationException("Not all was read.");
            if (watch.Elapsed.TotalSeconds < best.Seconds)
                best = (watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds,
                    (GC.GetTotalAllocatedBytes() - before) / 1048576d);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-30}{best.Seconds,10:0.000}{best.Cpu,13:0.000}{best.Megabytes,14:0}"));
        return best.Seconds;
    }

    private static void Result(string name, double value) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"RESULT {name} {value:0.00}"));
}
