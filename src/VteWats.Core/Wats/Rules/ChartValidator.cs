using System.Globalization;
using System.Text.Json;

namespace VteWats.Core.Wats.Rules;

/// <summary>Validates a chart and its series.</summary>
internal static class ChartValidator
{
    public static void Validate(PropertyReader reader, JsonElement element, ReportPath place)
    {
        var chart = reader.Read(WsjfSchema.Chart, element, place);
        var count = 0;
        foreach (var (member, _) in reader.Objects(chart, WsjfSchema.ChartSeries, place))
        {
            count++;
            var here = place.Named("series", member);
            var series = reader.Read(WsjfSchema.Series, member, here);
            ValidatePoints(reader, series.Text(WsjfSchema.XData), series.Text(WsjfSchema.YData), here);
        }
        if (count > WsjfLimits.ChartSeries)
            reader.Add(Relations.SeriesCount, place,
                string.Create(CultureInfo.InvariantCulture,
                $"series is required to have at most {WsjfLimits.ChartSeries} members; it has {count}."));
    }

    private static void ValidatePoints(PropertyReader reader, string? x, string? y, ReportPath place)
    {
        if (x is not { Length: > 0 } || y is not { Length: > 0 }) return;
        var (xs, ys) = (Numbers(reader, "xdata", x, place), Numbers(reader, "ydata", y, place));
        if (xs != ys) reader.Add(Relations.SeriesEqual, place,
            string.Create(CultureInfo.InvariantCulture,
            $"xdata and ydata are required to hold equally many numbers; they hold {xs} and {ys}."));
        if (Math.Max(xs, ys) > WsjfLimits.ChartPoints)
            reader.Add(Relations.SeriesPoints, place,
                string.Create(CultureInfo.InvariantCulture,
                $"A series is required to have at most {WsjfLimits.ChartPoints} points; it has {Math.Max(xs, ys)}."));
    }

    private static int Numbers(PropertyReader reader, string name, string text, ReportPath place)
    {
        var numbers = text.Split(';');
        if (numbers.FirstOrDefault(n => !double.TryParse(n, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || !double.IsFinite(number)) is { } wrong)
            reader.Add(Relations.SeriesNumbers, place,
                $"{name} is required to hold numbers parted by semicolons; '{WsjfText.OneLine(wrong, 40)}' is none.");
        return numbers.Length;
    }
}
