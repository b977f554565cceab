using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using VteWats.Core.Inspection;
using VteWats.Core.Operating.Evidence;

namespace VteWats.Browser;

/// <summary>The page of evidence in headless Chromium, on screens and on paper. <c>VTEWATS_SCREENSHOTS</c> names a folder for
/// pictures.</summary>
[Trait("Category", "Process")]
public sealed class EvidencePageTests : IAsyncLifetime
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"vtewats-evidence-{Guid.NewGuid():N}.html");
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (BrowserFactAttribute.Program is null) return;
        await File.WriteAllBytesAsync(_file, EvidencePage.Render(Evidence(), new string('a', 64)).Page);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = BrowserFactAttribute.Program, Args = ["--no-sandbox"],
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        File.Delete(_file);
    }

    [BrowserFact]
    public async Task It_has_no_findings_of_axe_and_fits_phones_screens_and_paper_light_and_dark()
    {
        foreach (var (media, scheme, width) in new[]
        {
            (Media.Screen, ColorScheme.Light, 1280), (Media.Screen, ColorScheme.Dark, 1280), (Media.Screen, ColorScheme.Light, 390),
            (Media.Screen, ColorScheme.Dark, 390), (Media.Print, ColorScheme.Light, 794), (Media.Print, ColorScheme.Dark, 794),
        })
        {
            var said = new List<string>();
            var page = await (await _browser!.NewContextAsync(new()
            {
                ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 },
            })).NewPageAsync();
            page.Console += (_, message) => said.Add(message.Text);
            page.PageError += (_, error) => said.Add(error);
            page.Request += (_, request) => { if (!request.Url.StartsWith("file:", StringComparison.Ordinal)) said.Add(request.Url); };
            await page.GotoAsync(new Uri(_file).AbsoluteUri);
            await page.EmulateMediaAsync(new() { Media = media, ColorScheme = scheme });
            if (Environment.GetEnvironmentVariable("VTEWATS_SCREENSHOTS") is { Length: > 0 } folder)
                await page.ScreenshotAsync(new()
                {
                    FullPage = true, Path = Path.Combine(folder,
                    $"evidence-{media}-{scheme}-{width}.png")
                });
            Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
            // Nothing complains, and nothing is fetched from elsewhere.
            Assert.Empty(said);
            var found = await page.RunAxe();
            Assert.True(found.Violations.Length == 0, string.Join('\n', found.Violations.Select(v =>
                $"{media} {scheme} {width} {v.Id}: {v.Help}: " + string.Join(" | ", v.Nodes.Select(node => node.Html)))));
        }
    }

    [BrowserFact]
    public async Task Its_charts_are_pictures_with_their_figures_in_words()
    {
        var page = await _browser!.NewPageAsync();
        await page.GotoAsync(new Uri(_file).AbsoluteUri);
        var says = await page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('svg[role=img]')].map(s => s.getAttribute('aria-label'))");
        Assert.Equal(3, says.Length);
        Assert.Contains("passed", says[0], StringComparison.Ordinal);
        Assert.Contains("minutes", says[1], StringComparison.Ordinal);
        Assert.Contains("Inverter", says[2], StringComparison.Ordinal);
        // What stands in the database is text here, whatever it looks like.
        Assert.Equal(0, await page.EvaluateAsync<int>("document.querySelectorAll('main b, main img').length"));
    }

    private static EvidenceData Evidence()
    {
        var run = Guid.Parse("6f1c2b1a-55f0-4f3e-9a61-2b7d1d8f0001");
        var judged = new EvidenceJudged(4000, 12, 0.05, [$"run {run:D}: Voltage: 9.9 with limits 0 to 5 is passed in WATS."]);
        var days = Enumerable.Range(0, 60).Select(i => new EvidenceDay
        {
            Day = new DateTime(2026, 9, 1).AddDays(i), Vte = 100 + i, Wats = 95 + i, Letters = 2, Held = 1, Ahead = 1, Waiting = 1,
            Passed = 80 + i, Failed = 12, Other = 3, LagMinutes = 10 + i % 7 * 3,
        }).ToList();
        return new EvidenceData
        {
            Site = "Oslo plant 2", Source = "SQLSERVER:PLANT-DB/VTE9_3; SITE OSLO", Target = "https://plant.wats.example/",
            TargetVersion = "2025.3",
            Version = "1.0.0", Runtime = ".NET 8", System = "Linux", MadeAt = new DateTimeOffset(2026, 11, 1, 8, 0, 0, TimeSpan.Zero),
            Since = new DateTimeOffset(2026, 9, 1, 0, 0, 0, TimeSpan.Zero), Until = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero),
            TimeZone = "Europe/Oslo", ConfigurationFingerprint = new string('b', 64), MappingFingerprint = new string('c', 16),
            Schema = [new("Warning: dbo.IndexData", "No index begins with Timestamp.", "CREATE INDEX IX ON dbo.IndexData (Timestamp);")],
            Quality = new TestRunMeasurement
            {
                Site = "Oslo plant 2", Runs = 7770, Steps = 300_000, FewestSteps = 4, MostSteps = 80,
                Findings = [new DataFinding("LimitsReversed", 3, "limits <b>reversed</b><img src=x>: sent as they are", [run])],
            },
            Decisions = [new("timestampIs", "end", "Of 700 neighbouring runs of one station 0 overlap when it is read as the end.")],
            Accuracy = new EvidenceAccuracy
            {
                Seed = 7, Drawn = 100, Compared = 98, NotInWats = 2, Fields = 9000, Steps = judged, Runs = judged, Limits = judged,
                Findings = [new AccuracyFinding(run, "A very long name of a step that stands in one line: value", "1.25", "1.3")],
            },
            Days = days,
            ClockChanges = [new(new DateTimeOffset(2026, 10, 25, 1, 0, 0, TimeSpan.Zero), "back: an hour of local time occurs twice",
                [new(run, new DateTime(2026, 10, 25, 2, 30, 0), new DateTimeOffset(2026, 10, 25, 0, 30, 0, TimeSpan.Zero),
                    new DateTimeOffset(2026, 10, 25, 0, 30, 0, TimeSpan.Zero))])],
            Speed = new EvidenceSpeed
            {
                MostADay = 159, MostAnHour = 24, LastRate = 41.5, MedianLagMinutes = 11, LongestUsualLagMinutes = 28,
            },
            Products = [new("Inverter 3", 400, 380, 399, 380), new("Charger 40", 120, 100, 120, 100)],
            Open = [new("Dead letters", "3 (Mapping): The run has no serial number.", "Get-VteDeadLetter says what to do about each.")],
        };
    }
}
