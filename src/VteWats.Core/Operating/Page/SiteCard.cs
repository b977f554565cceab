using System.Globalization;
using VteWats.Core.Sync.State;
using VteWats.Core.Wats.Html;
using static System.FormattableString;

namespace VteWats.Core.Operating.Page;

/// <summary>One site on the status page.</summary>
internal static class SiteCard
{
    private const double Width = 480;
    private const double Height = 100;

    /// <param name="page">The page.</param>
    /// <param name="board">The site.</param>
    /// <param name="now">When it was looked.</param>
    /// <param name="id">Begins the ids of its elements: what was open is found by them when the page is refreshed.</param>
    public static void Write(Markup page, SiteBoard board, DateTimeOffset now, string id)
    {
        var (health, status) = (board.Health, board.Health.Status);
        page.Open("article", ("class", $"card {health.State}"), ("aria-labelledby", id + "-name"))
            .Raw("<div class=\"top\">").Open("h3", ("id", id + "-name")).Text(health.Site).Close("h3")
            .Element("span", health.State.ToString(), "badge").Raw("</div>");
        if (health.Reasons.Count > 0) page.Raw("<ul>");
        foreach (var reason in health.Reasons)
        {
            page.Open("li", ("class", $"reason {reason.State}")).Element("strong", reason.Condition).Text(" " + reason.Message)
                .Element("p", reason.Advice, "soft").Raw("</li>");
        }
        if (health.Reasons.Count > 0) page.Raw("</ul>");
        if (status is not null) Facts(page, status, now);
        if (board.Hours.Count > 0) Chart(page, board, id);
        if (status is { Stages.Count: > 0 }) Stages(page, status, id);
        page.Raw("</article>");
    }

    private static void Facts(Markup page, SiteStatus status, DateTimeOffset now)
    {
        page.Raw("<dl>");
        Fact(page, "Last sync", status.Suspended is not null ? "Suspended" : status.Result ?? "none");
        Fact(page, "Lag", Long(status.Lag));
        FactAt(page, "Last run through", status.LastProgress, now);
        FactAt(page, "Last success", status.LastSuccess, now);
        FactAt(page, "Next due", status.Suspended is null ? status.NextDue : null, now);
        Fact(page, "Waiting in VTE", StatusPage.Number(status.OldestWaiting is null ? 0 : status.Waiting ?? 0));
        Fact(page, "Dead letters", StatusPage.Number(status.Letters));
        Fact(page, "Not confirmed yet", StatusPage.Number(status.Unconfirmed));
        if (status.SafeUpTo is { } safe) Fact(page, "Safe up to (site time)", safe.ToString("yyyy-MM-dd HH:mm:ss",
            CultureInfo.InvariantCulture));
        page.Raw("</dl>");
    }

    private static void Fact(Markup page, string name, string value) => page.Raw("<div>").Element("dt", name).Element("dd", value)
        .Raw("</div>");

    private static void FactAt(Markup page, string name, DateTimeOffset? at, DateTimeOffset now)
    {
        page.Raw("<div>").Element("dt", name).Raw("<dd>").Raw(StatusPage.Time(at));
        if (at is { } instant)
            page.Text(instant <= now ? $" ({Long(now - instant)} ago)" : $" (in {Long(instant - now)})");
        page.Raw("</dd></div>");
    }

