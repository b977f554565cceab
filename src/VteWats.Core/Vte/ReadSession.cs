namespace VteWats.Core.Vte;

/// <summary>
/// One reading of a site's test runs, shared by all runs it brings. Each run has the next sequence number; whoever has put a run where it
/// cannot be lost (in WATS, or in the dead letters) acknowledges that number. The watermark may only pass runs up to
/// <see cref="AcknowledgedPrefix"/>: a run that somebody filtered out of the pipeline stops it there, visibly.
/// </summary>
public sealed class ReadSession
{
    private readonly object _gate = new();
    private readonly bool _resend;

    // Runs that the prefix has not reached; those of them that are acknowledged have an outcome.
    private readonly Dictionary<long, SeenRun> _waiting = [];
    private readonly Dictionary<long, Action> _followers = [];
    private List<SeenRun> _acknowledged = [];
    private List<SeenRun> _passed = [];
    private long _count;
    private long _prefix;
    private long _next;
    private ReadCounts _counts = new();

    /// <param name="site">Name of the configured site.</param>
    /// <param name="sourceIdentity">Which server and database is read, without any secret.</param>
    /// <param name="checkpoint">What is known of its runs; null when it did not begin at the site's state.</param>
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

    /// <summary>What was known when it began; null when it did not begin at the site's state.</summary>
    public IReadCheckpoint? Checkpoint { get; }

    /// <summary>From where to where it goes.</summary>
    public ReadSpan Span { get; }

    /// <summary>How many runs from the first on are acknowledged without a gap. Sequence numbers start at 0.</summary>
    public long AcknowledgedPrefix
    {
        get { lock (_gate) return _prefix; }
    }

    /// <summary>How many runs are acknowledged.</summary>
    public long Acknowledged
    {
        get { lock (_gate) return _count; }
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
    /// before with the same content, or is held: it is acknowledged and must not be emitted. One that has changed since, or may have, comes
    /// back with
    /// <see cref="VteTestRun.Resend"/> set.
    /// </summary>
    public VteTestRun? Admit(VteTestRun run)
    {
        ReadMark mark;
        RunClassification known;
        lock (_gate)
        {
            if (_next == 0) Span.Begin(run.Start);
            mark = new ReadMark(this, _next++);
            if (Checkpoint is null) return run with { Mark = mark, Resend = _resend };
            known = Checkpoint.Classify(run);
            _counts = _counts.With(known);
            _waiting[mark.Sequence] = new SeenRun(run, known.Change == RunChange.Held ? known.Reason : null);
            if (known.Change == RunChange.Held) Acknowledge(mark.Sequence, RunOutcome.Held);
            else if (known.Change != RunChange.Known || _resend)
                return run with { Mark = mark, Resend = known.Resend || _resend, Unfinished = known.Reason };
            else if (known.Follows is null) Acknowledge(mark.Sequence, RunOutcome.Known);
        }
        // Outside of the lock: the other one has its own.
        known.Follows?.Session.WhenAcknowledged(known.Follows.Sequence, () => Acknowledge(mark.Sequence, RunOutcome.Known));
        return null;
    }

    /// <summary>The run of this sequence number is where it cannot be lost.</summary>
    public void Acknowledge(long sequence, RunOutcome outcome)
    {
        Action? followers;
        lock (_gate)
        {
            if (sequence < _prefix) return;
            if (!_waiting.TryGetValue(sequence, out var run)) _waiting[sequence] = run = new SeenRun(null, null);
            if (run.Outcome is null) _count++;
            run.Outcome = outcome;
            if (run.Run is not null && outcome != RunOutcome.Known) _acknowledged.Add(run);
            while (_waiting.TryGetValue(_prefix, out var next) && next.Outcome is not null)
            {
                _waiting.Remove(_prefix++);
                if (next.Run is not { } passed) continue;
                _passed.Add(next);
                LastOfPrefix = new RunPosition(passed.Timestamp, passed.Id);
            }
            _followers.Remove(sequence, out followers);
        }
        followers?.Invoke();
    }

    // Another session has met the same run: it is acknowledged there when it is here.
    private void WhenAcknowledged(long sequence, Action then)
    {
        lock (_gate)
        {
            if (sequence >= _prefix && !(_waiting.TryGetValue(sequence, out var run) && run.Outcome is not null))
            {
                _followers[sequence] = _followers.GetValueOrDefault(sequence) + then;
                return;
            }
        }
        then();
    }

    /// <summary>Timestamp and id of the last run of the acknowledged prefix; null for an empty one.</summary>
    internal RunPosition? LastOfPrefix { get; private set; }

    /// <summary>What was acknowledged since this was called last: all of it, and the part that now belongs to the prefix, in
    /// order.</summary>
    internal (IReadOnlyList<SeenRun> Runs, IReadOnlyList<SeenRun> Prefix) TakeAcknowledged()
    {
        lock (_gate)
        {
            var taken = (_acknowledged, _passed);
            (_acknowledged, _passed) = ([], []);
            return taken;
        }
    }

    /// <summary>What was taken could not be kept: it comes again.</summary>
    internal void PutBack((IReadOnlyList<SeenRun> Runs, IReadOnlyList<SeenRun> Prefix) taken)
    {
        lock (_gate)
        {
            _acknowledged = [.. taken.Runs, .. _acknowledged];
            _passed = [.. taken.Prefix, .. _passed];
        }
    }
}

/// <summary>A run that a read session brought.</summary>
internal sealed class SeenRun
{
    public SeenRun(VteTestRun? run, string? reason)
    {
        // The steps are not kept alive.
        StepCount = run?.StepCount ?? 0;
        Run = run is null ? null : run with { Steps = null, Assemblies = [] };
        Reason = reason;
    }

    /// <summary>The header; null for a run that nobody keeps.</summary>
    public VteTestRun? Run { get; }

    public int StepCount { get; }

    /// <summary>Why it is held.</summary>
    public string? Reason { get; }

    /// <summary>Null until it is acknowledged.</summary>
    public RunOutcome? Outcome { get; set; }
}
