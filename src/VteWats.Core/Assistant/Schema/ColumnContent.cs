using System.Globalization;
using System.Text.RegularExpressions;
using VteWats.Core.Vte.Schema;

namespace VteWats.Core.Assistant.Schema;

/// <summary>What the values of columns say of what they are, beside their names: from -1 (cannot be) to 1.</summary>
internal static partial class ColumnContent
{
    private static readonly HashSet<string> Units = new(StringComparer.OrdinalIgnoreCase)
    {
        "V", "mV", "uV", "µV", "kV", "A", "mA", "uA", "µA", "nA", "Ohm", "kOhm", "MOhm", "mOhm", "Ω", "kΩ", "W", "mW", "dBm", "dB",
        "dBc", "Hz", "kHz", "MHz", "GHz", "s", "ms", "us", "µs", "ns", "%", "degC", "°C", "C", "K", "F", "nF", "pF", "uF", "H", "mH",
        "uH", "bar", "Pa", "kPa", "N", "Nm", "mm", "cm", "m", "g", "kg", "rpm", "deg", "ppm", "bit", "count", "pcs", "VA", "lx",
        "T", "mT", "J", "l/min",
    };

    private static readonly string[] Roles = ["TestResult", "LowLimit", "HighLimit"];

    /// <summary>A hint, added to that of the name; 0 where the content says nothing.</summary>
    public static double Of(string logical, IReadOnlyList<object?> values)
    {
        if (values.Count == 0) return 0;
        var there = values.Where(v => v is not null && v is not "").ToList();
        if (there.Count == 0) return logical is "TestName" or "Serial" or "ProductName" or "Timestamp" ? -0.6 : 0;
        var distinct = there.Distinct().Count();
        var texts = there.OfType<string>().ToList();
        return logical switch
        {
            "TestStepNumber" => distinct >= 8 ? 0.35 : distinct <= 3 ? -0.5 : 0,
            "TestResultType" => distinct <= 8 ? 0.3 : -0.6,
            "Result" => distinct <= 10 ? 0.25 : -0.5,
            "ExitCode" => 0,
            "Timestamp" => there.Count == values.Count ? 0.2 : -0.2,
            "TestUnits" when texts.Count > 0 => texts.Count(t => Units.Contains(t.Trim())) > texts.Count / 2 ? 0.6
                : texts.Average(t => t.Length) > 8 ? -0.6 : 0,
            "TestNumber" when texts.Count > 0 => texts.All(IsNumber) ? 0.3 : -0.1,
            "TestName" when texts.Count > 0 => (texts.Count(IsNumber) > texts.Count / 2 ? -0.4 : 0)
                + (texts.Count(t => Units.Contains(t.Trim())) > texts.Count / 2 ? -0.6 : 0) + (distinct >= 4 ? 0.1 : -0.1),
            "Serial" when texts.Count > 0 => distinct > texts.Count * 0.7 ? 0.4 : -0.4,
            "BatchNumber" when texts.Count > 0 => distinct > texts.Count * 0.9 && texts.Count > 20 ? -0.4 : 0,
            "Version" or "Revision" or "TestplanRevision" when texts.Count > 0 =>
                texts.Count(t => RevisionLike().IsMatch(t)) > 0.8 * texts.Count ? 0.35
                    : texts.Average(t => t.Trim().Length) > 10 ? -0.4 : 0,
            "ProductName" when texts.Count > 20 => distinct > texts.Count * 0.8 ? -0.4 : 0,
            _ => 0,
        };
    }

    /// <summary>Which columns are value, low and high limit of numeric results: the order that most rows keep, and the names.</summary>
    public static (string Value, string? Low, string? High, double Share)? Limits(CatalogueTable table, TableSamples samples)
    {
        var all = table.Columns.Where(c => TableSamples.IsReal(c.Type)).ToList();
        if (all.Count == 0) all = [.. table.Columns.Where(c => c.Type is "int" or "bigint")];
        var columns = all.OrderByDescending(c => Names(c.Name)).Take(6)
            .Select(c => (c.Name, Values: samples.Values(table, c.Name).Select(Number).ToArray())).ToList();
        (string, string?, string?, double)? best = null;
        var highest = double.MinValue;
        foreach (var value in columns)
        {
            var alone = 2 * Name("TestResult", value.Name);
            if (columns.Count < 3 && alone > highest) (highest, best) = (alone, (value.Name, null, null, 1));
            foreach (var low in columns.Where(c => c.Name != value.Name))
            {
                foreach (var high in columns.Where(c => c.Name != value.Name && c.Name != low.Name))
                {
                    var share = Kept(value.Values, low.Values, high.Values);
                    var score = alone + Name("LowLimit", low.Name) + Name("HighLimit", high.Name) + 2 * (share ?? 0);
                    if (score > highest) (highest, best) = (score, (value.Name, low.Name, high.Name, share ?? 0));
                }
            }
        }
        return best;

        double Names(string name) => Roles.Max(logical => Name(logical, name));
        static double Name(string logical, string name) => NameHints.OfColumn("TestDataNumeric", logical, name);
    }

    // Failures are few: where the roles are exchanged, hardly a row keeps the order.
    private static double? Kept(double?[] value, double?[] low, double?[] high)
    {
        var (judged, kept) = (0, 0);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] is not { } v || low[i] is not { } l || high[i] is not { } h || Math.Abs(v) > 1e30) continue;
            judged++;
            if (l <= v && v <= h && l < h) kept++;
        }
        return judged < 5 ? null : (double)kept / judged;
    }

    internal static double? Number(object? value) => value switch
    {
        null => null,
        string text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed : null,
        IConvertible other => Convert.ToDouble(other, CultureInfo.InvariantCulture),
        _ => null,
    };

    [GeneratedRegex(@"^\s*(rev\.?\s*)?[A-Za-z]?\d{0,3}([.\-]\d{1,3}){0,2}\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex RevisionLike();

    private static bool IsNumber(string text) => text.Length > 0 && text.All(c => char.IsDigit(c) || c is '.' or '-' or ' ');
}
