using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats.Html;
using static System.FormattableString;
using static VteWats.Core.Operating.Evidence.EvidenceCharts;
using static VteWats.Core.Operating.Page.StatusPage;

namespace VteWats.Core.Operating.Evidence;

/// <summary>The evidence as one page with nothing that is fetched from elsewhere, no script, and the hash of its own content at the
/// end.</summary>
internal static class EvidencePage
{
    /// <summary>What stands before the hash: everything before this is hashed.</summary>
    public const string HashMark = "<p id=\"hash\">";

    private const int FindingsShown = 200;

    /// <param name="data">What it tells.</param>
    /// <param name="dataHash">SHA-256 of the data as they lie beside it.</param>
    public static (byte[] Page, string Hash) Render(EvidenceData data, string dataHash)
    {
        var page = new Markup();
        page.Raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Raw("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
            .Raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">")
            .Element("title", $"Evidence of {data.Site}: VTE and WATS").Raw("<style>").Raw(EvidenceStyle.Css).Raw("</style></head><body>")
            .Raw("<a class=\"skip\" href=\"#content\">Skip to the content</a><header>")
            .Element("h1", $"Evidence: what VTE holds of {data.Site} is in WATS")
            .Element("p",
                Invariant($"{Moment(data.Since)} to {Moment(data.Until)}, made at {Moment(data.MadeAt)} by VteWats {data.Version}."),
                "soft")
            .Raw("</header><main id=\"content\" tabindex=\"-1\">");
        Verdict(page, data);
        What(page, data);
        Table(page, "Schema", "What the database has, against the profile of the site.",
            "The database is as the profile says.", ["What", "Found", "Advice"],
            data.Schema.Select(line => new[] { line.What, line.Found, line.Advice ?? "" }));
        Quality(page, data);
        Table(page, "Decisions of the mapping", "What no database says of itself, what the site has decided, and what its runs say of it.",
            "", ["Key", "Decision", "Evidence"], data.Decisions.Select(d => new[] { d.Key, d.Value, d.Evidence }));
        Accuracy(page, data.Accuracy);
        Completeness(page, data);
        ClockChanges(page, data);
        Speed(page, data);
        page.Element("h2", "First-pass yield");
        Yield(page, data.Products);
        Rows(page, "First-pass yield by product", ["Product", "#Units", "#VTE", "#WATS"], data.Products.Select(p => new[]
        {
            p.Product, Number(p.Units), Invariant($"{p.PassedInVte} ({p.InVte:P1})"),
                Invariant($"{p.PassedInWats} of {p.InWats} ({p.OfWats:P1})"),
        }));
        Table(page, "Open findings", "What is not as it should be.", "None.", ["What", "Found", "Advice"],
            data.Open.Select(line => new[] { line.What, line.Found, line.Advice ?? "" }));
        page.Element("h2", "Signature").Raw("<div class=\"sign\"><div>Name</div><div>Date</div><div>Signature</div></div></main><footer>")
            .Raw("<p class=\"soft\">The data of this page lie beside it as JSON; SHA-256 of that file: ").Element("code", dataHash)
            .Raw("</p>");
        var content = page.ToString();
        var hash = LargeValue.Hex(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
        return (Encoding.UTF8.GetBytes(content + HashMark + "SHA-256 of everything in this file before this paragraph: <code>" + hash
            + "</code></p></footer></body></html>\n"), hash);
    }

    private static void Verdict(Markup page, EvidenceData data)
    {
        var clean = data.Open.Count == 0;
        page.Open("p", ("class", clean ? "verdict good" : "verdict bad")).Text(clean
            ? "Complete and accurate: nothing is open."
            : Invariant($"{data.Open.Count} open finding{(data.Open.Count == 1 ? "" : "s")}: see the end."))
            .Close("p");
        page.Element("p",
            Invariant($"{Number(data.Days.Sum(d => d.Vte))} runs in VTE, {Number(data.Days.Sum(d => d.Wats))} of them in WATS; ")
            + Invariant($"{data.Accuracy.Compared} runs drawn at random, {Number(data.Accuracy.Fields)} fields compared, ")
            + Invariant($"{data.Accuracy.Findings.Count} of them different."));
    }

    private static void What(Markup page, EvidenceData data)
    {
        page.Element("h2", "What was compared").Raw("<dl>");
        foreach (var (name, value) in new[]
        {
            ("Source", data.Source), ("Target", data.Target + (data.TargetVersion is { } version ? $" (version {version})" : "")),
            ("Time zone", data.TimeZone), ("VteWats", $"{data.Version} on {data.Runtime}, {data.System}"),
            ("Configuration of the site", data.ConfigurationFingerprint), ("Mapping", data.MappingFingerprint),
        })
            page.Raw("<dt>").Text(name).Raw("</dt><dd>").Text(value).Raw("</dd>");
        page.Raw("</dl>");
    }

    private static void Quality(Markup page, EvidenceData data)
    {
        var quality = data.Quality;
        Table(page, "Data quality", Invariant($"{Number(quality.Runs)} runs with {Number(quality.Steps)} steps, {quality.FewestSteps} to ")
            + Invariant($"{quality.MostSteps} a run; {quality.Products.Count} products, {quality.Testplans.Count} test plans, ")
            + Invariant($"{quality.Stations.Count} stations."), "Nothing odd was found.", ["Kind", "#Count", "What becomes of it"],
            quality.Findings.Select(f => new[] { f.Kind, Number(f.Count), f.Description }));
    }

    private static void Accuracy(Markup page, EvidenceAccuracy accuracy)
    {
        page.Element("h2", "Accuracy").Element("p", Invariant($"{accuracy.Drawn} runs were drawn at random (seed {accuracy.Seed}), ")
            + "read from the database by plain statements that share no code with the mapping, and compared field by field with what WATS "
            + Invariant($"gives back: {accuracy.Compared} reports, {Number(accuracy.Fields)} fields; ")
            + Invariant($"{accuracy.NotInWats} drawn runs are not ")
            + "in WATS, and the completeness says where they are.");
        Rows(page, "Differences", ["Run", "Field", "VTE", "WATS"], accuracy.Findings.Take(FindingsShown).Select(f => new[]
        {
            f.RunId.ToString("D"), f.Field, f.Vte ?? "nothing", f.Wats ?? "nothing",
        }), "No field differs.");
        page.Element("p", "Judged anew from the limits in the database, whatever the codes say:");
        Rows(page, "Verdicts judged anew", ["What", "#Judged", "#Against", "For example"], new[]
        {
            ("Measurements against their limits", accuracy.Steps), ("Runs against their measurements", accuracy.Runs),
            ("Ranges with the low limit above the high one", accuracy.Limits),
        }.Select(j => new[] { j.Item1, Number(j.Item2.Judged), Number(j.Item2.Against), string.Join(" ", j.Item2.Examples) }));
    }

    private static void Completeness(Markup page, EvidenceData data)
    {
        page.Element("h2", "Completeness by day").Element("p",
            "VTE is counted by the database, WATS by the server, the rest by the state of VteWats. The parts of each day make up what VTE "
            + "holds.");
        Days(page, data.Days);
        Rows(page, "Completeness by day", ["Day", "#VTE", "#WATS", "#Letters", "#Held", "#Ahead", "#Waiting", "#Missing",
            "#Lag, min"],
            data.Days.Select(d => new[]
            {
                Invariant($"{d.Day:yyyy-MM-dd}"), Number(d.Vte), Number(d.Wats), Number(d.Letters), Number(d.Held), Number(d.Ahead),
                Number(d.Waiting), Number(d.Missing), d.LagMinutes is { } lag ? Invariant($"{lag:0.#}") : "",
            }).Append(
            [
                "Sum", Number(data.Days.Sum(d => d.Vte)), Number(data.Days.Sum(d => d.Wats)), Number(data.Days.Sum(d => d.Letters)),
                Number(data.Days.Sum(d => d.Held)), Number(data.Days.Sum(d => d.Ahead)), Number(data.Days.Sum(d => d.Waiting)),
                Number(data.Days.Sum(d => d.Missing)), "",
            ]));
    }

    private static void ClockChanges(Markup page, EvidenceData data)
    {
        page.Element("h2", "Times at the clock changes");
        if (data.ClockChanges.Count == 0) page.Element("p", $"The clocks of {data.TimeZone} did not change within a year.");
        foreach (var change in data.ClockChanges)
        {
            page.Element("p", Invariant($"{Moment(change.At)}: {change.Kind}."));
            Rows(page, Invariant($"Runs near {change.At:u}"), ["Run", "Station's time", "Begin, UTC", "In WATS, UTC", "Right"],
                change.Runs.Select(r => new[]
                {
                    r.RunId.ToString("D"), Invariant($"{r.Local:yyyy-MM-dd HH:mm:ss}"), Invariant($"{r.Expected:yyyy-MM-dd HH:mm:ss}"),
                    r.Wats is { } there ? Invariant($"{there:yyyy-MM-dd HH:mm:ss}") : "not there",
                    r.Wats is null ? "" : r.IsRight ? "yes" : "no",
                }), "No run within two hours of it.");
        }
    }

    private static void Speed(Markup page, EvidenceData data)
    {
        var speed = data.Speed;
        page.Element("h2", "Throughput and latency").Element("p",
            Invariant($"At most {Number(speed.MostADay)} runs a day and {Number(speed.MostAnHour)} an hour; the last sync did ")
            + (speed.LastRate is { } rate ? Invariant($"{rate:0.#} runs a second. ") : "not say how fast it was. ")
            + (speed.MedianLagMinutes is { } lag
            ? Invariant($"From a run's timestamp until WATS was known to have it: the middle run {lag:0.#} minutes, 95 of 100 within ")
            + Invariant($"{speed.LongestUsualLagMinutes:0.#} minutes. WATS is asked 10 minutes after a post at the earliest.") : "")
            + " The lag of each day stands in the table above.");
        Lag(page, data.Days);
    }

    private static void Table(Markup page, string title, string intro, string none, string[] heads, IEnumerable<string[]> rows)
    {
        page.Element("h2", title).Element("p", intro);
        Rows(page, title, heads, rows, none);
    }

    // A head that begins with # stands over figures.
    private static void Rows(Markup page, string name, string[] heads, IEnumerable<string[]> rows, string none = "None.")
    {
        var all = rows.ToList();
        if (all.Count == 0)
        {
            page.Element("p", none);
            return;
        }
        page.Open("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", name)).Raw("<table><thead><tr>");
        foreach (var head in heads)
            page.Open("th", ("scope", "col"), ("class", head[0] == '#' ? "n" : null)).Text(head.TrimStart('#')).Close("th");
        page.Raw("</tr></thead><tbody>");
        foreach (var row in all)
        {
            page.Raw("<tr>");
            for (var i = 0; i < row.Length; i++)
                page.Open(i == 0 ? "th" : "td", ("scope", i == 0 ? "row" : null), ("class", heads[i][0] == '#' ? "n" : null)).Text(row[i])
                    .Close(i == 0 ? "th" : "td");
            page.Raw("</tr>");
        }
        page.Raw("</tbody></table></div>");
    }

    private static string Moment(DateTimeOffset at) => Invariant($"{at.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
}
