namespace VteWats.Core.Vte;

/// <summary>From where to where a reading goes, so that it can be told how much of it is done without asking the database.</summary>
/// <param name="from">Where it begins; null when it begins at the first run there is.</param>
/// <param name="to">Where it ends; null when it ends at the last run there is. Before <paramref name="from"/> when the newest runs come
/// first.</param>
/// <param name="total">How many runs it brings at most; null when that is not known.</param>
public sealed class ReadSpan(DateTimeOffset? from, DateTimeOffset? to, int? total)
{
    private DateTimeOffset? _from = from;

    /// <summary>A span of which nothing is known.</summary>
    public static ReadSpan Unknown { get; } = new(null, null, null);

    /// <summary>The part that is done, 0 to 1, when the run of this sequence is: by the number of runs where it is known, else by their
    /// time. Null when it cannot be told.</summary>
    public double? Share(long sequence, DateTimeOffset start)
    {
        if (total is > 0) return Math.Min(1, (sequence + 1d) / total.Value);
        if (to is null || _from is not { } begin || to == begin) return null;
        var share = (start - begin) / (to.Value - begin);
        return share is > 0 and <= 1 ? share : null;
    }

    /// <summary>The first run has come.</summary>
    internal void Begin(DateTimeOffset start)
    {
        if (to is not null) _from ??= start;
    }
}
