// dotnet run -c Release --project benchmarks -- <name>: each prints a table for people and `RESULT <name> <value>` lines to compare.
var benchmarks = new Dictionary<string, Func<string[], Task<int>>>(StringComparer.OrdinalIgnoreCase)
{
    ["map"] = VteWats.Benchmarks.MapBenchmark.RunAsync,
    ["operate"] = VteWats.Benchmarks.OperateBenchmark.RunAsync,
    ["read"] = VteWats.Benchmarks.ReadBenchmark.RunAsync,
    ["send"] = VteWats.Benchmarks.SendBenchmark.RunAsync,
    ["send-run"] = VteWats.Benchmarks.SendRunner.RunAsync,
    ["state"] = VteWats.Benchmarks.StateBenchmark.RunAsync,
    ["state-idle"] = VteWats.Benchmarks.IdleSync.RunAsync,
    ["sync"] = VteWats.Benchmarks.SyncBenchmark.RunAsync,
    ["sync-run"] = VteWats.Benchmarks.SyncRunner.RunAsync,
};
if (args.Length > 0 && benchmarks.TryGetValue(args[0], out var run)) return await run(args[1..]);
Console.Error.WriteLine($"usage: dotnet run -c Release --project benchmarks -- <{string.Join(" | ", benchmarks.Keys)}>");
return 2;
