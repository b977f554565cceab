using System.Globalization;

namespace VteWats.Benchmarks;

/// <summary>
/// A backlog of 10,000 runs of 40 steps from end to end, each sync in a process of its own, to the sandbox in another, without limits; the
/// same as three sites side by side; and the peak memory beside that of 2,000 runs.
/// </summary>
internal static class SyncBenchmark
{
    public static async Task<int> RunAsync(string[] args)
    {
        var runs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000;
        var folder = Directory.CreateTempSubdirectory("vtewats-bench-").FullName;
        try
        {
            var (small, large) = (Path.Combine(folder, "small.db"), Path.Combine(folder, "large.db"));
            BenchmarkDatabase.Fill(small, runs / 5);
            BenchmarkDatabase.Fill(large, runs);
            await RunAsync(folder, small, ["Warm"]).ConfigureAwait(false);
            var few = await RunAsync(folder, small, ["Oslo"]).ConfigureAwait(false);
            var all = await RunAsync(folder, large, ["Oslo"]).ConfigureAwait(false);
            var (second, third) = (Path.Combine(folder, "second.db"), Path.Combine(folder, "third.db"));
            BenchmarkDatabase.Fill(second, runs / 5, seed: 2);
            BenchmarkDatabase.Fill(third, runs / 5, seed: 3);
            var three = await RunAsync(folder, small, ["Oslo", "Bergen=" + second, "Bodo=" + third]).ConfigureAwait(false);

            Console.WriteLine($"{"",-28}{"runs",8}{"seconds",10}{"runs/s",9}{"reading",10}{"mapping",10}{"sending",10}{"peak MB",10}");
            Row("backlog", all);
            Row("a fifth of it", few);
            Row("three sites of a fifth each", three);
            Result("sync.runs_per_second", all.Uploaded / all.Seconds);
            Result("sync.read_share", all.Read);
            Result("sync.map_share", all.Map);
            Result("sync.send_share", all.Send);
            Result("sync.memory_ratio", (double)all.Peak / few.Peak);
            Result("sync.three_sites_runs_per_second", three.Uploaded / three.Seconds);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // A sandbox of its own each time: what is in WATS already would not be sent.
    private static async Task<Figures> RunAsync(string folder, string database, string[] sites)
    {
        await using var sandbox = await SandboxProcess.StartAsync(Repository.Sandbox, "--no-bodies").ConfigureAwait(false);
        var state = Path.Combine(folder, Guid.NewGuid().ToString("N"));
        string[] arguments = ["sync-run", sandbox.BaseUrl, sandbox.Token, database, state, "100", .. sites];
        var words = (await Programs.LastLineAsync(typeof(SyncBenchmark).Assembly.Location, arguments).ConfigureAwait(false)).Split(' ');
        double Number(int i) => double.Parse(words[i], CultureInfo.InvariantCulture);
        return new Figures((long)Number(1), Number(2), Number(3), Number(4), (long)Number(5));
    }

    private static void Row(string name, Figures f) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-28}{f.Uploaded,8}{f.Seconds,10:0.00}{f.Uploaded / f.Seconds,9:0}"
                + $"{f.Read,10:0%}{f.Map,10:0%}{f.Send,10:0%}{f.Peak >> 20,10}"));

    private static void Result(string name, double value) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"RESULT {name} {value:0.###}"));

    private sealed record Figures(long Uploaded, double Seconds, double Read, double Map, long Peak)
    {
        public double Send => 1 - Read - Map;
    }
}
