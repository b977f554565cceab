namespace VteWats.Core.Vte.Reading;

/// <summary>
/// The runs of one unit that began at the same moment, to number them in the order of their ids. WATS holds such runs to be one, so each
/// needs a number of its own, whatever is filtered and wherever a page ends.
/// </summary>
internal sealed class TwinIndex
{
    private readonly Dictionary<(object Timestamp, string Unit), List<Guid>> _groups = [];

    /// <summary>The last timestamp of the last page: its twins need not be read again when the next page begins in the midst of
    /// them.</summary>
    private object? _last;

    /// <summary>True when the page after this one need not bring the twins of its first timestamp.</summary>
    public bool Knows(PageCursor? after) => after is not null && _last is not null && _last.Equals(after.Timestamp);

    /// <summary>Takes a result set of timestamp, id, unit and serial number.</summary>
    public static List<Twin> Read(RowReader rows)
    {
        var twins = new List<Twin>();
        while (rows.ReadUncounted())
        {
            var timestamp = rows.Raw(0);
            if (rows.Guid(1) is { } id) twins.Add(new Twin(timestamp, id, UnitOf(rows.Guid(2), rows.Text(3))));
        }
        return twins;
    }

    /// <summary>Makes the twins of a complete page known, and forgets those of the pages before.</summary>
    /// <param name="twins">Those that the page brought.</param>
    /// <param name="knew">True when those of its first timestamp were known.</param>
    /// <param name="last">Its last timestamp.</param>
    public void Take(List<Twin> twins, bool knew, object? last)
    {
        foreach (var key in _groups.Keys.Where(key => !knew || !key.Timestamp.Equals(_last)).ToList()) _groups.Remove(key);
        foreach (var together in twins.Where(t => t.Unit is not null).GroupBy(t => (t.Timestamp, t.Unit!)))
            _groups[together.Key] = [.. together.Select(t => t.Id).Distinct().Order()];
        if (!(knew && Equals(last, _last))) _last = twins.Exists(t => t.Timestamp.Equals(last)) ? last : null;
    }

    /// <summary>A run that knows its number among its twins, from 0, and the twin behind it.</summary>
    public VteTestRun Mark(object timestamp, VteTestRun run)
    {
        var unit = UnitOf(run.Unit.Id, run.Unit.SerialNumber);
        if (unit is null || !_groups.TryGetValue((timestamp, unit), out var group)) return run;
        var place = group.BinarySearch(run.Id);
        // Written since its timestamp was looked at.
        if (place < 0) group.Insert(place = ~place, run.Id);
        return group.Count == 1 ? run
            : run with { DuplicateIndex = place, NextTwin = place + 1 < group.Count ? group[place + 1] : null };
    }

    // By the serial number where there is one: a unit may be entered twice.
    private static string? UnitOf(Guid? id, string? serial) =>
        serial?.Trim(' ') is { Length: > 0 } number ? "S" + number.ToUpperInvariant() : id is { } unit ? $"U{unit}" : null;
}

/// <summary>A run that shares its timestamp with another.</summary>
/// <param name="Timestamp">As the database gave it.</param>
/// <param name="Id">The run's id.</param>
/// <param name="Unit">What tells units apart; null where nothing does.</param>
internal readonly record struct Twin(object Timestamp, Guid Id, string? Unit);
