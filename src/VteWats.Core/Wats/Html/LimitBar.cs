using System.Globalization;

namespace VteWats.Core.Wats.Html;

/// <summary>A measured value against its limits: in words, and as a small drawing.</summary>
internal static class LimitBar
{
    private const double Width = 160;

    /// <summary><c>4.9 ≤ x ≤ 5.1</c>, <c>≤ 0.2</c>; empty where nothing is compared.</summary>
    public static string InWords(WatsNumericMeas m)
    {
        var low = m.LowLimit is { } l ? Markup.Number(l) : "?";
        var high = m.HighLimit is { } h ? Markup.Number(h) : "?";
        return m.CompOp switch
        {
            "EQ" => $"= {low}",
            "NE" => $"≠ {low}",
            "GT" => $"> {low}",
            "GE" => $"≥ {low}",
            "LT" => $"< {low}",
            "LE" => $"≤ {low}",
            "GTLT" => $"{low} < x < {high}",
            "GTLE" => $"{low} < x ≤ {high}",
            "GELT" => $"{low} ≤ x < {high}",
            "GELE" => $"{low} ≤ x ≤ {high}",
            "LTGT" => $"x < {low} or x > {high}",
            "LTGE" => $"x < {low} or x ≥ {high}",
            "LEGT" => $"x ≤ {low} or x > {high}",
            "LEGE" => $"x ≤ {low} or x ≥ {high}",
            _ => "",
        };
    }

    /// <summary>The drawing: the range that passes, and a mark at the value, at the edge when it lies beyond. Empty where it cannot be
    /// drawn.</summary>
    public static string Svg(WatsNumericMeas m)
    {
        if (m.Value is not { } value || View(m, value) is not var (from, to) || !double.IsFinite(to - from) || to <= from) return "";
        double X(double at) => Math.Round(Math.Clamp((at - from) / (to - from), 0, 1) * Width, 2);
        var zones = Zones(m, X);
        if (zones.Count == 0) return "";
        var failed = m.Status == "F";
        var x = Math.Clamp(X(value), 3, Width - 3);
        var mark = value < from ? $"M{N(x + 3)} 3 L{N(x - 3)} 9 L{N(x + 3)} 15 Z"
            : value > to ? $"M{N(x - 3)} 3 L{N(x + 3)} 9 L{N(x - 3)} 15 Z"
            : $"M{N(x - 1.5)} 1 H{N(x + 1.5)} V17 H{N(x - 1.5)} Z";
        return $"<svg class=\"bar\" viewBox=\"0 0 {N(Width)} 18\" preserveAspectRatio=\"xMinYMid\" aria-hidden=\"true\"><rect "
            + $"class=\"rail\" x=\"0\" y=\"6\" width=\"{N(Width)}\" height=\"6\" rx=\"3\"/>"
            + string.Concat(zones.Select(
            z => $"<rect class=\"zone\" x=\"{N(z.X)}\" y=\"6\" width=\"{N(Math.Max(1.5, z.Width))}\" height=\"6\"/>"))
            + $"<path class=\"{(failed ? "mark out" : "mark")}\" d=\"{mark}\"/></svg>";
    }

    // What the drawing spans: both limits with half their distance around, or one limit in the middle with the value in sight.
    private static (double From, double To)? View(WatsNumericMeas m, double value)
    {
        if (m.LowLimit is not { } low || m.CompOp is null or "LOG") return null;
        if (m.HighLimit is { } high)
        {
            var (a, b) = low <= high ? (low, high) : (high, low);
            var span = b - a > 0 ? b - a : Reach(a, value);
            return (a - (span / 2), b + (span / 2));
        }
        var reach = Reach(low, value);
        return (low - reach, low + reach);
    }

    private static double Reach(double limit, double value) =>
        Math.Max(Math.Abs(value - limit) * 1.4, limit == 0 ? 1e-9 : Math.Abs(limit) * 0.25);

    private static List<(double X, double Width)> Zones(WatsNumericMeas m, Func<double, double> x)
    {
        var low = x(m.LowLimit ?? 0);
        var high = x(m.HighLimit ?? m.LowLimit ?? 0);
        return m.CompOp switch
        {
            "EQ" => [(Math.Max(0, low - 0.75), 1.5)],
            "NE" => [(0, Math.Max(0, low - 0.75)), (low + 0.75, Width - low - 0.75)],
            "GT" or "GE" => [(low, Width - low)],
            "LT" or "LE" => [(0, low)],
            "GTLT" or "GTLE" or "GELT" or "GELE" => high >= low ? [(low, high - low)] : [],
            "LTGT" or "LTGE" or "LEGT" or "LEGE" => [(0, low), (high, Width - high)],
            _ => [],
        };
    }

    private static string N(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
