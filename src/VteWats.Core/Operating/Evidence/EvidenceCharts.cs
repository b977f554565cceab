using System.Globalization;
using VteWats.Core.Wats.Html;
using static System.FormattableString;
using static VteWats.Core.Operating.Page.StatusPage;

namespace VteWats.Core.Operating.Evidence;

/// <summary>Charts as inline SVG; each has its figures in words, and in a table beside it.</summary>
internal static class EvidenceCharts
{
    private const double Width = 1000, Height = 160;

    /// <summary>Bars of runs by day, one part a verdict.</summary>
    public static void Days(Markup page, IReadOnlyList<EvidenceDay> days)
    {
        var most = Math.Max(1, days.Count == 0 ? 1 : days.Max(day => day.Passed + day.Failed + day.Other));
        Begin(page, $"Runs by day and verdict, as WATS shows them: {Number(days.Sum(d => d.Passed))} passed, "
            + $"{Number(days.Sum(d => d.Failed))} failed, {Number(days.Sum(d => d.Other))} with an error or terminated, over "
            + $"{Number(days.Count)} days with runs; at most {Number(most)} a day.");
        var step = Width / Math.Max(1, days.Count);
        for (var i = 0; i < days.Count; i++)
        {
            var y = Height;
            foreach (var (name, runs) in new[] { ("p", days[i].Passed), ("f", days[i].Failed), ("o", days[i].Other) })
            {
                if (runs == 0) continue;
                var height = Math.Max(2, (Height - 8) * runs / most);
                y = Math.Max(0, y - height);
                Bar(page, name, i * step + step * 0.1, y, step * 0.8, height);
            }
        }
        End(page).Element("span", "passed", "key kp").Element("span", "failed", "key kf").Element("span", "error or terminated", "key ko")
            .Text(days.Count == 0 ? "no run"
                : Invariant($"{days[0].Day:yyyy-MM-dd} to {days[^1].Day:yyyy-MM-dd}; at most {Number(most)} a day"))
            .Raw("</figcaption></figure>");
    }

    /// <summary>The lag by day, on a scale of powers of ten: a backfill is years late by right.</summary>
    public static void Lag(Markup page, IReadOnlyList<EvidenceDay> days)
    {
        var with = days.Where(day => day.LagMinutes is not null).ToList();
        var most = with.Count == 0 ? 1 : Math.Max(10, with.Max(day => day.LagMinutes!.Value));
        Begin(page, with.Count == 0 ? "No lag is known."
            : Invariant($"Lag by day, from a run's timestamp until WATS was known to have it, the middle run of each day: from ")
            + Invariant($"{with.Min(d => d.LagMinutes):0.#} to {with.Max(d => d.LagMinutes):0.#} minutes."));
        var points = with.Select((day, i) => (X: (i + 0.5) * Width / with.Count,
            Y: Height - 6 - (Height - 16) * Math.Log10(1 + Math.Max(0, day.LagMinutes!.Value)) / Math.Log10(1 + most))).ToList();
        if (points.Count > 1) page.Open("polyline", ("class", "line"),
            ("points", string.Join(' ', points.Select(p => Invariant($"{p.X:0.#},{p.Y:0.#}"))))).Close("polyline");
        foreach (var (x, y) in points)
            page.Open("circle", ("class", "dot"), ("cx", Invariant($"{x:0.#}")), ("cy", Invariant($"{y:0.#}")), ("r", "3"))
            .Close("circle");
        End(page).Element("span", "middle run of the day", "key kv").Text(Invariant($"scale of powers of ten up to {most:0} minutes"))
            .Raw("</figcaption></figure>");
    }

    /// <summary>First-pass yield of the products, VTE beside WATS.</summary>
    public static void Yield(Markup page, IReadOnlyList<EvidenceYield> products)
    {
        var shown = products.Take(20).ToList();
        Begin(page, "First-pass yield by product in VTE beside WATS: " + (shown.Count == 0 ? "no unit."
            : string.Join("; ", shown.Select(p => Invariant($"{p.Product} {p.InVte:P0} and {p.OfWats:P0}"))) + "."));
        var step = Width / Math.Max(1, shown.Count);
        for (var i = 0; i < shown.Count; i++)
        {
            foreach (var (name, share, at) in new[] { ("v", shown[i].InVte, 0.15), ("w", shown[i].OfWats, 0.5) })
                Bar(page, name, i * step + step * at, Height - (Height - 8) * share, step * 0.35, Math.Max(1, (Height - 8) * share));
        }
        End(page).Element("span", "VTE", "key kv").Element("span", "WATS", "key kp")
            .Text("of the first runs of the units in the stretch, how many passed").Raw("</figcaption></figure>");
    }

    private static void Begin(Markup page, string says) => page.Raw("<figure>").Open("svg", ("role", "img"),
        ("viewBox", Invariant($"0 0 {Width} {Height}")), ("preserveAspectRatio", "none"), ("aria-label", says));

    private static Markup End(Markup page) => page.Close("svg").Raw("<figcaption>");

    private static void Bar(Markup page, string name, double x, double y, double width, double height) => page.Open("rect",
        ("class", name), ("x", Invariant($"{x:0.##}")), ("y", Invariant($"{y:0.##}")), ("width", Invariant($"{width:0.##}")),
        ("height", Invariant($"{height:0.##}"))).Close("rect");

}
