namespace VteWats.Core.Vte;

/// <summary>
/// One reading of a site's test runs, shared by all runs it brings. Each run has the next sequence number; whoever has put a run where it
/// cannot be lost (in WATS, or in the dead letters) acknowledges that number. The watermark may only pass runs up to
/// <see cref="AcknowledgedPrefix"/>: a run that somebody filtered out of the pipeline stops it there, visibly.
/// </summary>
public sealed class ReadSession
{
    private readonly object _gate = new();
    private readonly SortedSet<long> _ahead = [];
    private readonly Queue<SeenRun> _seen = new();
    private long _prefix;
    private long _forgotten;
    private readonly bool _resend;
    private long _next;
    private ReadCounts _counts = new();

    /// <param name="site">Name of the configured site.</param>
    /// <param name="sourceIdentity">Which server and database is read, without any secret.</param>
    /// <param name="checkpoint">Given when it begins at the site's watermark and leaves no run out: only then may it move the
    /// watermark.</param>
    /// <param name="span">From where to where it goes, as far as that is known.</param>
    /// <param name="resend">Every run is to be sent again, whatever is known of it.</param>
    public ReadSession(string site, string sourceIdentity, IReadCheckpoint? checkpoint = null, ReadSpan? span = null, bool resend = false)
    {
        Site = site;
        Span = span ?? ReadSpan.Unknown;
        SourceIdentity = sourceIdentity;
        Checkpoint = checkpoint;
        _resend = resend;
        checkpoint?.Began(this);
    }

    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>Name of the configured site.</summary>
    public string Site { get; }

    /// <summary>Which server and database was read, without any secret: a watermark belongs to one source only.</summary>
    public string SourceIdentity { get; }

    /// <summary>What was known when it began; null when it did not begin at a watermark.</summary>
    public IReadCheckpoint? Checkpoint { get; }

    /// <summary>From where to where it goes.</summary>
    public ReadSpan Span { get; }

    /// <summary>How many runs from the first on are acknowledged without a gap. Sequence numbers start at 0.</summary>
    public long AcknowledgedPrefix
    {
        get { lock (_gate) return _prefix; }
    }

    /// <summary>How many runs the source has read; those behind <see cref="AcknowledgedPrefix"/> hold the watermark up.</summary>
    public long Admitted
    {
        get { lock (_gate) return _next; }
    }

    /// <summary>What became of the runs so far.</summary>
    public ReadCounts Counts
    {
        get { lock (_gate) return _counts; }
    }

    /// <summary>
    /// Gives the run its mark: every run that a source reads passes here, in order, before anybody else sees it. Null when it was
    /// acknowledged
    /// before with the same content: it is acknowledged again and must not be emitted. One that has changed since, or may have, comes back
    /// with
    /// <see cref="VteTestRun.Resend"/> set.
    /// </summary>
    public VteTestRun? Admit(VteTestRun run)
    {
        lock (_gate)
        {
            if (_next == 0) Span.Begin(run.Start);
            var mark = new ReadMark(this, _next++);
            if (Checkpoint is null) return run with { Mark = mark, Resend = _resend };
            _seen.Enqueue(new SeenRun(run.Timestamp, run.Id, run.Start, run.ContentHash ?? ""));
            var known = Checkpoint.Classify(run);
            _counts = _counts.With(known);
            if (known.Change != RunChange.Known || _resend) return run with { Mark = mark, Resend = known.Resend || _resend };
            Acknowledge(mark.Sequence);
            return null;
        }
    }

    /// <summary>The run of this sequence number is where it cannot be lost.</summary>
    public void Acknowledge(long sequence)
    {
        lock (_gate)
        {
            if (sequence < _prefix) return;
            _ahead.Add(sequence);
            while (_ahead.Remove(_prefix)) _prefix++;
        }
    }

    /// <summary>The runs of the acknowledged prefix that the watermark has not taken over yet, in order.</summary>
    internal IReadOnlyList<SeenRun> Pending()
    {
        lock (_gate) return Checkpoint is null ? [] : [.. _seen.Take((int)(_prefix - _forgotten))];
    }

    /// <summary>The watermark has the first <paramref name="count"/> of <see cref="Pending"/> on disk.</summary>
    internal void Forget(int count)
    {
        lock (_gate)
        {
            for (var i = 0; i < count; i++) _seen.Dequeue();
            _forgotten += count;
        }
    }
}

/// <summary>A run that a read session brought, as much of it as the watermark keeps.</summary>
internal sealed record SeenRun(DateTime Timestamp, Guid Id, DateTimeOffset Start, string Hash);
