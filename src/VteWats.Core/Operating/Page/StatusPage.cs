using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VteWats.Core.Sync.State;
using VteWats.Core.Wats.Html;

namespace VteWats.Core.Operating.Page;

/// <summary>The status of sites as one page for people, with nothing that is fetched from elsewhere.</summary>
internal static class StatusPage
{
    /// <summary>What a browser may do with the page: show it, and fetch it again.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src '{Hash(StatusStyle.Css)}'; script-src '{Hash(StatusStyle.Script)}'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <param name="sites">The sites, in the order in which they are shown.</param>
    /// <param name="now">When it was looked.</param>
    public static string Render(IReadOnlyList<SiteBoard> sites, DateTimeOffset now)
    {
        var page = new Markup();
        var overall = Overall(sites);
        page.Raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Raw("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">").Element("title", $"{overall} · VteWats")
            .Raw("<noscript><meta http-equiv=\"refresh\" content=\"30\"></noscript>")
            .Raw("<style>").Raw(StatusStyle.Css).Raw("</style></head><body>")
            .Raw("<a class=\"skip\" href=\"#content\">Skip to the sites</a><header><h1>VteWats</h1>")
            .Raw("<div id=\"overall\" role=\"status\">").Element("p", overall)
            .Raw("<p class=\"soft\">As of ").Raw(Time(now)).Raw(", refreshed every 30 seconds.</p></div>")
            .Raw("<p id=\"offline\" role=\"alert\" hidden>The page could not be refreshed: what you see is old.</p></header>")
            .Raw("<main id=\"content\" tabindex=\"-1\"><h2>Sites</h2><div class=\"sites\">");
        for (var i = 0; i < sites.Count; i++) SiteCard.Write(page, sites[i], now, $"site{i}");
        page.Raw("</div>");
        Errors(page, sites);
        Letters(page, sites);
        Comparisons(page, sites);
        page.Raw("</main><footer class=\"soft\">").Element("p",
            $"VteWats {Release.Version} on {Release.Runtime}. Times are UTC unless said "
            + "otherwise.").Raw("</footer><script>").Raw(StatusStyle.Script).Raw("</script></body></html>\n");
        return page.ToString();
    }

    internal static string Time(DateTimeOffset? at)
    {
        if (at is not { } instant) return "never";
        var utc = instant.UtcDateTime;
        return string.Create(CultureInfo.InvariantCulture,
            $"<time datetime=\"{utc:yyyy-MM-dd'T'HH:mm:ss'Z'}\">{utc:yyyy-MM-dd HH:mm}</time>");
    }

    internal static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture).Replace(',', ' ');

    /// <summary>A line for PowerShell that sends the letters of a finding again.</summary>
    internal static string Replay(string site, string finding)
    {
        var line = finding.Split('\n')[0].TrimEnd('\r');
        var pattern = new StringBuilder();
        foreach (var c in line.Length > 100 ? line[..100] : line)
            pattern.Append(c switch { '…' => "*", '*' or '?' or '[' or ']' or '`' => "`" + c, '\'' => "''", _ => c.ToString() });
        if (line.Length != finding.Length || line.Length > 100) pattern.Append('*');
        return $"Get-VteDeadLetter -Site '{site}' -Finding '{pattern}' | Send-VteDeadLetter";
    }

    private static string Overall(IReadOnlyList<SiteBoard> sites)
    {
        var unhealthy = sites.Count(site => site.Health.State == HealthState.Unhealthy);
        var degraded = sites.Count(site => site.Health.State == HealthState.Degraded);
        return unhealthy > 0 ? string.Create(CultureInfo.InvariantCulture, $"{unhealthy} of {sites.Count} unhealthy")
            : degraded > 0 ? string.Create(CultureInfo.InvariantCulture, $"{degraded} of {sites.Count} degraded")
            : sites.Count == 1 ? "Healthy" : "All healthy";
    }

    private static void Errors(Markup page, IReadOnlyList<SiteBoard> sites)
    {
        var errors = sites.SelectMany(site => (site.Health.Status?.Errors ?? []).Select(error => (site.Health.Site, Error: error)))
            .OrderByDescending(e => e.Error.Last).Take(20).ToList();
        page.Raw("<h2>Last errors</h2>");
        if (errors.Count == 0) page.Raw("<p>No sync has failed.</p>");
        else page.Raw("<ul class=\"card plain list\">");
        foreach (var (site, error) in errors)
        {
            page.Raw("<li><strong>").Text($"{site}: {error.ErrorId}").Raw("</strong> ")
                .Text(error.Count == 1 ? "once, at " : string.Create(CultureInfo.InvariantCulture, $"{error.Count} times, last at "))
                .Raw(Time(error.Last)).Element("p", error.Message).Element("p", error.Advice, "soft").Raw("</li>");
        }
        if (errors.Count > 0) page.Raw("</ul>");
    }

    private static void Letters(Markup page, IReadOnlyList<SiteBoard> sites)
    {
        page.Raw("<h2>Dead letters by finding</h2>");
        var letters = sites.SelectMany(site => site.Letters).OrderByDescending(letter => letter.Count).Take(40).ToList();
        if (letters.Count == 0) page.Raw("<p>None waits.</p>");
        else page.Raw("<ul class=\"card plain list\">");
        foreach (var letter in letters)
        {
            page.Raw("<li><strong>").Text($"{letter.Site}, {letter.Stage}: {Number(letter.Count)}").Raw("</strong>")
                .Element("p", letter.Finding).Element("code", Replay(letter.Site, letter.Finding)).Raw("</li>");
        }
        if (letters.Count > 0) page.Raw("</ul>");
    }

    private static void Comparisons(Markup page, IReadOnlyList<SiteBoard> sites)
    {
        page.Raw("<h2>Comparisons of VTE with WATS</h2><ul class=\"card plain list\">");
        foreach (var site in sites)
        {
            page.Raw("<li><strong>").Text(site.Health.Site).Raw("</strong> ");
            if (site.Health.Status?.Comparison is not { } last) page.Text("was not compared yet.");
            else page.Raw(Time(last.At)).Text(last.IsEqual ? $": equal, {Number(last.Runs)} runs"
                : $": {Number(last.Missing)} missing, {Number(last.OtherVerdict)} with another verdict, "
                + $"{Number(last.OtherSteps)} with other steps, {Number(last.NotInVte)} not in VTE; "
                + $"{Number(last.Repaired)} repaired, of {Number(last.Runs)} runs");
            page.Raw("</li>");
        }
        page.Raw("</ul>");
    }

    // The document's line ends are those of the source: what is hashed is what is sent.
    private static string Hash(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
