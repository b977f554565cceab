using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Sending;
using VteWats.Unit.Support;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Wats;

/// <summary>A server and a network that misbehave, and what is in WATS at the end.</summary>
public class SendingFaultTests
{
    public static TheoryData<string, SandboxFault> Faults() => new()
    {
        { "429 in seconds", new SandboxFault { Kind = FaultKind.Status, Status = 429, RetryAfterSeconds = 1, Count = 2 } },
        { "429 as a date", new SandboxFault { Kind = FaultKind.Status, Status = 429, RetryAfterSeconds = 1, RetryAfterAsDate = true,
            Count = 2 } },
        { "429 without a time", new SandboxFault { Kind = FaultKind.Status, Status = 429, Probability = 0.2 } },
        { "408", new SandboxFault { Kind = FaultKind.Status, Status = 408, Probability = 0.2 } },
        { "500", new SandboxFault { Kind = FaultKind.Status, Status = 500, Probability = 0.2 } },
        { "501", new SandboxFault { Kind = FaultKind.Status, Status = 501, Probability = 0.2, Path = "WSJF" } },
        { "502", new SandboxFault { Kind = FaultKind.Status, Status = 502, Probability = 0.2 } },
        { "503", new SandboxFault { Kind = FaultKind.Status, Status = 503, Probability = 0.2 } },
        { "504", new SandboxFault { Kind = FaultKind.Status, Status = 504, Probability = 0.2 } },
        { "reset before storing", new SandboxFault { Kind = FaultKind.CutBeforeStoring, Probability = 0.2 } },
        { "reset after storing", new SandboxFault { Kind = FaultKind.CutAfterStoring, Probability = 0.2 } },
        { "truncated answer", new SandboxFault { Kind = FaultKind.TruncateAnswer, Probability = 0.2 } },
        { "slow answer", new SandboxFault { Kind = FaultKind.Latency, DelayMilliseconds = 60, Probability = 0.2 } },
        { "no answer in time", new SandboxFault { Kind = FaultKind.Latency, DelayMilliseconds = 5000, Count = 3 } },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Every_fault_alone_loses_nothing_and_stores_nothing_twice(string name, SandboxFault fault)
    {
        Assert.NotEmpty(name);
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(fault);
        using var client = SendingParts.Client(server, SendingParts.Fast with { TimeoutSeconds = 1 });
        var reports = SendingParts.Reports(100, units: 30);
        var (receipts, failure) = await SendingParts.SendAsync(client, reports, new SendOptions { ThrottleLimit = 8 });
        Assert.Null(failure);
        Agrees(server, reports, receipts);
    }

    [Fact]
    public async Task All_faults_at_random_over_5000_reports_lose_nothing_and_store_nothing_twice()
    {
        await using var server = await SandboxServer.StartAsync(new SandboxOptions { KeepBodies = false });
        server.Faults.Seed(7);
        foreach (var status in new[] { 408, 429, 500, 502, 503, 504 })
            server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = status, Probability = 0.01 });
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 429, RetryAfterSeconds = 1, Count = 2 });
        server.Faults.Add(new SandboxFault
        {
            Kind = FaultKind.Status, Status = 503, RetryAfterSeconds = 1, RetryAfterAsDate = true,
            Count = 2
        });
        server.Faults.Add(new SandboxFault { Kind = FaultKind.CutBeforeStoring, Probability = 0.01 });
        server.Faults.Add(new SandboxFault { Kind = FaultKind.CutAfterStoring, Probability = 0.01 });
        server.Faults.Add(new SandboxFault { Kind = FaultKind.TruncateAnswer, Probability = 0.01 });
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Latency, DelayMilliseconds = 20, Probability = 0.02 });
        server.Faults.HideFor = TimeSpan.FromMilliseconds(200);
        using var client = SendingParts.Client(server);
        var reports = SendingParts.Reports(5000, units: 700);
        var (receipts, failure) = await SendingParts.SendAsync(client, reports, new SendOptions { ThrottleLimit = 16 });
        Assert.Null(failure);
        Agrees(server, reports, receipts);
    }

    [Fact]
    public async Task The_servers_own_rate_limit_is_waited_out()
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 429, RetryAfterSeconds = 1, Count = 8, Path = "WSJF" });
        using var client = SendingParts.Client(server);
        var reports = SendingParts.Reports(24);
        var (receipts, failure) = await SendingParts.SendAsync(client, reports, new SendOptions { ThrottleLimit = 8 });
        Assert.Null(failure);
        Agrees(server, reports, receipts);
        Assert.Equal(8, receipts.Sum(r => r.Attempts) - 24);
    }

    [Fact]
    public async Task Reports_of_one_unit_arrive_in_order_also_when_posts_fail()
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.CutBeforeStoring, Probability = 0.3 });
        using var client = SendingParts.Client(server, SendingParts.Fast with { MaxAttempts = 20 });
        var (receipts, failure) =
            await SendingParts.SendAsync(client, SendingParts.Reports(120, units: 4), new SendOptions { ThrottleLimit = 8 });
        Assert.Null(failure);
        Assert.Equal(120, receipts.Count);
        Assert.All(server.Store.Reports.GroupBy(r => r.Header.SerialNumber),
            unit => Assert.Equal(unit.OrderBy(r => r.Header.Start).Select(r => r.Id), unit.Select(r => r.Id)));
    }

    [Fact]
    public async Task A_report_that_waited_for_its_unit_does_not_go_last()
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Latency, DelayMilliseconds = 5 });
        using var client = SendingParts.Client(server);
        var reports = Enumerable.Range(0, 40).Select(n => SendingParts.Report(n, unit: n == 1 ? 0 : n)).ToList();
        await SendingParts.SendAsync(client, reports, new SendOptions { ThrottleLimit = 2 });
        var places = server.Store.Reports.OrderBy(r => r.Order).Select(r => r.Id).ToList();
        // What has entered by then goes before it, and how much that is depends on the machine: the order of those that wait is shown at
        // the gate itself.
        Assert.InRange(places.IndexOf(reports[1].Id!.Value), 1, 20);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Other_shapes_of_answers_and_servers_without_the_in_operator_do_as_well(bool objectAnswer, bool refuseIn)
    {
        await using var server = await SandboxServer.StartAsync(new SandboxOptions { ObjectAnswer = objectAnswer, RefuseIn = refuseIn });
        using var client = SendingParts.Client(server, SendingParts.Fast);
        var reports = SendingParts.Reports(100);
        await SendingParts.SendAsync(client, reports, new SendOptions { ThrottleLimit = 4 });
        var (again, failure) = await SendingParts.SendAsync(client, reports, new SendOptions { ThrottleLimit = 4 });
        Assert.Null(failure);
        Assert.All(again, r => Assert.Equal(WatsReceiptState.Skipped, r.State));
        Assert.All(server.Requests.Last, r => Assert.True(r.Query.Length < 2048));
        if (refuseIn) Assert.Equal(1, server.Requests.Last.Count(r => r.Status == 400));
    }

    [Fact]
    public async Task One_refused_report_of_64_goes_to_the_letters_with_the_servers_full_text()
    {
        const string Finding = "root -> step Volt: Status cannot be different from measurement status.\r\n\r\nroot -> step Other: "
            + "second finding, with æøå.";
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Refuse, SerialNumber = "SN-0031", Finding = Finding });
        using var folder = new TempFolder();
        var letters = new DeadLetterSink(folder.Path, new DeadLetterLimits());
        using var client = SendingParts.Client(server);
        var reports = SendingParts.Reports(64, withRuns: true);
        var options = new SendOptions { ThrottleLimit = 8, Rejected = letters };
        var (receipts, failure) = await SendingParts.SendAsync(client, reports, options);
        Assert.Null(failure);
        Assert.Equal(63, receipts.Count(r => r.State == WatsReceiptState.Uploaded));
        var refused = Assert.Single(receipts, r => r.State == WatsReceiptState.Failed);
        Assert.Equal(Finding, refused.Reason);
        Assert.Equal(refused.RunId, Assert.Single(Letters.In(folder.Path)).RunId);
        Assert.Equal(64, reports[0].Source!.Mark!.Session.AcknowledgedPrefix);

        server.Faults.Clear();
        (receipts, _) = await SendingParts.SendAsync(client, reports, options);
        Assert.Equal(WatsReceiptState.Uploaded, Assert.Single(receipts, r => r.RunId == refused.RunId).State);
        Assert.Empty(Letters.In(folder.Path));
    }

    [Fact]
    public async Task A_letter_that_cannot_be_written_stops_the_sending_and_leaves_its_run_unacknowledged()
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Refuse, SerialNumber = "SN-0005" });
        using var folder = new TempFolder();
        var blocked = folder.File("state");
        await File.WriteAllTextAsync(blocked, "a file where a folder should be");
        var letters = new DeadLetterSink(blocked, new DeadLetterLimits());
        using var client = SendingParts.Client(server);
        var reports = SendingParts.Reports(50, withRuns: true);
        var (receipts, failure) = await SendingParts.SendAsync(client, reports, new SendOptions { Rejected = letters });
        Assert.Equal("VteWats.StateNotWritable", Assert.IsType<Core.Diagnostics.VteWatsException>(failure).Error.Id);
        Assert.DoesNotContain(receipts, r => r.SerialNumber == "SN-0005");
        Assert.Equal(5, reports[0].Source!.Mark!.Session.AcknowledgedPrefix);
    }

    [Fact]
    public async Task A_slow_consumer_slows_the_sending_instead_of_growing_a_queue()
    {
        await using var server = await SandboxServer.StartAsync();
        using var client = SendingParts.Client(server);
        var taken = 0;
        var receipts = new WatsSender(client, new SendOptions { ThrottleLimit = 8 }).SendAsync(Counted(), CancellationToken.None)
            .GetAsyncEnumerator();
        Assert.True(await receipts.MoveNextAsync());
        // Nobody takes receipts now: the sending comes to rest by itself, long before the reports end.
        var quiet = 0;
        for (var before = -1L; quiet < 3; quiet = before == server.Requests.Total ? quiet + 1 : 0)
        {
            before = server.Requests.Total;
            await Task.Delay(100);
        }
        Assert.InRange(Volatile.Read(ref taken), 1, 250);
        Assert.InRange(server.Store.Count, 1, 200);
        await receipts.DisposeAsync();

        async IAsyncEnumerable<WatsReport> Counted()
        {
            for (var n = 0; n < 5000; n++)
            {
                await Task.Yield();
                Interlocked.Increment(ref taken);
                yield return SendingParts.Report(n, n);
            }
        }
    }

    private static void Agrees(SandboxServer server, IReadOnlyList<WatsReport> reports, IReadOnlyList<WatsReceipt> receipts)
    {
        Assert.Equal(reports.Select(r => r.Id!.Value), receipts.Select(r => r.RunId));
        Assert.All(receipts, r => Assert.Equal(WatsReceiptState.Uploaded, r.State));
        Assert.Equal(reports.Select(r => r.Id!.Value).Order(), server.Store.Ids.Order());
        Assert.Empty(server.Store.Swallowed);
    }
}
