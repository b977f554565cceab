using System.Net;
using System.Net.Sockets;
using System.Text;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using VteWats.Core.Operating;
using VteWats.Core.Operating.Page;

namespace VteWats.Browser;

/// <summary>The status page in headless Chromium: what people see, by eye, keyboard and screen reader. <c>VTEWATS_SCREENSHOTS</c> names a
/// folder for pictures.</summary>
[Trait("Category", "Process")]
public sealed class StatusPageTests : IAsyncLifetime, IDisposable
{
    private readonly TcpListener _port = new(IPAddress.Loopback, 0);
    private IReadOnlyList<SiteBoard> _sites = Boards.Three;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    private string Url => $"http://127.0.0.1:{((IPEndPoint)_port.LocalEndpoint).Port}/";

    public async Task InitializeAsync()
    {
        if (BrowserFactAttribute.Program is null) return;
        _port.Start();
        _ = ServeAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = BrowserFactAttribute.Program, Args = ["--no-sandbox"],
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        Dispose();
    }

    public void Dispose()
    {
        _playwright?.Dispose();
        _port.Dispose();
    }

    [BrowserFact]
    public async Task It_has_no_findings_of_axe_and_fits_phones_and_screens_light_and_dark()
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            foreach (var width in new[] { 390, 1280 })
            {
                var page = await OpenAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 } });
                if (Environment.GetEnvironmentVariable("VTEWATS_SCREENSHOTS") is { Length: > 0 } folder)
                    await page.ScreenshotAsync(new() { FullPage = true, Path = Path.Combine(folder, $"{scheme}-{width}.png") });
                Assert.Equal(0, await OverflowAsync(page));
                await page.EvaluateAsync("document.querySelectorAll('details').forEach(d => d.open = true)");
                Assert.Equal(0, await OverflowAsync(page));
                var found = await page.RunAxe();
                Assert.True(found.Violations.Length == 0, string.Join('\n', found.Violations.Select(v =>
                    $"{scheme} {width} {v.Id}: {v.Help}: " + string.Join(" | ", v.Nodes.Select(node => node.Html)))));
            }
    }

    [BrowserFact]
    public async Task The_policy_lets_its_own_style_and_script_work_and_nothing_complains()
    {
        var said = new List<string>();
        var page = await (await _browser!.NewContextAsync()).NewPageAsync();
        page.Console += (_, message) => said.Add(message.Text);
        page.PageError += (_, error) => said.Add(error);
        await page.GotoAsync(Url);
        var colour = await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('.card')).backgroundColor");
        Assert.NotEqual("rgba(0, 0, 0, 0)", colour);
        Assert.Empty(said);
    }

    [BrowserFact]
    public async Task The_keyboard_reaches_the_skip_link_and_every_part_that_opens()
    {
        var page = await OpenAsync(new());
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the sites", await page.EvaluateAsync<string>("document.activeElement.textContent"));
        var reached = new HashSet<string>();
        for (var i = 0; i < 6; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            reached.Add(await page.EvaluateAsync<string>("document.activeElement.parentElement.id"));
        }
        Assert.Equal(["site0-hours", "site0-stages", "site1-hours", "site1-stages", "site2-hours", "site2-stages"], reached.Order());
        await page.Keyboard.PressAsync("Enter");
        Assert.True(await page.EvaluateAsync<bool>("document.activeElement.parentElement.open"));
    }

    [BrowserFact]
    public async Task It_refreshes_itself_keeps_what_is_open_and_tells_when_it_cannot()
    {
        var page = await _browser!.NewPageAsync();
        await page.Clock.InstallAsync();
        await page.GotoAsync(Url);
        await page.EvaluateAsync("document.getElementById('site0-stages').open = true");
        Assert.Equal("1 of 3 unhealthy", await page.Locator("#overall p").First.TextContentAsync());
        _sites = Boards.Well;
        await page.Clock.RunForAsync(31_000);
        await page.Locator("#overall p", new() { HasText = "All healthy" }).WaitForAsync();
        Assert.True(await page.EvaluateAsync<bool>("document.getElementById('site0-stages').open"));
        _port.Stop();
        await page.Clock.RunForAsync(31_000);
        await page.Locator("#offline").WaitForAsync();
    }

    [BrowserFact]
    public async Task With_scripts_off_everything_is_there_and_the_browser_loads_it_anew()
    {
        var page = await OpenAsync(new() { JavaScriptEnabled = false });
        Assert.Equal(3, await page.Locator("article").CountAsync());
        Assert.Contains("Send-VteDeadLetter", await page.TextContentAsync("main"), StringComparison.Ordinal);
        Assert.Contains("http-equiv=\"refresh\"", StatusPage.Render(_sites, Boards.Now), StringComparison.Ordinal);
    }

    private static Task<int> OverflowAsync(IPage page) =>
        page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

    private async Task<IPage> OpenAsync(BrowserNewContextOptions options)
    {
        var page = await (await _browser!.NewContextAsync(options)).NewPageAsync();
        await page.GotoAsync(Url);
        return page;
    }

    // As the endpoint sends it, policy and all.
    private async Task ServeAsync()
    {
        while (true)
        {
            TcpClient client;
            try { client = await _port.AcceptTcpClientAsync(); }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException) { return; }
            using (client)
            {
                var stream = client.GetStream();
                var request = new byte[8192];
                _ = await stream.ReadAsync(request);
                var path = Encoding.ASCII.GetString(request).Split(' ')[1];
                var body = path == "/" ? Encoding.UTF8.GetBytes(StatusPage.Render(_sites, Boards.Now)) : [];
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {(path == "/" ? "200 OK" : "204 No Content")}\r\n"
                    + "Content-Type: text/html; charset=utf-8\r\nConnection: close\r\n"
                    + $"Content-Security-Policy: {StatusPage.ContentSecurityPolicy}\r\nContent-Length: {body.Length}\r\n\r\n"));
                await stream.WriteAsync(body);
            }
        }
    }
}
