namespace VteWats.Core.Wats.Sending;

/// <summary>What is known of a report that did not get through.</summary>
internal enum Verdict
{
    /// <summary>Others got through: it is the report, if it fails once more.</summary>
    OthersPass,

    /// <summary>There was no other report to compare it with, but a few that do not get through either.</summary>
    Alone,

    /// <summary>No report got through: it is the server.</summary>
    NothingPasses,
}

/// <summary>
/// Tells a report that does not get through from a server that does not work, by what becomes of the others. A report is in doubt until
/// others have got through after it, so many that its own failures are no accident of a bad network; when no more are to come, those
/// that got through before count too, if the server is well.
/// </summary>
internal sealed class Evidence
{
    /// <summary>More reports in doubt than this, and more than <see cref="MostShare"/> of those posted, are trouble of the
    /// server.</summary>
    public const int Most = 5;

    public const double MostShare = 0.05;

    // A report whose attempts all fail is one in so many that a network as bad as the others met it would bring about.
    private const double Accident = 0.001;

    private readonly object _gate = new();
    private readonly List<Doubt> _doubts = [];
    private long _posted;
    private long _accepted;
    private long _attempts;
    private long _failures;
    private long _begun;
    private int _underWay;
    private int _suspects;
    private int _open;
    private bool _isAtRest;

    /// <summary>Posts that have ended.</summary>
    public long Posted
    {
        get { lock (_gate) return _posted; }
    }

    /// <summary>Reports that did not get through, the suspects and those in doubt.</summary>
    public int NotThrough
    {
        get { lock (_gate) return _suspects + _open; }
    }

    /// <summary>The reports in doubt where there is nothing to compare them with; none where others got through, or too many did
    /// not.</summary>
    public IReadOnlyList<Guid> Alone
    {
        get { lock (_gate) return _accepted == 0 && _open <= Most ? _doubts.ConvertAll(doubt => doubt.Id) : []; }
    }

    /// <summary>A report is going to be posted, once it is its turn.</summary>
    public void Queued()
    {
        lock (_gate) _underWay++;
    }

    /// <summary>A post begins.</summary>
    /// <returns>Its number: a report counts for those in doubt that failed before it began.</returns>
    public long Began()
    {
        lock (_gate) return ++_begun;
    }

    /// <summary>A post was ended before it had an answer.</summary>
    public void Left()
    {
        lock (_gate)
        {
            _underWay--;
            Weigh();
        }
    }

    /// <summary>A post ended with an answer of WATS about its content, and tells nothing of whether others get through.</summary>
    public void Refused(int attempts)
    {
        lock (_gate)
        {
            Count(attempts, attempts - 1);
            Weigh();
        }
    }

    /// <summary>A report got through: those that did not before are more likely to blame themselves.</summary>
    /// <param name="id">The report.</param>
    /// <param name="attempts">How often it was posted.</param>
    /// <param name="number">What <see cref="Began"/> gave.</param>
    public void Accepted(Guid id, int attempts, long number)
    {
        lock (_gate)
        {
            Count(attempts, attempts - 1);
            _accepted++;
            foreach (var doubt in _doubts)
            {
                doubt.IsSuperseded |= doubt.Id == id;
                if (doubt.IsSuperseded || number > doubt.FailedAt && Missing(doubt) <= doubt.AttemptsLeft) doubt.Decide(Verdict.OthersPass);
            }
            Weigh();
        }
    }

    /// <summary>A report that is known to fail did so once more: that tells nothing of the others.</summary>
    public void KnownFailed()
    {
        lock (_gate)
        {
            Count(0, 0);
            Weigh();
        }
    }

    /// <summary>A report did not get through; null when there are so many that it is the server.</summary>
    /// <param name="id">The report.</param>
    /// <param name="attempts">How often it was posted.</param>
    /// <param name="isAccidental">It may have been an accident of the network.</param>
    public Doubt? Failed(Guid id, int attempts, bool isAccidental)
    {
        lock (_gate)
        {
            Count(attempts, attempts);
            _open++;
            if (_suspects + _open > Math.Max(Most, MostShare * _posted)) return null;
            var doubt = new Doubt(id, attempts, isAccidental, _begun);
            _doubts.Add(doubt);
            return doubt;
        }
    }

