using TimeZoneConverter;
using VteWats.Core.Diagnostics;
using VteWats.Core.Time;

namespace VteWats.Core.Assistant;

/// <summary>Time zones that had the same time all through a history and will have it in the year to come: for the reports any of them is
/// as good as another.</summary>
internal sealed record ZoneClass(TimeZoneInfo Zone, IReadOnlyList<string> Names)
{
    // The one that a user knows, where many are the same.
    private static readonly string[] Known =
    [
        "Europe/Berlin", "Europe/London", "Europe/Helsinki", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
        "Asia/Shanghai", "Asia/Tokyo", "Asia/Kolkata", "Asia/Singapore", "Europe/Istanbul", "America/Sao_Paulo", "America/Mexico_City",
        "Australia/Sydney", "Africa/Johannesburg", "Asia/Dubai", "Asia/Bangkok", "UTC",
    ];

    /// <summary>All classes over a stretch of time; in each the preferred names come first.</summary>
    public static IReadOnlyList<ZoneClass> Between(DateTime from, DateTime to, IEnumerable<string?> preferred)
    {
        var first = preferred.OfType<string>().Concat(Known).ToList();
        var classes = new Dictionary<string, (TimeZoneInfo Zone, List<string> Names)>(StringComparer.Ordinal);
        foreach (var name in first.Concat(TZConvert.KnownIanaTimeZoneNames.Where(IsPlace).Order(StringComparer.Ordinal)).Distinct())
        {
            if (Find(name) is not { } zone) continue;
            var signature = Signature(zone, from, to);
            if (!classes.TryGetValue(signature, out var known)) classes[signature] = known = (zone, []);
            known.Names.Add(name);
        }
        return [.. classes.Values.Select(c => new ZoneClass(c.Zone, c.Names))];
    }

    public TimeSpan OffsetAt(DateTimeOffset instant) => Zone.GetUtcOffset(instant);

    /// <summary>How often an hour of local time occurs: 0 in the gap of a clock change, 2 where it is set back.</summary>
    public int Occurs(DateTime localHour)
    {
        var middle = DateTime.SpecifyKind(localHour.AddMinutes(30), DateTimeKind.Unspecified);
        return Zone.IsInvalidTime(middle) ? 0 : Zone.IsAmbiguousTime(middle) ? 2 : 1;
    }

    /// <summary>Hours of local time that do not occur once, from one time to another.</summary>
    public IEnumerable<DateTime> Changes(DateTime from, DateTime to)
    {
        for (var day = from.Date; day < to; day = day.AddDays(1))
        {
            var utc = DateTime.SpecifyKind(day, DateTimeKind.Utc);
            if (Zone.GetUtcOffset(utc.AddDays(-1)) == Zone.GetUtcOffset(utc.AddDays(2))) continue;
            for (var hour = 0; hour < 24; hour++)
                if (Occurs(day.AddHours(hour)) != 1) yield return day.AddHours(hour);
        }
    }

    private static bool IsPlace(string name) => name.Contains('/', StringComparison.Ordinal)
        && !name.StartsWith("Etc/", StringComparison.Ordinal)
        && !name.StartsWith("US/", StringComparison.Ordinal) && !name.StartsWith("SystemV/", StringComparison.Ordinal)
        && !name.StartsWith("Antarctica/", StringComparison.Ordinal) && !name.StartsWith("Canada/", StringComparison.Ordinal)
        && !name.StartsWith("Brazil/", StringComparison.Ordinal) && !name.StartsWith("Mexico/", StringComparison.Ordinal)
        && !name.StartsWith("Chile/", StringComparison.Ordinal);

    private static TimeZoneInfo? Find(string name)
    {
        try { return TimeZones.Find(name); }
        catch (VteWatsException) { return null; }
    }

    private static string Signature(TimeZoneInfo zone, DateTime from, DateTime to)
    {
        var text = new System.Text.StringBuilder();
        var last = TimeSpan.MinValue;
        for (var day = DateTime.SpecifyKind(from.Date, DateTimeKind.Utc); day < to; day = day.AddDays(1))
        {
            var offset = zone.GetUtcOffset(day);
            if (offset != last) text.Append(day.ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture)).Append(offset);
            last = offset;
        }
        return text.ToString();
    }
}
