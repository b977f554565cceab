using System.Security;
using TimeZoneConverter;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Time;

/// <summary>Time zones by IANA or Windows id, on Windows and on Linux, with and without ICU.</summary>
internal static class TimeZones
{
    public static TimeZoneInfo Find(string id)
    {
        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById(id);
        }
        // A folder of the zone database ("Europe") or a stray file under it is not a zone either.
        catch (Exception e) when (e is TimeZoneNotFoundException or InvalidTimeZoneException or SecurityException or IOException
            or UnauthorizedAccessException)
        {
            if (TZConvert.TryGetTimeZoneInfo(id, out var zone)) return zone;
            throw new VteWatsException(
                ErrorKind.ConfigurationInvalid, $"'{id}' is not a time zone that this computer knows.{Suggest(id)}",
                "Use an IANA id such as Europe/Oslo, or a Windows id such as W. Europe Standard Time.", id, e);
        }
    }

    private static string Suggest(string id)
    {
        var place = id[(id.LastIndexOf('/') + 1)..];
        var near = TZConvert.KnownIanaTimeZoneNames.Concat(TZConvert.KnownWindowsTimeZoneIds)
            .Where(name => place.Length > 2 && name.Contains(place, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)
            .Take(3).ToList();
        return near.Count == 0 ? "" : $" Did you mean {string.Join(", ", near)}?";
    }
}