    /// <summary>A report in doubt did not get through once more. It is in doubt again: the server may have failed meanwhile.</summary>
    public void FailedAgain(Doubt doubt, int attempts, bool isAccidental)
    {
        lock (_gate)
        {
            Count(attempts, attempts);
            doubt.FailAgain(attempts, isAccidental, _begun);
        }
    }

    /// <summary>How many more attempts must fail until it is the report, as far as the others tell; 0 when it is by now.</summary>
    public int MissingAttempts(Doubt doubt)
    {
        lock (_gate) return Missing(doubt);
    }

    /// <summary>The server answered after this report had failed.</summary>
    public void ServerIsWell(Doubt doubt)
    {
        lock (_gate)
        {
            doubt.ServerIsWell = true;
            Weigh();
        }
    }

    /// <summary>A report that was in doubt got through after all, or was put away as a suspect.</summary>
    public void Closed(Doubt doubt, bool isSuspect)
    {
        lock (_gate)
        {
            _doubts.Remove(doubt);
            _open--;
            if (!isSuspect) return;
            _suspects++;
            // They were its own, and say nothing of the network.
            _attempts -= doubt.Attempts;
            _failures -= doubt.Attempts;
        }
    }

    /// <summary>Whether no more reports come: all are there, or there is no room for more until those in doubt are decided.</summary>
    public void Rest(bool isAtRest)
    {
        lock (_gate)
        {
            _isAtRest = isAtRest;
            Weigh();
        }
    }

    private void Count(int attempts, int failures)
    {
        _underWay--;
        _posted++;
        _attempts += attempts;
        _failures += failures;
    }

    // An answer that is the same each time needs one more to be known as such. Others tell how often an attempt fails by accident, and
    // with few of them it is held to be often.
    private int Missing(Doubt doubt)
    {
        if (!doubt.IsAccidental) return Math.Max(0, 2 - doubt.Attempts);
        var share = (_failures - doubt.Attempts + 1.0) / (_attempts - doubt.Attempts + 2.0);
        return (int)Math.Clamp(Math.Ceiling(Math.Log(Accident) / Math.Log(share)) - doubt.Attempts, 0, 1000);
    }

    private void Weigh()
    {
        if (!_isAtRest || _underWay > 0 || _doubts.Exists(doubt => !doubt.ServerIsWell)) return;
        var verdict = _accepted > 0 ? Verdict.OthersPass : _open <= Most ? Verdict.Alone : Verdict.NothingPasses;
        foreach (var doubt in _doubts) doubt.Decide(verdict);
    }

    /// <summary>A report in doubt.</summary>
    internal sealed class Doubt(Guid id, int attempts, bool isAccidental, long failedAt)
    {
        private TaskCompletionSource<Verdict> _verdict = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Guid Id => id;

        /// <summary>How often it was posted.</summary>
        public int Attempts { get; private set; } = attempts;

        /// <summary>What was answered last comes and goes; or nothing was answered.</summary>
        public bool IsAccidental { get; private set; } = isAccidental;

        /// <summary>Number of the last post that had begun when it failed.</summary>
        public long FailedAt { get; private set; } = failedAt;

        /// <summary>Attempts that it may still have: one more post, the first time.</summary>
        public int AttemptsLeft { get; private set; } = 1;

        public bool ServerIsWell { get; set; }

        /// <summary>True once a later content of the same run got through: this one must not overwrite it.</summary>
        public bool IsSuperseded { get; set; }

        public Task<Verdict> Verdict => _verdict.Task;

        public void Decide(Verdict verdict) => _verdict.TrySetResult(verdict);

        public void FailAgain(int more, bool accidental, long now)
        {
            (Attempts, IsAccidental, FailedAt, AttemptsLeft, ServerIsWell) = (Attempts + more, accidental, now, 0, false);
            _verdict = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
