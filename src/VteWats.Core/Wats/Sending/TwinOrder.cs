namespace VteWats.Core.Wats.Sending;

/// <summary>
/// Twins are runs of one unit with one start; their reports lie a tick apart, in the order of their ids. A twin that is posted may take the
/// place that a later one has in WATS, and WATS then drops the later one: so the later ones go with it, whatever WATS has of them.
/// </summary>
internal sealed class TwinOrder
{
    // Twins come close to one another: runs are read in the order of their starts.
    private const int Remembered = 10_000;

    private readonly HashSet<Key> _posted = [];
    private readonly Queue<Key> _oldest = new();

    /// <summary>True when an earlier twin is posted, so that this one must be.</summary>
    public bool MustFollow(WatsReport report) => report.Source is { DuplicateIndex: > 0 } && _posted.Contains(KeyOf(report));

    /// <summary>The report is going to be posted.</summary>
    public void Posting(WatsReport report)
    {
        if (report.Source is null || !_posted.Add(KeyOf(report))) return;
        _oldest.Enqueue(KeyOf(report));
        if (_oldest.Count > Remembered) _posted.Remove(_oldest.Dequeue());
    }

    private static Key KeyOf(WatsReport report) => new(report.Sn, report.Pn, report.ProcessCode, report.Source!.Start);

    // What WATS knows a report by, before the mapper has moved the twins apart.
    private readonly record struct Key(string? Sn, string? Pn, int? ProcessCode, DateTimeOffset Start);
}
