using System.Globalization;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Time;

/// <summary>Points in time as users give them: without an offset in the site's local time, with one an instant.</summary>
public static class SiteTime
{
    /// <summary>The instant that <paramref name="given"/> means: a DateTimeOffset, a DateTime (local to the site unless it has a kind), or text of either in ISO form.</summary>
    /// <exception cref="VteWatsException"><c>InvalidArgument</c>: none of these.</exception>
    public static DateTimeOffset ToInstant(object given, SiteClock clock) => given switch
    {
        DateTimeOffset instant => instant,
        DateTime { Kind: DateTimeKind.Unspecified } local => clock.ToInstant(local),
        DateTime instant => new DateTimeOffset(instant),
        string text => Parse(text, clock),
        _ => throw NoTime(given),
    };

    private static DateTimeOffset Parse(string text, SiteClock clock)
    {
        // RoundtripKind leaves a text without offset as it stands; with an offset the second parse keeps the instant.
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind | DateTimeStyles.AllowWhiteSpaces, out var local)) throw NoTime(text);
        return local.Kind == DateTimeKind.Unspecified ? clock.ToInstant(local) : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
    }

    private static VteWatsException NoTime(object given) => new(
        ErrorKind.InvalidArgument, $"'{Convert.ToString(given, CultureInfo.InvariantCulture)}' is no point in time.",
        "Give the site's local time as 2026-11-01T06:00:00, or an instant with its offset as 2026-11-01T06:00:00+01:00.", given);
}
