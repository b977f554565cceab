using System.Globalization;
using System.Text.RegularExpressions;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Time;

/// <summary>Points in time as users give them: without an offset in the site's local time, with one an instant.</summary>
public static partial class SiteTime
{
    /// <summary>The forms of a time that a user may write.</summary>
    public const string Pattern =
        @"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,7})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?$";

    private static readonly DateTimeOffset Earliest = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The instant that <paramref name="given"/> means: a DateTimeOffset, a DateTime (local to the site unless it has a kind), or
    /// text of either in ISO form.</summary>
    /// <exception cref="VteWatsException"><c>InvalidArgument</c>: none of these.</exception>
    public static DateTimeOffset ToInstant(object given, SiteClock clock)
    {
        var instant = given switch
        {
            DateTimeOffset point => point,
            DateTime { Kind: DateTimeKind.Unspecified } local => clock.ToInstant(local),
            DateTime point => new DateTimeOffset(point),
            string text => Parse(text, clock),
            _ => throw NoTime(given),
        };
        // "Everything" is often said with the smallest time there is, which leaves no room for a guard band before it.
        return instant < Earliest ? Earliest : instant > Latest ? Latest : instant;
    }

    /// <summary>The stretch from <paramref name="since"/> to <paramref name="until"/>, each null when it is not given.</summary>
    /// <exception cref="VteWatsException"><c>InvalidArgument</c>: one is not a time, or the end lies before the begin.</exception>
    public static (DateTimeOffset? Since, DateTimeOffset? Until) Stretch(object? since, object? until, SiteClock clock)
    {
        DateTimeOffset? begin = since is null ? null : ToInstant(since, clock);
        DateTimeOffset? end = until is null ? null : ToInstant(until, clock);
        return !(begin > end) ? (begin, end) : throw new VteWatsException(
            ErrorKind.InvalidArgument,
            FormattableString.Invariant(
            $"The stretch ends before it begins: -Since is {begin:yyyy-MM-dd HH:mm:ss zzz}, -Until is {end:yyyy-MM-dd HH:mm:ss zzz}."),
            "Give -Until a later time than -Since, or leave it out.", since);
    }

    /// <summary>True when <paramref name="given"/> is an instant by itself: it bears a kind or an offset.</summary>
    /// <exception cref="VteWatsException"><c>InvalidArgument</c>: not a valid time.</exception>
    public static bool IsInstant(object given) => given switch
    {
        DateTimeOffset => true,
        DateTime point => point.Kind != DateTimeKind.Unspecified,
        string text when IsWellFormed(text.Trim()) => DateTime.Parse(
            text.Trim(), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind).Kind != DateTimeKind.Unspecified,
        _ => throw NoTime(given),
    };

    /// <summary>True for a date, or a date and a time, with or without an offset, in ISO form.</summary>
    public static bool IsWellFormed(string text) =>
        Iso().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);

    private static DateTimeOffset Parse(string text, SiteClock clock)
    {
        // The forms that a configuration takes and no others: 05.06. is another day here than there.
        if (!IsWellFormed(text.Trim())) throw NoTime(text);
        // RoundtripKind leaves a text without offset as it stands; with an offset the second parse keeps the instant.
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind | DateTimeStyles.AllowWhiteSpaces,
            out var local)) throw NoTime(text);
        return local.Kind == DateTimeKind.Unspecified ? clock.ToInstant(local) : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
    }

    private static VteWatsException NoTime(object given) => new(
        ErrorKind.InvalidArgument, $"'{Convert.ToString(given, CultureInfo.InvariantCulture)}' is not a valid time.",
        "Give the site's local time as 2026-11-01T06:00:00, or an instant with its offset as 2026-11-01T06:00:00+01:00.", given);

    [GeneratedRegex(Pattern)]
    private static partial Regex Iso();
}
