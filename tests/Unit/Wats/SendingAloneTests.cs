using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Sending;
using VteWats.Unit.Support;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Wats;

/// <summary>A report with no other one to compare it with: it is put away the third time.</summary>
public class SendingAloneTests
{
    [Theory]
    [InlineData(500)]
    [InlineData(404)]
    public async Task It_ends_two_sendings_and_is_put_away_by_the_third_while_the_server_is_well(int status)
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = status, Path = "WSJF" });
        var history = new History();
        for (var sending = 1; sending <= 2; sending++)
        {
            var (receipts, failure, letters) = await SendAsync(server, history);
            Assert.Empty(receipts);
            Assert.Empty(letters.Kept);
            Assert.Contains("SN-0000", Assert.IsType<VteWatsException>(failure).Message, StringComparison.Ordinal);
            Assert.Equal(sending, history.Told.Count);
            Assert.True(history.Told[^1].ServerIsWell);
            Assert.Same(failure, history.Told[^1].Failure);
        }
        var (last, none, kept) = await SendAsync(server, history);
        Assert.Null(none);
        Assert.Equal(RejectionStage.Suspect, Assert.Single(last).Stage);
        Assert.Contains("in three sendings", Assert.Single(kept.Kept).Value.Findings, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(5, 5)]
    public async Task Several_with_no_other_one_end_some_sendings_and_are_put_away_by_the_next(int count, int sendings)
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 404, Path = "WSJF" });
        using var folder = new TempFolder();
        for (var sending = 1; sending <= sendings; sending++)
        {
            var (receipts, failure, letters) = await SendAsync(server, new SuspectHistory(folder.File("state")), count: count);
            Assert.Empty(receipts);
            Assert.Empty(letters.Kept);
            Assert.NotNull(failure);
        }
        var (last, none, kept) = await SendAsync(server, new SuspectHistory(folder.File("state")), count: count);
        Assert.Null(none);
        Assert.All(last, receipt => Assert.Equal(RejectionStage.Suspect, receipt.Stage));
        Assert.Equal((count, count), (last.Count, kept.Kept.Count));
    }

    [Fact]
    public async Task With_one_that_fails_for_the_first_time_or_with_six_it_is_the_server()
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 404, Path = "WSJF" });
        using var folder = new TempFolder();
        foreach (var count in (int[])[2, 2, 3, 4, 5, 6, 6, 6, 6])
        {
            var (_, failure, letters) = await SendAsync(server, new SuspectHistory(folder.File("state")), count: count);
            Assert.NotNull(failure);
            Assert.Empty(letters.Kept);
        }
    }

    [Fact]
    public async Task Without_a_memory_it_ends_every_sending_and_is_named()
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.CutBeforeStoring, Path = "WSJF" });
        for (var i = 0; i < 4; i++)
            Assert.Contains("SN-0000", (await SendAsync(server, null)).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_well_counts_for_nothing_and_is_told()
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 500, Report = _ => true });
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503, Path = "Query" });
        var history = new History();
        history.Force(5);
        var (receipts, failure, _) = await SendAsync(server, history, new SendOptions { Force = true });
        Assert.Empty(receipts);
        Assert.Equal(ErrorKind.WatsUnavailable, Assert.IsType<VteWatsException>(failure).Error);
        Assert.False(Assert.Single(history.Told).ServerIsWell);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(403)]
    public async Task Suspects_of_before_that_fail_again_all_at_once_are_put_away_again_and_end_nothing(int status)
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = status, Path = "WSJF" });
        using var client = SendingParts.Client(server);
        var reports = SendingParts.Reports(9).ToList();
        var rejected = new RejectedReports { Suspects = [.. reports.Select(report => report.Id!.Value)] };
        var (receipts, failure) = await SendingParts.SendAsync(client, reports, new SendOptions { Rejected = rejected });
        Assert.Null(failure);
        Assert.Equal(9, receipts.Count(receipt => receipt.Stage == RejectionStage.Suspect));
        // With a server that is not well they are no suspects, and it is told.
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503, Path = "Query" });
        (receipts, failure) = await SendingParts.SendAsync(client, reports, new SendOptions { Rejected = rejected, Force = true });
        Assert.NotNull(failure);
        Assert.Empty(receipts);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_token_that_may_not_post_never_makes_it_a_suspect(int status)
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = status, Path = "WSJF" });
        var history = new History();
        history.Force(5);
        var (receipts, failure, _) = await SendAsync(server, history);
        Assert.Empty(receipts);
        Assert.Equal(32, Assert.IsType<VteWatsException>(failure).Error.ExitCode);
        Assert.Empty(history.Told);
    }

    [Fact]
    public async Task Among_reports_that_WATS_has_already_it_is_alone_too_and_nothing_waits_for_ever()
    {
        await using var server = await SandboxServer.StartAsync();
        using var client = SendingParts.Client(server, SendingParts.Fast with { MaxAttempts = 2 });
        var reports = SendingParts.Reports(300);
        await SendingParts.SendAsync(client, reports[1..], new SendOptions());
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 500, SerialNumber = "SN-0000" });
        var history = new History();
        var (receipts, failure) = await SendingParts.SendAsync(client, reports, new SendOptions { SuspectHistory = history });
        // Those behind it are in WATS, and known to be.
        Assert.All(receipts, r => Assert.Equal(WatsReceiptState.Skipped, r.State));
        Assert.Contains("SN-0000", Assert.IsType<VteWatsException>(failure).Message, StringComparison.Ordinal);
        Assert.Single(history.Told);

        history.Force(2);
        (receipts, failure) = await SendingParts.SendAsync(client, reports, new SendOptions { SuspectHistory = history });
        Assert.Null(failure);
        Assert.Equal((300, RejectionStage.Suspect), (receipts.Count, receipts[0].Stage));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public async Task One_attempt_a_post_does_not_keep_a_report_that_fails_among_few_others_from_being_put_away(int others)
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 500, SerialNumber = "SN-0000" });
        using var client = SendingParts.Client(server, SendingParts.Fast with { MaxAttempts = 1 });
        var letters = new RejectedReports();
        var (receipts, failure) = await SendingParts.SendAsync(client, SendingParts.Reports(others + 1, withRuns: true),
            new SendOptions { Rejected = letters });
        Assert.Null(failure);
        Assert.Equal((others + 1, RejectionStage.Suspect), (receipts.Count, receipts[0].Stage));
        Assert.Single(letters.Kept);
    }

    [Fact]
    public async Task It_is_sent_when_the_server_takes_it_at_the_third_time()
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 500, Path = "WSJF", Count = 2 });
        var history = new History();
        history.Force(2);
        var (receipts, failure, letters) = await SendAsync(server, history);
        Assert.Null(failure);
        Assert.Empty(letters.Kept);
        Assert.Equal((WatsReceiptState.Uploaded, 3), (receipts[0].State, receipts[0].Attempts));
    }

    [Fact]
    public async Task What_is_remembered_of_it_is_forgotten_once_it_gets_through()
    {
        await using var server = await SandboxServer.StartAsync();
        using var folder = new TempFolder();
        var id = SendingParts.Reports(1, withRuns: true)[0].Id!.Value;
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 500, Path = "WSJF", Count = 2 });
        Assert.NotNull((await SendAsync(server, new SuspectHistory(folder.File("state")))).Failure);
        Assert.Equal(1, new SuspectHistory(folder.File("state")).FailuresInARow(id));
        Assert.Null((await SendAsync(server, new SuspectHistory(folder.File("state")))).Failure);
        Assert.Equal(0, new SuspectHistory(folder.File("state")).FailuresInARow(id));
    }

    private static async Task<(List<WatsReceipt> Receipts, Exception? Failure, RejectedReports Letters)> SendAsync(SandboxServer server,
        ISuspectHistory? history, SendOptions? options = null, int count = 1)
    {
        using var client = SendingParts.Client(server, SendingParts.Fast with { MaxAttempts = 2 });
        var letters = new RejectedReports();
        var (receipts, failure) = await SendingParts.SendAsync(client, SendingParts.Reports(count, withRuns: true),
            (options ?? new SendOptions()) with { Rejected = letters, SuspectHistory = history });
        return (receipts, failure, letters);
    }

    /// <summary>Counts as a sync does: in a row, while the server is well.</summary>
    private sealed class History : ISuspectHistory
    {
        private int? _forced;

        public List<UndecidedReport> Told { get; } = [];

        public void Force(int failures) => _forced = failures;

        public int FailuresInARow(Guid runId) => _forced ?? Told.Count(one => one.Report.Id == runId && one.ServerIsWell);

        public Task UndecidedAsync(UndecidedReport undecided)
        {
            Told.Add(undecided);
            return Task.CompletedTask;
        }

        public void GotThrough(Guid runId) => Told.RemoveAll(one => one.Report.Id == runId);
    }
}
