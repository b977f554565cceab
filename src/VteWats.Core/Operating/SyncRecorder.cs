using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Sync.State;
using VteWats.Core.Wats;

namespace VteWats.Core.Operating;

/// <summary>
/// Runs a sync and writes down how it stands, beside it: a task of its own looks at the sync's counts every few seconds. The sync waits for
/// none of that; at its end it gives the last writing five seconds. What cannot be written is in <see cref="Problem"/>, and nothing else.
/// </summary>
public sealed class SyncRecorder
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SyncServices _services;
    private readonly SyncRequest _request;
    private readonly SyncTally _tally;
    private readonly StatusStore _store;
    private readonly DurationHistogram _uploads = new(Totals.Upload);
    private readonly DurationHistogram _reading = new(Totals.SqlRead);
    private readonly Dictionary<string, double> _kept = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _told = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _started;
    private long _done;
    private long _retries;
    private DateTimeOffset? _progress;

    /// <param name="services">The parts of the sync.</param>
    /// <param name="request">What is asked for. Of a dry run nothing is written.</param>
    /// <param name="tally">Its counts.</param>
    public SyncRecorder(SyncServices services, SyncRequest request, SyncTally tally)
    {
        _services = services;
        _request = request;
        _tally = tally;
        _store = new StatusStore(services.StateFolder, services.Site.Name);
        _started = services.Time.GetUtcNow();
    }

    /// <summary>Told of each receipt, after it was counted.</summary>
    public Func<WatsReceipt, Task> OnReceipt { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Minutes between two syncs; the configured interval without it.</summary>
    public int? IntervalMinutes { get; init; }

    /// <summary>Called after the last writing, still within its patience: for what else is made of the status.</summary>
    public Action<SiteStatus>? OnWritten { get; init; }

    /// <summary>Why the status could not be written; null when it could.</summary>
    public VteWatsException? Problem { get; private set; }

    /// <summary>Runs the sync to its end.</summary>
    /// <param name="stop">Stops it, as it stops <see cref="SiteSync"/>.</param>
    public async Task<SyncSummary> RunAsync(CancellationToken stop)
    {
        using var end = new CancellationTokenSource();
        var beats = _request.DryRun ? Task.CompletedTask : Task.Run(() => BeatAsync(end.Token), CancellationToken.None);
        var summary = await new SiteSync(_services, _request, _tally) { OnReceipt = CountAsync }.RunAsync(stop).ConfigureAwait(false);
        if (_request.DryRun) return summary;
        await end.CancelAsync().ConfigureAwait(false);
        await LastlyAsync(beats, () => Write(Ended(summary))).ConfigureAwait(false);
        return summary;
    }

    /// <summary>Writes down a sync that failed before it could begin.</summary>
    public static async Task FailedAsync(string stateFolder, string site, VteWatsException error, int intervalMinutes)
    {
        var now = DateTimeOffset.UtcNow;
        var change = new StatusChange(now)
        {
            Error = error,
            Sync = before => WithError(before, error) with
            {
                Site = site,
                LastAttempt = now,
                LastBeat = now,
                LastEnd = now,
                IntervalMinutes = intervalMinutes,
                NextDue = now.AddMinutes(intervalMinutes),
                Result = nameof(SyncResult.Failed),
                Owner = Release.Owner,
                Version = Release.Version,
                Runtime = Release.Runtime,
                System = Release.System,
            },
        };
        try
        {
            await Task.Run(() => new StatusStore(stateFolder, site).Write(change)).WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (Exception e) when (e is VteWatsException or TimeoutException)
        {
            // The failure itself is told; that it could not be written down is no news beside it.
        }
    }

    private async Task BeatAsync(CancellationToken end)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Every, end).ConfigureAwait(false);
                // Not before it holds the site: one that is turned away must not write over the one that is at work.
                if (_tally.Stages.Attempt(SyncStage.Source) is not null) Write(Running());
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The sync has ended.
        }
    }

    private async Task LastlyAsync(Task beats, Action write)
    {
        try
        {
            // A writing that hangs is left behind, with the last one after it.
            await beats.ContinueWith(_ => write(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default)
                .WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Problem ??= new VteWatsException(ErrorKind.StateNotWritable,
                $"The status of '{_services.Site.Name}' was not written within {Patience.TotalSeconds:0} seconds. The sync itself went on.",
                "Look at the disk of the state folder.", _services.StateFolder);
        }
    }

    private void Write(StatusChange? change)
    {
        if (change is null) return;
        try
        {
            _store.Write(change);
            foreach (var (name, value) in change.Counts) _kept[name] = _kept.GetValueOrDefault(name) + value;
            if (change.IsLast) OnWritten?.Invoke(_store.Read(change.At));
        }
        catch (VteWatsException e)
        {
            if (Problem is null) _services.Log.For<SyncRecorder>().Warning(e, "{Site}: the status could not be written",
                _services.Site.Name);
            Problem ??= e;
        }
        catch (Exception e)
        {
            // Nothing of it may end a sync.
            Problem ??= new VteWatsException(ErrorKind.Internal, $"The status could not be written: {e.GetType().Name}: {e.Message}",
                "This is a defect in VteWats. The sync itself went on.", _services.Site.Name, e);
        }
    }

    private async Task CountAsync(WatsReceipt receipt)
    {
        if (receipt.State is WatsReceiptState.Uploaded or WatsReceiptState.Failed && receipt.Duration > TimeSpan.Zero)
        {
            _uploads.Add(receipt.Duration);
            VteWatsMeter.UploadDuration.Record(receipt.Duration.TotalSeconds, VteWatsMeter.Site(_services.Site.Name));
            if (receipt.Attempts > 1) Interlocked.Add(ref _retries, receipt.Attempts - 1);
        }
        await OnReceipt(receipt).ConfigureAwait(false);
    }

    private StatusChange Running()
    {
        var now = _services.Time.GetUtcNow();
        NoteProgress(now);
        return new StatusChange(now)
        {
            Counts = NewCounts(), Stages = Stages(), BackfillRemaining = Remaining(),
            Sync = _request.IsBeside ? null : before => WithSource(before, _tally.Position?.To, now) with
            {
                Result = "Running",
                LastBeat = now,
                Read = _tally.Read + _tally.Known,
                Uploaded = _tally.Uploaded,
                AlreadyInWats = _tally.AlreadyInWats,
                NewLetters = _tally.DeadLetters,
                Changed = _tally.Changed,
            },
        };
    }

    // Null for one that was turned away: the site's status is that of the other one.
    private StatusChange? Ended(SyncSummary summary)
    {
        if (summary.Result == SyncResult.Skipped) return null;
        var now = _services.Time.GetUtcNow();
        NoteProgress(now);
        if (summary.ReadTime > TimeSpan.Zero)
        {
            _reading.Add(summary.ReadTime);
            VteWatsMeter.SqlReadDuration.Record(summary.ReadTime.TotalSeconds, VteWatsMeter.Site(_services.Site.Name));
        }
        return new StatusChange(now)
        {
            IsLast = true, Counts = NewCounts(), Stages = Stages(), Error = summary.Error,
            BackfillRemaining = summary.Error is null && !summary.WasStopped && _request.Backfill is not null ? 0 : Remaining(),
            Sync = _request.IsBeside ? null : before => WithEnd(WithSource(before, summary.To, now), summary, now),
        };
    }

    private SiteStatus WithSource(SiteStatus before, DateTime? safeUpTo, DateTimeOffset now)
    {
        var status = before with
        {
            Site = _services.Site.Name,
            LastAttempt = _started,
            IntervalMinutes = IntervalMinutes ?? _services.Sync.IntervalMinutes,
            LetterCapacity = _services.Sync.MaxDeadLetters,
            Owner = Release.Owner,
            Version = Release.Version,
            Runtime = Release.Runtime,
            System = Release.System,
            SafeUpTo = safeUpTo ?? before.SafeUpTo,
            LastProgress = _progress ?? before.LastProgress,
            RequestsLeft = _services.RequestsLeft(),
            SourceConnected = _tally.Stages.Success(SyncStage.Source) is not null,
        };
        if (before.LettersBeforeAt is null || now - before.LettersBeforeAt > TimeSpan.FromDays(2) || before.LettersBeforeAt > now)
            status = status with { LettersBefore = before.Letters, LettersBeforeAt = now };
        if (_tally.Standing is not { } standing) return status;
        status = status with { ClockDifference = standing.ClockDifference };
        if (standing.Runs is not { } runs) return status;
        var oldest = runs.Oldest is { } first && safeUpTo > first ? safeUpTo : runs.Oldest;
        return Waiting(status, oldest, now) with { Waiting = runs.Count, NewestInSource = runs.Newest ?? status.NewestInSource };
    }

    private SiteStatus WithEnd(SiteStatus status, SyncSummary summary, DateTimeOffset now)
    {
        var whole = summary.Error is null && !summary.WasStopped;
        // A sync that read nothing while the source was ahead has not made anything safe.
        if (whole && (summary.Read > 0 || status.Waiting is null or 0)) status = Waiting(status, null, now);
        if (summary.Error is null) status = status with { ErrorId = null, Error = null, Advice = null };
        else status = WithError(status, summary.Error);
        return status with
        {
            Result = summary.Result.ToString(),
            ExitCode = summary.ExitCode,
            LastBeat = now,
            LastEnd = now,
            LastSuccess = whole ? now : status.LastSuccess,
            NextDue = now.AddMinutes(status.IntervalMinutes),
            Read = summary.Read,
            Uploaded = summary.Uploaded,
            AlreadyInWats = summary.AlreadyInWats,
            Changed = summary.Changed,
            Late = summary.Late,
            Held = summary.Held,
            Ahead = summary.Ahead,
            NewLetters = summary.DeadLetters,
            Rate = summary.Rate,
            Duration = summary.Duration,
        };
    }

    private static SiteStatus WithError(SiteStatus status, VteWatsException error) => status with
    {
        ErrorId = error.Error.Id,
        Error = error.Message,
        Advice = error.Advice,
        ExitCode = error.Error.ExitCode,
    };

    private SiteStatus Waiting(SiteStatus status, DateTime? oldest, DateTimeOffset now) => status with
    {
        OldestWaiting = oldest is { } local ? _services.Clock.ToLatestInstant(local) : null,
        WaitingSince = oldest is null ? null : status.WaitingSince ?? now,
    };

    private void NoteProgress(DateTimeOffset now)
    {
        if (_tally.Done == _done) return;
        _done = _tally.Done;
        _progress = now;
    }

    private long? Remaining() =>
        _request.Backfill is null || _tally.Total is not { } total ? null : Math.Max(0, total - _tally.Done - _tally.Known);

    private Dictionary<string, double> NewCounts()
    {
        var totals = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            [Totals.RunsRead] = _tally.Read, [Totals.ReportsSent] = _tally.Uploaded, [Totals.ReportsSkipped] = _tally.AlreadyInWats,
            [Totals.ReportsRejected] = _tally.DeadLetters, [Totals.LateRuns] = _tally.Position?.Counts.Late ?? 0,
            [Totals.Retries] = Interlocked.Read(ref _retries),
        };
        foreach (var (name, value) in totals)
        {
            VteWatsMeter.Add(name, value - _told.GetValueOrDefault(name), _services.Site.Name);
            _told[name] = value;
        }
        foreach (var (name, value) in _uploads.Totals().Concat(_reading.Totals())) totals[name] = value;
        return totals.ToDictionary(total => total.Key, total => total.Value - _kept.GetValueOrDefault(total.Key));
    }

    private List<StageStatus> Stages() =>
    [
        .. Enum.GetValues<SyncStage>().Where(stage => _tally.Stages.Attempt(stage) is not null).Select(stage => new StageStatus(
            stage.ToString(), _tally.Stages.Attempt(stage), _tally.Stages.Success(stage), _tally.Stages.WaitsFor(stage))),
    ];
}
