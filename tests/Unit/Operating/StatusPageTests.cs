using System.Text.RegularExpressions;
using System.Xml.Linq;
using VteWats.Core.Operating;
using VteWats.Core.Operating.Page;
using VteWats.Core.Sync;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.Unit.Sync;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Operating;

/// <summary>What the page shows is what the state holds, and no text from outside becomes markup.</summary>
public sealed class StatusPageTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2024, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private SyncRig _rig = null!;

    public async Task InitializeAsync() => _rig = await SyncRig.StartAsync(Now, new SyncOptions { BatchSize = 10 });

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    private WatchedSites Watched => new()
    {
        StateFolder = _rig.State, Sites = [new WatchedSite(_rig.Site.Name, SyncTestData.Oslo)], Time = _rig.Time,
    };

    private IReadOnlyList<SiteBoard> Boards() => [.. Watched.Health().Select(site => SiteBoard.Read(Watched, site))];

    [Fact]
    public async Task The_hours_are_those_of_the_ledger_by_outcome()
    {
        for (var i = 0; i < 3; i++) _rig.Insert(_rig.Local.AddHours(-2).AddMinutes(i));
        _rig.Insert(_rig.Local.AddHours(-5), serial: " ");
        _rig.Insert(_rig.Local.AddDays(-3));
        await _rig.RecordAsync();
        var board = Assert.Single(Boards());
        Assert.Equal(48, board.Hours.Count);
        Assert.Equal((3, 1, 0), (board.Hours.Sum(h => h.Sent), board.Hours.Sum(h => h.Letters), board.Hours.Sum(h => h.Held)));
        var hour = board.Hours.Single(h => h.Sent == 3).Hour;
        Assert.Equal(new DateTime(2024, 5, 4, 12, 0, 0), hour);
        Assert.Equal(1, Assert.Single(board.Letters).Count);
    }

    [Fact]
    public async Task What_it_shows_equals_the_status()
    {
        _rig.InsertRuns(5);
        _rig.Insert(_rig.Local.AddHours(-5), serial: " ");
        await _rig.RecordAsync();
        _rig.Insert(_rig.Local.AddMinutes(-2));
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503 });
        _rig.Time.Advance(TimeSpan.FromMinutes(10));
        var (_, status, _) = await _rig.RecordAsync();
        var page = Page(Boards());
        Assert.Equal("Failed", Fact(page, "Last sync"));
        Assert.Equal("1", Fact(page, "Waiting in VTE"));
        Assert.Equal("1", Fact(page, "Dead letters"));
        Assert.Equal("2024-05-04 12:00 (10 minutes ago)", Fact(page, "Last run through"));
        Assert.Equal(status.SafeUpTo!.Value.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture),
            Fact(page, "Safe up to (site time)"));
        var text = page.Value;
        Assert.Contains(status.ErrorId!, text, StringComparison.Ordinal);
        Assert.Contains(status.Advice!, text, StringComparison.Ordinal);
        Assert.Contains("1 of 1 degraded", text, StringComparison.Ordinal);
        Assert.Contains("| Send-VteDeadLetter", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_from_outside_stays_text()
    {
        const string Hostile = "<script>alert(1)</script>\"'&<img src=x onerror=alert(2)>";
        var reason = new HealthReason(Hostile, HealthState.Unhealthy, Hostile, Hostile);
        var status = new SiteStatus
        {
            Site = Hostile, LastAttempt = Now, Result = Hostile, Stages = [new(Hostile, Now, null, Hostile)],
            Errors = [new(Hostile, 2, Now, Now, Hostile, Hostile)],
        };
        var board = new SiteBoard(new SiteHealth { Site = Hostile, Reasons = [reason], Status = status, At = Now },
            [new HourOutcome(Now.DateTime, 1, 1, 1)],
            [new DeadLetterCount { Site = Hostile, Stage = DeadLetterStage.Sending, Finding = Hostile, Count = 3 }]);
        var html = StatusPage.Render([board], Now);
        Assert.Single(Regex.Matches(html, "<script"));
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.Contains(Hostile, Parsed(html).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_fetched_from_elsewhere_and_every_id_is_there_once()
    {
        var sites = Enumerable.Range(0, 3).Select(i => new SiteBoard(new SiteHealth
        {
            Site = $"Site {i}", At = Now,
            Status = new SiteStatus { Site = $"Site {i}", Stages = [new("Source", Now, Now, null)] }
        },
            [new HourOutcome(Now.DateTime, i, 0, 0)], [])).ToList();
        var html = StatusPage.Render(sites, Now);
        Assert.DoesNotMatch("(src|href)=\"(?!#)", html);
        Assert.DoesNotContain("style=", html, StringComparison.Ordinal);
        Assert.DoesNotMatch(" on[a-z]+=", html);
        var ids = Parsed(html).Descendants().Attributes("id").Select(id => id.Value).ToList();
        Assert.Equal(ids.Distinct(), ids);
    }

    [Theory]
    [InlineData("pn holds '*'.", "pn holds ''`*''.")]
    [InlineData("Report … is [bad]", "Report * is `[bad`]")]
    [InlineData("one\nmore", "one*")]
    public void The_line_that_sends_letters_again_finds_them_by_their_finding(string finding, string pattern) =>
        Assert.Equal($"Get-VteDeadLetter -Site 'Oslo' -Finding '{pattern}' | Send-VteDeadLetter", StatusPage.Replay("Oslo", finding));

    private static XElement Page(IReadOnlyList<SiteBoard> boards) => Parsed(StatusPage.Render(boards, boards[0].Health.At));

    // The page is written so that it is XML too, but for what HTML does not close.
    private static XElement Parsed(string html)
    {
        var body = html[html.IndexOf("<body>", StringComparison.Ordinal)..html.IndexOf("</html>", StringComparison.Ordinal)];
        body = Regex.Replace(body, "<script>.*</script>", "", RegexOptions.Singleline);
        return XElement.Parse(Regex.Replace(body, " hidden>", ">"), LoadOptions.PreserveWhitespace);
    }

    private static string Fact(XElement page, string name) =>
        page.Descendants("dt").Single(dt => dt.Value == name).Parent!.Element("dd")!.Value;
}
