namespace VteWats.Core.Operating;

/// <summary>How often something took how long, in fixed buckets that add up over processes.</summary>
internal sealed class DurationHistogram(string name)
{
    /// <summary>Upper bounds of the buckets in seconds; what is longer counts in the sum and the count only.</summary>
    public static readonly double[] Bounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

    private readonly long[] _counts = new long[Bounds.Length + 1];
    private long _ticks;

    public void Add(TimeSpan duration)
    {
        var bucket = Array.FindIndex(Bounds, bound => duration.TotalSeconds <= bound);
        Interlocked.Increment(ref _counts[bucket < 0 ? Bounds.Length : bucket]);
        Interlocked.Add(ref _ticks, duration.Ticks);
    }

    /// <summary>The totals by the names under which they are kept.</summary>
    public IEnumerable<KeyValuePair<string, double>> Totals()
    {
        for (var i = 0; i < _counts.Length; i++) yield return new(Bucket(name, i), Interlocked.Read(ref _counts[i]));
        yield return new(Sum(name), TimeSpan.FromTicks(Interlocked.Read(ref _ticks)).TotalSeconds);
    }

    /// <summary>Name of a bucket's total; the last one takes what is longer than all bounds.</summary>
    public static string Bucket(string name, int bucket) => FormattableString.Invariant($"{name}_bucket_{bucket}");

    public static string Sum(string name) => name + "_sum";
}
