using VteWats.Core.Vte;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Client;
using VteWats.Core.Wats.Sending;
using VteWats.Unit.Support;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Wats;

/// <summary>Reports, a client that does not wait long, and a sending whose failure is kept.</summary>
internal static class SendingParts
{
    public static readonly WatsOptions Fast = new() { RequestsPerMinute = 0, MaxAttempts = 12 };

    public static WatsClient Client(SandboxServer server, WatsOptions? wats = null) =>
        Client((wats ?? Fast) with { BaseUrl = server.BaseUrl.OriginalString }, server.Token);

    public static WatsClient Client(WatsOptions wats, string token) =>
        WatsClient.Create(wats, token, null, null, new RetryTiming(TimeSpan.FromMilliseconds(4), TimeSpan.FromMilliseconds(40)));

    public static async Task<(List<WatsReceipt> Receipts, Exception? Failure)> SendAsync(WatsClient client,
        IEnumerable<WatsReport> reports, SendOptions options)
    {
        var receipts = new List<WatsReceipt>();
        try
        {
            await foreach (var receipt in new WatsSender(client, options).SendAsync(reports.ToAsyncEnumerable(), CancellationToken.None))
                receipts.Add(receipt);
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            return (receipts, e);
        }
        return (receipts, null);
    }

    /// <summary>One report a unit; <paramref name="units"/> says how many units share them.</summary>
    public static List<WatsReport> Reports(int count, bool withRuns = false, int? units = null)
    {
        var reading = withRuns ? new ReadSession("Oslo", "test") : null;
        return [.. Enumerable.Range(0, count).Select(n => Report(n, units is { } u ? n % u : n, reading))];
    }

    public static WatsReport Report(int n, int unit, ReadSession? reading = null)
    {
        var id = new Guid(n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        var start = new DateTimeOffset(2024, 3, 2, 8, 0, 0, TimeSpan.FromHours(1)).AddSeconds(n);
        var serial = $"SN-{unit:0000}";
        return new WatsReport
        {
            Id = id, Pn = "PN-100", Sn = serial, Rev = "A", ProcessCode = 100, ResultCode = "P", MachineName = "VTE-07",
            Location = "Oslo", Purpose = "Production", Start = start, StartUtc = start, Uut = new WatsUut { User = "op", ExecTime = 1.5 },
            Root = new WatsStep
            {
                Id = 1, Group = "M", StepType = "SequenceCall", Name = "Main", Status = "P",
                SeqCall = new WatsSeqCall { Path = "VTE/Main", Name = "Main", Version = "1" },
                Steps = [new WatsStep { Id = 2, Group = "M", StepType = "ET_NLT", Name = "Volt", Status = "P",
                    NumericMeas = [new WatsNumericMeas { CompOp = "LOG", Status = "P", Unit = "V", Value = n }] }],
            },
            Source = reading?.Admit(new VteTestRun
            {
                Id = id, Site = "Oslo", Timestamp = start.DateTime, Start = start, ResultCode = 1, Unit = new VteUnit(null, serial, null),
                Product = new VteProduct(null, "PN-100", "Widget", "A"), Testplan = new VteTestplan(null, "Main", null, "1"), Steps = [],
            }),
        };
    }

    /// <summary>Writes reports as WSJF files into a folder of their own; the path that names them all.</summary>
    public static async Task<string> WriteAsync(TempFolder folder, int count)
    {
        var place = Directory.CreateDirectory(folder.File("reports")).FullName;
        foreach (var report in Reports(count)) await File.WriteAllBytesAsync(Path.Combine(place, $"{report.Id}.json"), Wsjf.ToUtf8(report));
        return Path.Combine(place, "*.json");
    }
}
