using VteWats.Core.Diagnostics;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Sending;
using VteWats.Unit.Support;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Wats;

/// <summary>A report that does not get through: it is the report when others do, and the server when none does.</summary>
public class SendingEvidenceTests
{
    private const string Poisoned = "SN-0100";

    // The head of a cut answer may arrive, or not.
    private const int EitherWay = -1;

    /// <summary>Everything that a server, or something before it, has been seen to answer to a single report.</summary>
    public static TheoryData<string, SandboxFault, int?> Answers() => new()
    {
        { "302", new SandboxFault { Kind = FaultKind.Status, Status = 302 }, 302 },
        { "401", new SandboxFault { Kind = FaultKind.Status, Status = 401 }, 401 },
        { "403", new SandboxFault { Kind = FaultKind.Status, Status = 403 }, 403 },
        { "404", new SandboxFault { Kind = FaultKind.Status, Status = 404 }, 404 },
        { "405", new SandboxFault { Kind = FaultKind.Status, Status = 405 }, 405 },
        { "409", new SandboxFault { Kind = FaultKind.Status, Status = 409 }, 409 },
        { "415", new SandboxFault { Kind = FaultKind.Status, Status = 415 }, 415 },
        { "417", new SandboxFault { Kind = FaultKind.Status, Status = 417 }, 417 },
        { "429", new SandboxFault { Kind = FaultKind.Status, Status = 429 }, 429 },
        { "500", new SandboxFault { Kind = FaultKind.Status, Status = 500 }, 500 },
        { "503", new SandboxFault { Kind = FaultKind.Status, Status = 503 }, 503 },
        { "web page", new SandboxFault { Kind = FaultKind.CaptivePortal }, 200 },
        { "cut", new SandboxFault { Kind = FaultKind.CutBeforeStoring }, null },
        { "cut answer", new SandboxFault { Kind = FaultKind.TruncateAnswer }, EitherWay },
        { "timeout", new SandboxFault { Kind = FaultKind.Latency, DelayMilliseconds = 5000 }, null },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task One_report_of_331_that_never_gets_through_is_put_away_and_all_others_are_sent(string answer, SandboxFault fault,
        int? status)
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(fault with { SerialNumber = Poisoned });
        using var client = SendingParts.Client(server, SendingParts.Fast with { MaxAttempts = 2, TimeoutSeconds = 1 });
        var reports = SendingParts.Reports(331, withRuns: true);
        var letters = new RejectedReports();
        var (receipts, failure) = await SendingParts.SendAsync(client, reports, new SendOptions { Rejected = letters });
        Assert.True(failure is null, $"{answer}: {failure}");
        Assert.Equal(reports.Select(r => r.Id!.Value), receipts.Select(r => r.RunId));
        var suspect = Assert.Single(receipts, r => r.State != WatsReceiptState.Uploaded);
        Assert.Equal((Poisoned, WatsReceiptState.Failed, RejectionStage.Suspect), (suspect.SerialNumber, suspect.State, suspect.Stage));
        Assert.Equal(331, reports[0].Source!.Mark!.Session.AcknowledgedPrefix);
        var letter = Assert.Single(letters.Kept);
        Assert.Equal((suspect.RunId, RejectionStage.Suspect), (letter.Key, letter.Value.Stage));
        if (status != EitherWay) Assert.Equal(status, letter.Value.Status);
        Assert.Equal(server.Requests.Last.Count(r => r.ReportId == suspect.RunId), letter.Value.Attempts);
        Assert.Equal(letter.Value.Findings, suspect.Reason);

        var error = WatsRejection.ErrorFrom(suspect);
        Assert.Equal((ErrorKind.WatsReportSuspect, (object)suspect.RunId), (error.Error, error.Target));
        Assert.Contains(Poisoned, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_letter_of_a_suspect_holds_what_was_answered_also_when_it_was_a_web_page()
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.CaptivePortal, SerialNumber = Poisoned });
        using var client = SendingParts.Client(server);
        var letters = new RejectedReports();
        await SendingParts.SendAsync(client, SendingParts.Reports(120), new SendOptions { Rejected = letters });
        Assert.Contains("Guest network: please log on", Assert.Single(letters.Kept).Value.Findings, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_place_for_it_a_suspect_is_not_acknowledged_and_the_others_are_sent()
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 404, SerialNumber = Poisoned });
        using var client = SendingParts.Client(server);
        var reports = SendingParts.Reports(150, withRuns: true);
        var (receipts, failure) = await SendingParts.SendAsync(client, reports, new SendOptions());
        Assert.Null(failure);
        Assert.Equal((150, 149), (receipts.Count, server.Store.Count));
        Assert.Equal(100, reports[0].Source!.Mark!.Session.AcknowledgedPrefix);
    }

    [Theory]
    [InlineData("500", ErrorKindOf.Unavailable)]
    [InlineData("404", ErrorKindOf.RouteMissing)]
    [InlineData("403", ErrorKindOf.Forbidden)]
    [InlineData("cut", ErrorKindOf.Unavailable)]
    public async Task When_no_post_gets_through_it_is_the_server_however_well_it_answers_queries(string answer, ErrorKindOf expected)
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(answer == "cut" ? new SandboxFault { Kind = FaultKind.CutBeforeStoring, Path = "WSJF" }
            : new SandboxFault { Kind = FaultKind.Status, Status = int.Parse(answer, null), Path = "WSJF" });
        using var client = SendingParts.Client(server, SendingParts.Fast with { MaxAttempts = 2 });
        foreach (var count in new[] { 2, 300 })
        {
            var reports = SendingParts.Reports(count, withRuns: true);
            var letters = new RejectedReports();
            var (receipts, failure) = await SendingParts.SendAsync(client, reports, new SendOptions { Rejected = letters });
            Assert.Empty(receipts);
            Assert.Empty(letters.Kept);
            Assert.Equal(0, reports[0].Source!.Mark!.Session.AcknowledgedPrefix);
            var error = Assert.IsType<VteWatsException>(failure);
            Assert.Equal(expected switch
            {
                ErrorKindOf.RouteMissing => ErrorKind.WatsRouteMissing,
                ErrorKindOf.Forbidden => ErrorKind.WatsForbidden,
                _ => ErrorKind.WatsUnavailable,
            }, error.Error);
            var run = reports.Single(r => error.Message.Contains(r.Id!.Value.ToString(), StringComparison.Ordinal));
            Assert.Contains($"serial number {run.Sn}", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_server_that_takes_no_more_posts_in_the_middle_stops_the_sending_and_makes_no_report_a_suspect()
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 500, Report = _ => server.Store.Count >= 150 });
        using var client = SendingParts.Client(server, SendingParts.Fast with { MaxAttempts = 2 });
        var letters = new RejectedReports();
        var (receipts, failure) = await SendingParts.SendAsync(client, SendingParts.Reports(400), new SendOptions { Rejected = letters });
        Assert.Equal(ErrorKind.WatsUnavailable, Assert.IsType<VteWatsException>(failure).Error);
        Assert.Empty(letters.Kept);
        Assert.Equal(server.Store.Ids.Order(), receipts.Select(r => r.RunId).Order());
    }

    [Fact]
    public async Task A_server_that_was_away_for_all_attempts_of_some_reports_makes_none_of_them_a_suspect()
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503, Path = "WSJF", Count = 8 });
        using var client = SendingParts.Client(server, SendingParts.Fast with { MaxAttempts = 2 });
        var letters = new RejectedReports();
        var (receipts, failure) = await SendingParts.SendAsync(client, SendingParts.Reports(100), new SendOptions { Rejected = letters });
        Assert.Null(failure);
        Assert.Empty(letters.Kept);
        Assert.All(receipts, r => Assert.Equal(WatsReceiptState.Uploaded, r.State));
        Assert.Contains(receipts, r => r.Attempts == 3);
        Assert.All(server.Store.Reports, r => Assert.Equal(1, r.ReceiveCount));
    }

    [Fact]
    public async Task Five_of_60_are_put_away_and_six_are_trouble_of_the_server()
    {
        foreach (var poisoned in new[] { 5, 6 })
        {
            await using var server = await SandboxServer.StartAsync();
            for (var i = 0; i < poisoned; i++)
                server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 409, SerialNumber = $"SN-00{i}5" });
            using var client = SendingParts.Client(server);
            var letters = new RejectedReports();
            var options = new SendOptions { Rejected = letters };
            var (receipts, failure) = await SendingParts.SendAsync(client, SendingParts.Reports(60), options);
            Assert.InRange(letters.Kept.Count, poisoned == 5 ? 5 : 0, 5);
            Assert.Equal(poisoned == 5, failure is null);
            Assert.Equal(letters.Kept.Keys.Order(), receipts.Where(r => r.State == WatsReceiptState.Failed).Select(r => r.RunId).Order());
            if (failure is not null) Assert.Contains("6 of ", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Of_many_reports_one_in_twenty_may_be_put_away()
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 409, SerialNumber = "SN-0?33" });
        using var client = SendingParts.Client(server);
        var letters = new RejectedReports();
        var (receipts, failure) = await SendingParts.SendAsync(client, SendingParts.Reports(1000), new SendOptions { Rejected = letters });
        Assert.Null(failure);
        Assert.Equal((1000, 10, 990), (receipts.Count, letters.Kept.Count, server.Store.Count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task The_other_reports_of_a_suspects_unit_go_on_in_order(int units)
    {
        await using var server = await SandboxServer.StartAsync();
        var reports = SendingParts.Reports(60, withRuns: true, units: units);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.CutBeforeStoring, ReportId = reports[5].Id });
        using var client = SendingParts.Client(server, SendingParts.Fast with { MaxAttempts = 2 });
        var letters = new RejectedReports();
        var (receipts, failure) = await SendingParts.SendAsync(client, reports, new SendOptions { Rejected = letters });
        Assert.Null(failure);
        Assert.Equal(reports.Select(r => r.Id!.Value), receipts.Select(r => r.RunId));
        Assert.Equal([reports[5].Id!.Value], letters.Kept.Keys);
        Assert.Equal(59, server.Store.Count);
        Assert.All(server.Store.Reports.GroupBy(r => r.Header.SerialNumber),
            unit => Assert.Equal(unit.OrderBy(r => r.Header.Start).Select(r => r.Id), unit.Select(r => r.Id)));
    }

    [Fact]
    public async Task An_older_content_of_a_run_never_overwrites_the_newer_one_that_got_through()
    {
        await using var server = await SandboxServer.StartAsync();
        server.Faults.Add(new SandboxFault
        {
            Kind = FaultKind.Status, Status = 500, Count = 2,
            Report = r => r.GetProperty("rev").GetString() == "old"
        });
        var reports = SendingParts.Reports(30, withRuns: true);
        reports.Insert(3, reports[3] with { Rev = "old" });
        using var client = SendingParts.Client(server, SendingParts.Fast with { MaxAttempts = 2 });
        var letters = new RejectedReports();
        var (receipts, failure) = await SendingParts.SendAsync(client, reports, new SendOptions { ThrottleLimit = 1, Rejected = letters });
        Assert.Null(failure);
        Assert.Empty(letters.Kept);
        Assert.Equal((31, WatsReceiptState.Skipped), (receipts.Count, receipts[3].State));
        Assert.Equal("A", server.Store.Find(reports[3].Id!.Value)!.Header.Revision);
    }

    public enum ErrorKindOf { Unavailable, RouteMissing, Forbidden }
}