    private static void Chart(Markup page, SiteBoard board, string id)
    {
        var hours = board.Hours;
        var most = Math.Max(1, hours.Max(hour => hour.Sent + hour.Letters + hour.Held));
        var step = Width / hours.Count;
        var (sent, letters, held) = (hours.Sum(h => h.Sent), hours.Sum(h => h.Letters), hours.Sum(h => h.Held));
        var says = $"Runs of the last {StatusPage.Number(hours.Count)} hours by the hour of the test: {StatusPage.Number(sent)} in WATS, "
            + $"{StatusPage.Number(letters)} dead letters, {StatusPage.Number(held)} held. At most {StatusPage.Number(most)} an hour.";
        page.Raw("<figure>").Open("svg", ("role", "img"), ("viewBox", Invariant($"0 0 {Width} {Height + 4}")),
            ("preserveAspectRatio", "none"), ("aria-label", says));
        for (var i = 0; i < hours.Count; i++)
        {
            var y = Height;
            Bar("sent", hours[i].Sent);
            Bar("letters", hours[i].Letters);
            Bar("held", hours[i].Held);

            void Bar(string name, long runs)
            {
                if (runs == 0) return;
                // A single dead letter among thousands must be seen.
                var height = Math.Max(2, Height * runs / most);
                y = Math.Max(0, y - height);
                page.Open("rect", ("class", name), ("x", Invariant($"{i * step + 1:0.##}")), ("y", Invariant($"{y:0.##}")),
                    ("width", Invariant($"{step - 2:0.##}")), ("height", Invariant($"{height:0.##}"))).Close("rect");
            }
        }
        page.Open("line", ("class", "axis"), ("x1", "0"), ("x2", Invariant($"{Width}")), ("y1", Invariant($"{Height + 1}")),
            ("y2", Invariant($"{Height + 1}"))).Close("line").Close("svg");
        page.Raw("<figcaption>").Element("span", "in WATS", "key k1").Element("span", "dead letters", "key k2")
            .Element("span", "held", "key k3")
            .Text($"{Hour(hours[0].Hour)} to {Hour(hours[^1].Hour.AddHours(1))}, site time; at most {StatusPage.Number(most)} an hour")
            .Raw("</figcaption>");
        page.Open("details", ("id", id + "-hours")).Element("summary", "Numbers of these hours").Open("div", ("class", "scroll"),
            ("tabindex", "0"), ("role", "region"), ("aria-label", $"Runs by hour of {board.Health.Site}"))
            .Raw("<table><thead><tr><th scope=\"col\">Hour</th><th scope=\"col\">In WATS</th><th scope=\"col\">Dead letters</th>"
                + "<th scope=\"col\">Held</th></tr></thead><tbody>");
        foreach (var hour in hours.Where(h => h.Sent + h.Letters + h.Held > 0))
        {
            page.Raw("<tr>").Open("th", ("scope", "row")).Text(hour.Hour.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture))
                .Close("th")
                .Element("td", StatusPage.Number(hour.Sent)).Element("td", StatusPage.Number(hour.Letters))
                .Element("td", StatusPage.Number(hour.Held)).Raw("</tr>");
        }
        page.Raw("</tbody></table></div></details></figure>");
    }

    private static void Stages(Markup page, SiteStatus status, string id)
    {
        page.Open("details", ("id", id + "-stages")).Element("summary", "Stages").Open("div", ("class", "scroll"), ("tabindex", "0"),
            ("role", "region"), ("aria-label", $"Stages of {status.Site}"))
            .Raw("<table class=\"text\"><thead><tr><th scope=\"col\">Stage</th><th scope=\"col\">Last attempt</th>"
                + "<th scope=\"col\">Last success</th><th scope=\"col\">Waits for</th></tr></thead><tbody>");
        foreach (var stage in status.Stages)
        {
            page.Raw("<tr>").Open("th", ("scope", "row")).Text(stage.Stage).Close("th").Raw("<td>").Raw(StatusPage.Time(stage.LastAttempt))
                .Raw("</td><td>").Raw(StatusPage.Time(stage.LastSuccess)).Raw("</td>").Element("td", stage.WaitsFor ?? "nothing")
                    .Raw("</tr>");
        }
        page.Raw("</tbody></table></div></details>");
    }

    private static string Hour(DateTime hour) => hour.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Long(TimeSpan time) => time.TotalDays >= 2 ? Invariant($"{time.TotalDays:0.#} days")
        : time.TotalHours >= 2 ? Invariant($"{time.TotalHours:0.#} hours") : time.TotalMinutes >= 2
            ? Invariant($"{time.TotalMinutes:0} minutes")
        : Invariant($"{Math.Max(0, time.TotalSeconds):0} seconds");
}
