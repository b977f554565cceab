namespace VteWats.Core.Sync;

/// <summary>
/// One reading of a site's test runs, shared by all runs it brings. Each run has the next ordinal; whoever has put a run where it
/// cannot be lost (in WATS, or in the dead letters) acknowledges that ordinal. The watermark may only pass runs up to
/// <see cref="AcknowledgedPrefix"/>: a run that somebody filtered out of the pipeline stops it there, visibly.
/// </summary>
public sealed class Reading
{
    private readonly object _gate = new();
    private readonly SortedSet<long> _ahead = [];
    private long _prefix;

    public Reading(string site, string sourceIdentity)
    {
        Site = site;
        SourceIdentity = sourceIdentity;
    }

    /// <summary>Name of the configured site.</summary>
    public string Site { get; }

    /// <summary>Which server and database was read, without any secret: a watermark belongs to one source only.</summary>
    public string SourceIdentity { get; }

    /// <summary>How many runs from the first on are acknowledged without a gap. Ordinals start at 0.</summary>
    public long AcknowledgedPrefix
    {
        get { lock (_gate) return _prefix; }
    }

    public void Acknowledge(long ordinal)
    {
        lock (_gate)
        {
            if (ordinal < _prefix) return;
            _ahead.Add(ordinal);
            while (_ahead.Remove(_prefix)) _prefix++;
        }
    }
}

/// <summary>The place of a run in the reading that brought it.</summary>
public sealed record ReadingMark(Reading Reading, long Ordinal);
