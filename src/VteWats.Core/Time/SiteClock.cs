using VteWats.Core.Diagnostics;

namespace VteWats.Core.Time;

/// <summary>
/// Turns a site's local time into an instant and back. A local time that occurs twice is the earlier instant; one that never occurs
/// takes the offset before the gap. Both are counted, so that they can be told.
/// </summary>
public sealed class SiteClock
{
    // No offset differs from another by more, so a clock change further away than this cannot matter to a local time.
    private static readonly TimeSpan Reach = TimeSpan.FromHours(26);
    private static readonly TimeSpan Probe = TimeSpan.FromMinutes(15);

    private readonly TimeZoneInfo _zone;
    private long _ambiguous;
    private long _invalid;

    private SiteClock(string zoneId, TimeZoneInfo zone)
    {
        ZoneId = zoneId;
        _zone = zone;
    }

    /// <summary>The zone id as it was configured.</summary>
    public string ZoneId { get; }

    /// <summary>How many conversions met a local time that occurs twice.</summary>
    public long AmbiguousCount => Interlocked.Read(ref _ambiguous);

    /// <summary>How many conversions met a local time that never occurs.</summary>
    public long InvalidCount => Interlocked.Read(ref _invalid);

    /// <summary>The clock of a time zone, by its IANA or Windows id on either system.</summary>
    /// <exception cref="VteWatsException"><c>VteWats.ConfigurationInvalid</c>: no zone was named, or none has this id.</exception>
    public static SiteClock For(string? zoneId)
    {
        if (string.IsNullOrWhiteSpace(zoneId))
        {
            throw new VteWatsException(
                ErrorKind.ConfigurationInvalid,
                "No time zone is set for the site. VTE stores local times, and nothing in the database says where.",
                "Set timeZone of the site to the IANA or Windows id of the test stations' zone, such as Europe/Oslo, or use -TimeZone.");
        }
        return new SiteClock(zoneId, TimeZones.Find(zoneId.Trim()));
    }

    /// <summary>The instant of a site-local time, with the offset that makes the two agree. The kind of <paramref name="local"/> is
    /// ignored.</summary>
    public DateTimeOffset ToInstant(DateTime local)
    {
        var (before, after, earlier, later) = Readings(ref local);
        if (earlier && later && before != after)
        {
            Interlocked.Increment(ref _ambiguous);
            return new DateTimeOffset(local, before > after ? before : after);
        }
        if (!earlier && !later) Interlocked.Increment(ref _invalid);
        return new DateTimeOffset(local, later && !earlier ? after : before);
    }

    /// <summary>The last instant that a site-local time can mean: the second one where it occurs twice. Counts nothing.</summary>
    public DateTimeOffset ToLatestInstant(DateTime local)
    {
        var (before, after, earlier, later) = Readings(ref local);
        if (earlier && later) return new DateTimeOffset(local, before < after ? before : after);
        return new DateTimeOffset(local, later ? after : before);
    }

    /// <summary>What the site's clocks show at an instant; the kind is unspecified.</summary>
    public DateTime ToLocal(DateTimeOffset instant) => Shift(instant.UtcDateTime, _zone.GetUtcOffset(instant));

    /// <summary>The same instant with the offset that the site has then.</summary>
    public DateTimeOffset AtSite(DateTimeOffset instant)
    {
        var local = ToLocal(instant);
        return new DateTimeOffset(local, local - instant.UtcDateTime);
    }

    /// <summary>
    /// The smallest local time that can stand for an instant from <paramref name="instant"/> on: rows with a smaller value are older for
    /// certain. It lies before <see cref="ToLocal"/> when the clock is set back afterwards, or has just been set forward.
    /// </summary>
    public DateTime SmallestLocalFrom(DateTimeOffset instant)
    {
        var utc = instant.UtcDateTime;
        var smallest = ToLocal(instant);
        foreach (var change in Changes(utc - Margin(utc, back: true), utc + Margin(utc, back: false)))
        {
            // A clock set back later shows again what it showed before; one set forward just now leaves a gap that is read with the offset
            // before it.
            if (change.Utc > utc) smallest = Earlier(smallest, Shift(change.Utc, change.After));
            else if (Shift(utc, change.Before) < Shift(change.Utc, change.After)) smallest = Earlier(smallest, Shift(utc, change.Before));
        }
        return smallest;
    }

    /// <summary>The local time that no instant before <paramref name="instant"/> reaches: rows with this value or a larger one are not
    /// older than it.</summary>
    public DateTime LargestLocalBefore(DateTimeOffset instant)
    {
        var utc = instant.UtcDateTime;
        var largest = ToLocal(instant);
        foreach (var change in Changes(utc - Margin(utc, back: true), utc))
        {
            var shown = Shift(change.Utc, change.Before);
            if (shown > largest) largest = shown;
        }
        return largest;
    }

    // The offsets a day before and a day after, and which of them the local time really has.
    private (TimeSpan Before, TimeSpan After, bool Earlier, bool Later) Readings(ref DateTime local)
    {
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        var utc = DateTime.SpecifyKind(local, DateTimeKind.Utc);
        if (local < DateTime.MinValue + Reach || local > DateTime.MaxValue - Reach) return (TimeSpan.Zero, TimeSpan.Zero, true, true);
        var before = _zone.GetUtcOffset(utc - TimeSpan.FromDays(1));
        var after = _zone.GetUtcOffset(utc + TimeSpan.FromDays(1));
        var earlier = _zone.GetUtcOffset(utc - before) == before;
        return (before, after, earlier, before == after ? earlier : _zone.GetUtcOffset(utc - after) == after);
    }

    private List<(DateTime Utc, TimeSpan Before, TimeSpan After)> Changes(DateTime from, DateTime to)
    {
        var found = new List<(DateTime, TimeSpan, TimeSpan)>();
        var left = from;
        var offset = _zone.GetUtcOffset(left);
        while (left < to)
        {
            var right = to - left > Probe ? left + Probe : to;
            var next = _zone.GetUtcOffset(right);
            if (next != offset)
            {
                var (low, high) = (left, right);
                while (high - low > TimeSpan.FromTicks(1))
                {
                    var middle = low + (high - low) / 2;
                    if (_zone.GetUtcOffset(middle) == offset) low = middle;
                    else high = middle;
                }
                found.Add((high, offset, _zone.GetUtcOffset(high)));
                offset = next;
            }
            left = right;
        }
        return found;
    }

    private static TimeSpan Margin(DateTime utc, bool back)
    {
        var room = back ? utc - DateTime.MinValue : DateTime.MaxValue - utc;
        return room < Reach ? room : Reach;
    }

    private static DateTime Shift(DateTime utc, TimeSpan offset)
    {
        var ticks = Math.Clamp(utc.Ticks + offset.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks);
        return new DateTime(ticks, DateTimeKind.Unspecified);
    }

    private static DateTime Earlier(DateTime a, DateTime b) => a < b ? a : b;
}
