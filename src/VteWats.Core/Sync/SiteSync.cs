using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats;

namespace VteWats.Core.Sync;

/// <summary>
/// One sync of one site: lease, checks, then the same line as the pipeline of cmdlets: read from the watermark on, make reports, send
/// them, move the watermark over what is acknowledged.
/// </summary>
internal sealed class SiteSync
{
    private readonly SyncServices _services;
    private readonly SyncRequest _request;
    private readonly SyncTally _tally;
    private readonly RunMapping _mapping;
    private readonly VteWatsLog _log;

    /// <param name="services">What it is composed of.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="tally">Counts while it runs, for whoever shows progress.</param>
    public SiteSync(SyncServices services, SyncRequest request, SyncTally? tally = null)
    {
        _services = services;
        _request = request;
        _tally = tally ?? new SyncTally();
        _log = services.Log.For<SiteSync>();
        _tally.Stages.Time = services.Time;
        _mapping = services.Mapping(request.DryRun);
    }

    /// <summary>Told of each receipt, after it was counted.</summary>
    public Func<WatsReceipt, Task> OnReceipt { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Runs it. Every failure that has an id is in the summary; what was acknowledged before it is kept.</summary>
    /// <param name="stop">Stops the reading; what is being sent ends, and the watermark is saved.</param>
    public async Task<SyncSummary> RunAsync(CancellationToken stop)
    {
        using var scope = VteWatsLog.Scope(_request.SyncId, _services.Site.Name);
        var started = _services.Time.GetUtcNow();
        var watch = Stopwatch.StartNew();
        var (ambiguous, missing) = (_services.Clock.AmbiguousCount, _services.Clock.InvalidCount);
        SyncPosition? position = null;
        VteWatsException? error = null;
        var aftermath = new Aftermath();
        var stopped = false;
        try
        {
            using var open = _request.DryRun ? null : new StateDatabase(_services.StateFolder).KeepOpen();
            using var lease = _request.DryRun ? null
                : SyncLease.Acquire(_services.StateFolder, _services.Site.Name, _request.Purpose, _services.Time);
            if (!_request.DryRun) EnsureNotSuspended();
            (_services.DeadLetters.Lease, _services.DeadLetters.ReadSince) = (lease, started);
            _services.DeadLetters.Mapping = _services.Site.Mapping.Fingerprint();
            _tally.Stages.Try(SyncStage.Source, "the connection to the database");
            var source = await _services.OpenSource(stop).ConfigureAwait(false);
            await using (source.ConfigureAwait(false))
            {
                _tally.Stages.Done(SyncStage.Source);
                var inDatabase = lease is null || _services.DatabaseLease is null ? null
                    : await _services.DatabaseLease(stop).ConfigureAwait(false);
                await using (inDatabase?.ConfigureAwait(false) ?? Nothing.ConfigureAwait(false))
                {
                    if (_services.Journal is { } journal)
                        (journal.Lease, journal.Time, journal.DatabaseLease) = (lease, _services.Time, inDatabase);
                    position = await PositionAsync(source, lease, stop).ConfigureAwait(false);
                    var live = position as LivePosition;
                    if (live is not null && !_request.DryRun)
                        _tally.Standing = await SourceStanding.LookAsync(_services, source, live, stop).ConfigureAwait(false);
                    position.DatabaseLease = inDatabase;
                    await CheckOperationsAsync(stop).ConfigureAwait(false);
                    if (_tally.WantsTotal && position.Query is { } all)
                        _tally.Total = await CountAsync(source, all, stop).ConfigureAwait(false);
                    stopped = await RunAsync(source, position, lease, stop).ConfigureAwait(false);
                    if (lease is not null && !stopped && live is not null)
                        aftermath = await FinishAsync(source, lease, live.Checkpoint, stop).ConfigureAwait(false);
                }
            }
        }
        catch (VteWatsException e)
        {
            error = e;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            stopped = true;
        }
        catch (Exception e)
        {
            // One site's trouble must not hold up the others, whatever it is; also a wait of a library's own that ran out.
            var what = e is OperationCanceledException ? "A wait ran out, and nobody had asked for a stop," : "Unexpected failure";
            error = new VteWatsException(
                ErrorKind.Internal, $"{what} in the sync of '{_services.Site.Name}': {e.GetType().Name}: {e.Message}",
                "This is a defect in VteWats. Keep the log file and report it with this text.", _services.Site.Name, e);
            _log.Error(e, "{Site}: unexpected failure", _services.Site.Name);
        }
        finally
        {
            _services.DeadLetters.Lease = null;
        }
        var summary = _tally.Summary(_services.Site.Name, position) with
        {
            SyncId = _request.SyncId,
            DryRun = _request.DryRun,
            Backfill = _request.Backfill is not null,
            From = position?.From,
            To = position?.To,
            Started = started,
            Duration = watch.Elapsed,
            WasStopped = stopped,
            Ahead = aftermath.Ahead,
            Unconfirmed = aftermath.Unconfirmed,
            UnconfirmedForADay = aftermath.UnconfirmedForADay,
            LettersWaiting = aftermath.LettersWaiting,
            ClockWasAheadBy = (position as LivePosition)?.Checkpoint.DoubtBy,
            AmbiguousTimes = _services.Clock.AmbiguousCount - ambiguous,
            MissingTimes = _services.Clock.InvalidCount - missing,
            Error = error,
        };
        if (aftermath.Letters > 0) summary = summary with { DeadLetters = summary.DeadLetters + aftermath.Letters };
        summary = summary with { Warnings = SyncWarnings.Of(summary, _services.Sync, _services.Clock.ZoneId) };
        SyncLog.Write(_log, summary);
        return summary;
    }

    private void EnsureNotSuspended()
    {
        var site = _services.Site.Name;
        if (new Pauses(new StateDatabase(_services.StateFolder), site).Find() is not { } pause) return;
        throw new VteWatsException(
            ErrorKind.SyncSuspended,
            FormattableString.Invariant(
                $"The sync of '{site}' was suspended by {pause.Who} at {pause.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC: ") + pause.Reason,
            $"Resume-VteWatsSync -Site '{site}' lets it go on. No run is lost meanwhile: the next sync reads on where the last one ended.",
            site);
    }

    private static IAsyncDisposable Nothing => new MemoryStream(0);

    private readonly record struct Aftermath(long Ahead, long Unconfirmed, long UnconfirmedForADay, long LettersWaiting, long Letters);

    private async Task<SyncPosition> PositionAsync(IVteSource source, SyncLease? lease, CancellationToken ct)
    {
        if (_request.Remapped) return new RemappedPosition(_services, lease);
        if (_request.Backfill is null) return new LivePosition(_services, _request, lease);
        var settled = await source.UtcNowAsync(ct).ConfigureAwait(false) - TimeSpan.FromSeconds(_services.Site.Connection.SettleSeconds);
        return new BackfillPosition(_services, _request, lease, source.Identity, settled);
    }

    // What is not about new runs: those ahead of the clock, those that WATS has not shown yet, and what the ledger need not keep any
    // longer.
    private async Task<Aftermath> FinishAsync(IVteSource source, SyncLease lease, Checkpoint checkpoint, CancellationToken ct)
    {
        var future = new FutureRuns(_services, source, lease);
        await future.RunAsync(ct).ConfigureAwait(false);
        var confirmation = new Confirmation(_services, lease);
        _tally.Stages.Try(SyncStage.Confirm, "WATS to say which reports it shows");
        await confirmation.RunAsync(ct).ConfigureAwait(false);
        _tally.Stages.Done(SyncStage.Confirm);
        await confirmation.WithdrawAsync(ct).ConfigureAwait(false);
        var database = new StateDatabase(_services.StateFolder);
        var ledger = new Ledger(database, _services.Site.Name);
        var now = _services.Time.GetUtcNow();
        var timers = new Timers(database, _services.Site.Name);
        if (timers.IsDue("ledger.shrink", TimeSpan.FromDays(1), now))
        {
            // What the next sync reads again has to be known then, however old it is.
            var again = _services.Clock.SmallestLocalFrom(checkpoint.ReadFrom);
            var old = _services.Clock.ToLocal(now.AddDays(-_services.Sync.LedgerDays));
            foreach (var _ in ledger.Shrink(lease, old < again ? old : again)) ct.ThrowIfCancellationRequested();
            timers.Set(lease, "ledger.shrink", now);
        }
        return new Aftermath(
            future.Count, confirmation.Unconfirmed, ledger.CountOlder(LedgerState.Sent, now - Confirmation.GiveUpAfter),
            _services.DeadLetters.Count(),
            future.Letters + confirmation.Letters);
    }

    // For the progress only: a database that counts for longer than a statement may take can be read all the same, page by page.
    private async Task<long?> CountAsync(IVteSource source, TestRunQuery query, CancellationToken stop)
    {
        try
        {
            return await source.CountAsync(query, stop).ConfigureAwait(false);
        }
        catch (VteWatsException e) when (e.Error == ErrorKind.SqlTimeout)
        {
            _log.Warning(e, "{Site}: the runs could not be counted, so no remaining time is told", _services.Site.Name);
            return null;
        }
    }

    // True when it was stopped before the end.
    private async Task<bool> RunAsync(IVteSource source, SyncPosition position, SyncLease? lease, CancellationToken stop)
    {
        // A stop ends the reading at once and leaves what is being sent a little time.
        using var abort = new CancellationTokenSource();
        using var link = stop.Register(() => abort.CancelAfter(_request.StopGrace));
        try
        {
            var runs = ReadAsync(source, position, stop);
            var reports = MapAsync(runs, position);
            if (VerdictGate.Before(position, _services, lease) is { } gate) reports = gate.PassAsync(reports, stop);
            await foreach (var receipt in _services.Send(reports, abort.Token).WithCancellation(abort.Token)
                .ConfigureAwait(false))
            {
                _tally.Count(receipt);
                _tally.Stages.Done(SyncStage.Send);
                await OnReceipt(receipt).ConfigureAwait(false);
                await SaveAsync(position, _services.Sync.BatchSize).ConfigureAwait(false);
            }
            await SaveAsync(position, 1).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await SaveAsync(position, 1).ConfigureAwait(false);
            return true;
        }
        catch
        {
            // What is safe in WATS counts, whatever ended the rest, also whoever is told of errors and wants no more; of two failures the
            // first is told.
            try { await SaveAsync(position, 1).ConfigureAwait(false); }
            catch (VteWatsException) { /* the runs are read again and found in WATS */ }
            throw;
        }
        if (stop.IsCancellationRequested) return true;
        if (position.IsWhole && !_request.DryRun) position.Finish();
        return false;
    }

    private Task SaveAsync(SyncPosition position, long least) => _request.DryRun ? Task.CompletedTask : position.SaveAsync(least);

    private async IAsyncEnumerable<VteTestRun> ReadAsync(IVteSource source,
        SyncPosition position, [EnumeratorCancellation] CancellationToken stop)
    {
        _tally.Position = position;
        position.OnUnreadable = PutAwayAsync;
        var runs = position.ReadAsync(source, stop).GetAsyncEnumerator(stop);
        await using (runs.ConfigureAwait(false))
        {
            // The source hands out what it has read ahead without looking at the token.
            while (!stop.IsCancellationRequested)
            {
                var since = Stopwatch.GetTimestamp();
                _tally.Stages.Try(SyncStage.Source, "runs of the database");
                try
                {
                    if (!await runs.MoveNextAsync().ConfigureAwait(false)) break;
                }
                catch (OperationCanceledException) when (stop.IsCancellationRequested)
                {
                    break;
                }
                finally
                {
                    _tally.AddReadTime(Stopwatch.GetElapsedTime(since));
                }
                _tally.Stages.Done(SyncStage.Source);
                _tally.CountRead();
                yield return runs.Current;
            }
            _tally.Stages.Done(SyncStage.Source);
        }
    }

    // A row that cannot be read costs its own run alone: it waits among the letters, and is read again when somebody has mended it.
    private async Task PutAwayAsync(UnreadableRun run)
    {
        _tally.CountUnreadable(run);
        _log.About(run.Id).Warning("{Site}: {Problem}", _services.Site.Name, run.ToError().Message);
        if (_request.DryRun) return;
        await _services.DeadLetters.WriteAsync(DeadLetter.From(run)).ConfigureAwait(false);
        run.Mark.Acknowledge(RunOutcome.Letter);
    }

    private async IAsyncEnumerable<WatsReport> MapAsync(IAsyncEnumerable<VteTestRun> runs, SyncPosition position)
    {
        await foreach (var run in runs.ConfigureAwait(false))
        {
            var since = Stopwatch.GetTimestamp();
            _tally.Stages.Try(SyncStage.Map, "a report of the run");
            var (report, unmappable) = await _mapping.MapAsync(run).ConfigureAwait(false);
            _tally.AddMapTime(Stopwatch.GetElapsedTime(since));
            _tally.Stages.Done(SyncStage.Map);
            if (report is not null)
            {
                _tally.Stages.Try(SyncStage.Send, "WATS to take reports");
                yield return report;
                continue;
            }
            _tally.CountUnmappable(unmappable!, run.Id);
            _log.About(run.Id).Warning("{Site}: {Problem}", _services.Site.Name, unmappable!.Message);
            if (unmappable.Error == ErrorKind.RunUnmappable && _services.Rejections?.Refused(unmappable.Findings[0], run.Id) is { } mass)
                throw mass;
            // It brings no receipt: without this a stretch of such runs would be read again from its begin after a crash.
            await SaveAsync(position, _services.Sync.BatchSize).ConfigureAwait(false);
        }
    }

    // Once a sync: a code that WATS does not know would be refused with every single report. It concerns only the runs that map to it.
    private async Task CheckOperationsAsync(CancellationToken ct)
    {
        if (_services.ActiveOperations is null) return;
        var codes = _services.Site.Mapping.ProcessCodes();
        if (codes.Count == 0) return;
        _tally.Stages.Try(SyncStage.Send, "WATS to say which operations are active");
        var active = await _services.ActiveOperations(ct).ConfigureAwait(false);
        _tally.Stages.Done(SyncStage.Send);
        if (!codes.Overlaps(active)) throw NoOperation(codes, active);
        codes.ExceptWith(active);
        _mapping.SwitchedOff = codes;
        if (codes.Count > 0) _log.Information(
            "{Site}: the mapping names operations that are not active in WATS: {Codes}. Their runs go to the dead letters",
            _services.Site.Name, List(codes));
    }

    private VteWatsException NoOperation(IReadOnlyCollection<int> codes, IReadOnlyCollection<int> active) => new VteWatsException(
            ErrorKind.ConfigurationInvalid,
            $"The mapping of '{_services.Site.Name}' names only operations that are not active test operations in WATS: {List(codes)}. The "
            + $"active ones are: {List(active)}.",
            "Correct mapping.operations and mapping.defaultProcessCode of the site, or activate the operations in WATS. Get-WatsProcess "
            + "lists them.", _services.Site.Name);

    private static string List(IEnumerable<int> codes) =>
        string.Join(", ", codes.Order().Select(code => code.ToString(CultureInfo.InvariantCulture)));
}
