using System.Globalization;

namespace VteWats.Benchmarks;

/// <summary>What it costs a sync to have its status and its metrics written down: the same backlog with and without, in turn, each in a
/// process of its own.</summary>
internal static class OperateBenchmark
{
    /// <summary>The environment variable that names the folder of the metrics, and has the status written.</summary>
    public const string Folder = "VTEWATS_BENCHMARK_METRICS";

    private const int Rounds = 5;

    public static async Task<int> RunAsync(string[] args)
    {
        var runs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5_000;
        var folder = Directory.CreateTempSubdirectory("vtewats-bench-").FullName;
        try
        {
            var database = Path.Combine(folder, "plant.db");
            BenchmarkDatabase.Fill(database, runs);
            await RunAsync(folder, database, null).ConfigureAwait(false);
            var (without, with) = (new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                without.Add(await RunAsync(folder, database, null).ConfigureAwait(false));
                with.Add(await RunAsync(folder, database, Path.Combine(folder, "metrics")).ConfigureAwait(false));
            }
            // Of several the best is the one that nothing else disturbed.
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{runs} runs: {without.Min():0.000} s without, {with.Min():0.000} s with"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"RESULT operate.sync_ratio {with.Min() / without.Min():0.###}"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> RunAsync(string folder, string database, string? metrics)
    {
        await using var sandbox = await SandboxProcess.StartAsync(Repository.Sandbox, "--no-bodies").ConfigureAwait(false);
        Environment.SetEnvironmentVariable(Folder, metrics);
        var state = Path.Combine(folder, Guid.NewGuid().ToString("N"));
        string[] arguments = ["sync-run", sandbox.BaseUrl, sandbox.Token, database, state, "100", "Oslo"];
        var words = (await Programs.LastLineAsync(typeof(OperateBenchmark).Assembly.Location, arguments).ConfigureAwait(false)).Split(' ');
        return double.Parse(words[2], CultureInfo.InvariantCulture);
    }
}
