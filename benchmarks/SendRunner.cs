using System.Diagnostics;
using System.Globalization;
using VteWats.Core.Wats.Client;
using VteWats.Core.Wats.Sending;

namespace VteWats.Benchmarks;

/// <summary>
/// <c>send-run URL TOKEN COUNT WIDTH</c>: sends reports from a process of its own, for figures of memory and for tests that kill it. Prints
/// a
/// line when the first receipt is there and one with the peak of its memory at the end.
/// </summary>
internal static class SendRunner
{
    public static async Task<int> RunAsync(string[] args)
    {
        var count = int.Parse(args[2], CultureInfo.InvariantCulture);
        var width = int.Parse(args[3], CultureInfo.InvariantCulture);
        using var client = WatsClient.Create(new WatsOptions { BaseUrl = args[0], RequestsPerMinute = 0 }, args[1]);
        var receipts = 0;
        await foreach (var _ in new WatsSender(client,
            new SendOptions { ThrottleLimit = width }).SendAsync(SendReports.Take(count).ToAsyncEnumerable(), CancellationToken.None))
        {
            if (receipts++ == 0) Console.WriteLine("sending");
        }
        using var self = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sent {receipts} peak {self.PeakWorkingSet64}"));
        return 0;
    }
}
