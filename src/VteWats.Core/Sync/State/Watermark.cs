namespace VteWats.Core.Sync.State;

/// <summary>How far a site's runs are safely in WATS or in the dead letters, for one source and one WATS server.</summary>
public sealed record Watermark
{
    /// <summary>Changes that are kept of each kind: moves by syncs, and changes by hand.</summary>
    public const int HistoryLength = 20;

    public required string Site { get; init; }

    /// <summary>Which server and database it counts for; empty after a change by hand, until the next sync.</summary>
    public required string Source { get; init; }

    /// <summary>Which WATS server it counts for; empty after a change by hand, until the next sync.</summary>
    public required string Target { get; init; }

    /// <summary>The last run of the part that is done; null after a reset.</summary>
    public WatermarkPosition? Position { get; init; }

    /// <summary>Raised by each change that does not come from a reading: a reading that began before it may not move the watermark any
    /// more.</summary>
    public int Generation { get; init; }

    /// <summary>Where the site begins: the census never looks before it. Null before the first sync.</summary>
    public DateTimeOffset? BeginsAt { get; init; }

    /// <summary>When somebody changed it by hand last: what was acknowledged before that, and lies behind <see cref="AskAfter"/>, is asked
    /// about again.</summary>
    internal DateTimeOffset? AskedAt { get; init; }

    /// <summary>Site-local time behind which runs are asked about after a change by hand.</summary>
    internal DateTime? AskAfter { get; init; }

    /// <summary>
    /// Set while the database's clock is behind the watermark, because it was ahead once: from this instant on everything is read again,
    /// until the clock
    /// has passed the watermark.
    /// </summary>
    public DateTimeOffset? DoubtFrom { get; init; }

    /// <summary>How far the clock was ahead when that was seen first.</summary>
    public TimeSpan? DoubtBy { get; init; }

    /// <summary>The last changes, newest last. All moves of one reading are one change.</summary>
    public IReadOnlyList<WatermarkChange> History { get; init; } = [];

    /// <summary>What is kept of a history. A sync every five minutes must not push out of sight what somebody changed by hand this
    /// morning.</summary>
    internal static IReadOnlyList<WatermarkChange> Kept(IEnumerable<WatermarkChange> history) =>
    [
        .. history.Select((change, place) => (change, place)).GroupBy(c => c.change.Session is null)
            .SelectMany(kind => kind.TakeLast(HistoryLength))
            .OrderBy(c => c.place).Select(c => c.change),
    ];

    internal bool CountsFor(string source) => Source.Length == 0 || Source == source;

    internal bool CountsForTarget(string target) => Target.Length == 0 || Target == target;

    /// <summary>The base URL of a WATS server in the one form that is compared.</summary>
    public static string TargetOf(string baseUrl)
    {
        var url = Uri.TryCreate(baseUrl, UriKind.Absolute, out var uri) ? uri.GetLeftPart(UriPartial.Path) : baseUrl;
        url = url.TrimEnd('/');
        if (url.EndsWith("/api", StringComparison.OrdinalIgnoreCase)) url = url[..^4];
        return url.TrimEnd('/').ToLowerInvariant();
    }
}

/// <summary>A place in the order of a site's runs.</summary>
/// <param name="Timestamp"><c>IndexData.Timestamp</c> as stored: site-local time.</param>
/// <param name="RunId"><c>IndexData.Index_GUID</c>.</param>
/// <param name="Instant">The timestamp as an instant; the earlier one in an hour that occurs twice.</param>
public sealed record WatermarkPosition(DateTime Timestamp, Guid RunId, DateTimeOffset Instant);

/// <summary>One change of a watermark.</summary>
/// <param name="At">When it was last written.</param>
/// <param name="Who">Account and machine.</param>
/// <param name="From">Null when there was no position.</param>
/// <param name="To">Null when it was reset.</param>
/// <param name="Why">The reason that was given, or <c>sync</c>.</param>
/// <param name="Session">Id of the reading that moved it; null for a change by hand.</param>
/// <param name="Undo">True for a change that took an earlier one back.</param>
public sealed record WatermarkChange(DateTimeOffset At, string Who, WatermarkPosition? From, WatermarkPosition? To, string Why,
    Guid? Session = null, bool Undo = false)
{
    internal long Id { get; init; }

    /// <summary>True for an entry that moved nothing: what a person decided about one run.</summary>
    public bool IsNote { get; init; }
}
