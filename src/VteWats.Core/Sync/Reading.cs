using VteWats.Core.Vte;

namespace VteWats.Core.Sync;

/// <summary>
/// One reading of a site's test runs, shared by all runs it brings. Each run has the next ordinal; whoever has put a run where it
/// cannot be lost (in WATS, or in the dead letters) acknowledges that ordinal. The watermark may only pass runs up to
/// <see cref="AcknowledgedPrefix"/>: a run that somebody filtered out of the pipeline stops it there, visibly.
/// </summary>
public sealed class ReadSession
{
    private readonly object _gate = new();
    private readonly SortedSet<long> _ahead = [];
    private readonly Queue<SeenRun> _seen = new();
    private long _prefix;
    private long _forgotten;
    private long _next;
    private long _fresh;
    private ReadCounts _counts = new();

    /// <param name="site">Name of the configured site.</param>
    /// <param name="sourceIdentity">Which server and database is read, without any secret.</param>
    /// <param name="guardBand">Given when the reading begins at the site's watermark and leaves no run out: only then may it move the watermark.</param>
    /// <param name="span">From where to where it goes, as far as that is known.</param>
    public ReadSession(string site, string sourceIdentity, GuardBand? guardBand = null, ReadSpan? span = null)
    {
        Site = site;
        Span = span ?? ReadSpan.Unknown;
        SourceIdentity = sourceIdentity;
        GuardBand = guardBand;
        if (guardBand is not null) guardBand.Session = this;
    }

    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>Name of the configured site.</summary>
    public string Site { get; }

    /// <summary>Which server and database was read, without any secret: a watermark belongs to one source only.</summary>
    public string SourceIdentity { get; }

    /// <summary>What was known when the reading began; null when it did not begin at a watermark.</summary>
    public GuardBand? GuardBand { get; }

    /// <summary>From where to where it goes.</summary>
    public ReadSpan Span { get; }

    /// <summary>How many runs from the first on are acknowledged without a gap. Ordinals start at 0.</summary>
    public long AcknowledgedPrefix
    {
        get { lock (_gate) return _prefix; }
    }

    /// <summary>How many runs the source has read; those behind <see cref="AcknowledgedPrefix"/> hold the watermark up.</summary>
    public long Admitted
    {
        get { lock (_gate) return _next; }
    }

    /// <summary>What the guard band made of the runs so far.</summary>
    public ReadCounts Counts
    {
        get { lock (_gate) return _counts; }
    }

    /// <summary>
    /// Gives the run its mark: every run that a source reads passes here, in order, before anybody else sees it. Null when it was acknowledged before with the
    /// same content: it is acknowledged again and must not be emitted. One that has changed since, or may have, comes back with <see cref="VteTestRun.Resend"/> set.
    /// </summary>
    public VteTestRun? Admit(VteTestRun run)
    {
        lock (_gate)
        {
            if (_next == 0) Span.Begin(run.Start);
            var mark = new ReadMark(this, _next++);
            if (GuardBand is null) return run with { Mark = mark };
            _seen.Enqueue(new SeenRun(run.Timestamp, run.Id, run.Start, run.ContentHash ?? ""));
            var verdict = GuardBand.Classify(run);
            _counts = _counts.With(verdict, GuardBand.Lateness(run));
            if (verdict == RunChange.Known)
            {
                Acknowledge(mark.Sequence);
                return null;
            }
            var inDoubt = verdict != RunChange.Changed && _fresh++ < GuardBand.InDoubt;
            return run with { Mark = mark, Resend = verdict == RunChange.Changed || inDoubt || GuardBand.Force };
        }
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

    /// <summary>The runs of the acknowledged prefix that the watermark has not taken over yet, in order.</summary>
    internal IReadOnlyList<SeenRun> Pending()
    {
        lock (_gate) return GuardBand is null ? [] : [.. _seen.Take((int)(_prefix - _forgotten))];
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

/// <summary>The place of a run in the reading that brought it.</summary>
public sealed record ReadMark(ReadSession Session, long Sequence);

/// <summary>A run that a reading brought, as much of it as the watermark keeps.</summary>
internal sealed record SeenRun(DateTime Timestamp, Guid Id, DateTimeOffset Start, string Hash);

/// <summary>What the guard band made of the runs of a reading.</summary>
public sealed record ReadCounts
{
    /// <summary>Acknowledged before with the same content and passed over.</summary>
    public long Known { get; init; }

    /// <summary>Acknowledged before with another content.</summary>
    public long Changed { get; init; }

    /// <summary>New, but older than the watermark: they were written or committed late.</summary>
    public long Late { get; init; }

    /// <summary>How far behind the watermark the latest of them was.</summary>
    public TimeSpan MostLate { get; init; }

    internal ReadCounts With(RunChange news, TimeSpan lateness) => news switch
    {
        RunChange.Known => this with { Known = Known + 1 },
        RunChange.Changed => this with { Changed = Changed + 1 },
        RunChange.Late => this with { Late = Late + 1, MostLate = lateness > MostLate ? lateness : MostLate },
        _ => this,
    };
}
