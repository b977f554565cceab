using System.Diagnostics;
using System.Globalization;
using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Operating;
using VteWats.Core.Sync;
using VteWats.Core.Time;
using VteWats.Core.Vte;
using VteWats.Core.Wats.Client;

namespace VteWats.Benchmarks;

/// <summary>
/// <c>sync-run URL TOKEN DATABASE STATE BATCH SITES</c>: one sync of one or several sites (<c>NAME</c>, or <c>NAME=DATABASE</c>) from a
/// process of its own, for figures of memory and for tests that kill it. Says <c>running</c> before it begins and what it did at the end;
/// ends with the sync's exit code.
/// </summary>
internal static class SyncRunner
{
    public static async Task<int> RunAsync(string[] args)
    {
        var (database, state) = (args[2], args[3]);
        var sync = new SyncOptions { BatchSize = int.Parse(args[4], CultureInfo.InvariantCulture) };
        var wats = new WatsOptions { BaseUrl = args[0], RequestsPerMinute = 0, ThrottleLimit = 8, MaxAttempts = 2 };
        using var client = WatsClient.Create(wats, args[1]);
        // Another mapping as text: then what was sent before is sent again where it comes out different.
        var remapped = Environment.GetEnvironmentVariable("VTEWATS_SYNC_REMAPPED") is { Length: > 0 } text
            ? MappingOptions.FromText(text) : null;
        var options = new SyncRequest { InitialSince = DateTimeOffset.UnixEpoch, Remapped = remapped is not null };
        Console.WriteLine("running");
        var watch = Stopwatch.StartNew();
        var summaries = await Task.WhenAll(args[5..].Select(argument => Task.Run(() =>
        {
            var site = argument.Split('=', 2);
            var configured = new SiteOptions
            {
                Name = site[0],
                TimeZone = "Europe/Oslo",
                Connection = new ConnectionOptions { Path = site.Length > 1 ? site[1] : database },
                Mapping = remapped ?? new MappingOptions { DefaultProcessCode = 10 },
            };
            var services = SyncServices.Create(configured, SiteClock.For(configured.TimeZone), null, state, sync, wats, client,
                options, VteWatsLog.None);
            // Its status and metrics written down beside it, where the environment asks for that.
            if (Environment.GetEnvironmentVariable(OperateBenchmark.Folder) is not { Length: > 0 } folder)
                return new SiteSync(services, options).RunAsync(CancellationToken.None);
            return new SyncRecorder(services, options, new SyncTally())
            {
                OnWritten = status => MetricsFile.Write(folder, status, new HealthMeasure()),
            }.RunAsync(CancellationToken.None);
        }))).ConfigureAwait(false);
        watch.Stop();
        using var self = Process.GetCurrentProcess();
        var seconds = summaries.Sum(s => s.Duration.TotalSeconds);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"done {summaries.Sum(s => s.Uploaded)} {watch.Elapsed.TotalSeconds:0.000} "
            + $"{summaries.Sum(s => s.ReadTime.TotalSeconds) / seconds:0.0000} "
            + $"{summaries.Sum(s => s.MapTime.TotalSeconds) / seconds:0.0000} {self.PeakWorkingSet64}"));
        foreach (var error in summaries.Select(s => s.Error).OfType<VteWatsException>())
            Console.WriteLine($"error {error.Error.Id} {error.Message}");
        return summaries.Max(s => s.ExitCode);
    }
}
