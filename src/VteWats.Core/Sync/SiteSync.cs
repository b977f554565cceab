using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Core.Sync;

/// <summary>
/// One sync of one site: lease, checks, then the same line as the pipeline of cmdlets: read from the watermark on, make reports, send
/// them, move the watermark over what is acknowledged.
/// </summary>
public sealed class SiteSync
{
    private readonly SyncServices _parts;
    private readonly SyncRequest _options;
    private readonly SyncTally _tally;
    private readonly RunMapping _mapping;
    private readonly VteWatsLog _log;

    /// <param name="parts">What it is composed of.</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="tally">Counts while it runs, for whoever shows progress.</param>
    public SiteSync(SyncServices parts, SyncRequest options, SyncTally? tally = null)
    {
        _parts = parts;
        _options = options;
        _tally = tally ?? new SyncTally();
        _log = parts.Log.For<SiteSync>();
        _mapping = parts.Mapping(options.DryRun);
    }

    /// <summary>Told of each run that no report can be made of. Called by one thread at a time.</summary>
    public Func<VteWatsException, Task> OnUnmappable { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Told of each receipt, after it was counted.</summary>
    public Func<WatsReceipt, Task> OnReceipt { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Runs it. Every failure that has an id is in the summary; what was acknowledged before it is kept.</summary>
    /// <param name="stop">Stops the reading; what is being sent ends, and the watermark is saved.</param>
    public async Task<SyncSummary> RunAsync(CancellationToken stop)
    {
        var started = _parts.Time.GetUtcNow();
        var watch = Stopwatch.StartNew();
        var (ambiguous, missing) = (_parts.Clock.AmbiguousCount, _parts.Clock.InvalidCount);
        SitePosition? position = null;
        VteWatsException? error = null;
        var stopped = false;
        try
        {
            using var lease = _options.DryRun ? null
                : SyncLease.Acquire(_parts.StateFolder, _parts.Site.Name, _options.Purpose, _parts.Time);
            var source = await _parts.OpenSource(stop).ConfigureAwait(false);
            await using (source.ConfigureAwait(false))
            {
                var inDatabase = _options.DryRun || _parts.DatabaseLease is null ? null
                    : await _parts.DatabaseLease(stop).ConfigureAwait(false);
                await using (inDatabase?.ConfigureAwait(false) ?? Nothing.ConfigureAwait(false))
                {
                    position = await PositionAsync(source, stop).ConfigureAwait(false);
                    await CheckOperationsAsync(stop).ConfigureAwait(false);
                    if (_tally.WantsTotal) _tally.Total = await CountAsync(source, position.Query, stop).ConfigureAwait(false);
                    stopped = await RunAsync(source, position, stop).ConfigureAwait(false);
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
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // One site's trouble must not hold up the others, whatever it is.
            error = new VteWatsException(
                ErrorKind.Internal, $"Unexpected failure in the sync of '{_parts.Site.Name}': {e.GetType().Name}: {e.Message}",
                "This is a defect in VteWats. Keep the log file and report it with this text.", _parts.Site.Name, e);
            _log.Error(e, "{Site}: unexpected failure", _parts.Site.Name);
        }
        var summary = _tally.Summary(_parts.Site.Name, position?.Session?.Counts) with
        {
            DryRun = _options.DryRun,
            Backfill = _options.Backfill is not null,
            From = position?.From,
            To = position?.To,
            Started = started,
            Duration = watch.Elapsed,
            WasStopped = stopped,
            AmbiguousTimes = _parts.Clock.AmbiguousCount - ambiguous,
            MissingTimes = _parts.Clock.InvalidCount - missing,
            Error = error,
        };
        Log(summary);
        return summary;
    }

    private static IAsyncDisposable Nothing => new MemoryStream(0);

    private async Task<SitePosition> PositionAsync(Vte.Reading.IVteSource source, CancellationToken ct)
    {
        if (_options.Backfill is null) return new LivePosition(_parts, _options, _parts.Clock);
        var settled = await source.UtcNowAsync(ct).ConfigureAwait(false) - TimeSpan.FromSeconds(_parts.Site.Connection.SettleSeconds);
        return new BackfillPosition(_parts, _options, source.Identity, settled);
    }

    // For the progress only: a database that counts for longer than a statement may take can be read all the same, page by page.
    private async Task<long?> CountAsync(Vte.Reading.IVteSource source, Vte.Reading.TestRunQuery query, CancellationToken stop)
    {
        try
        {
            return await source.CountAsync(query, stop).ConfigureAwait(false);
        }
        catch (VteWatsException e) when (e.Error == ErrorKind.SqlTimeout)
        {
            _log.Warning(e, "{Site}: the runs could not be counted, so no remaining time is told", _parts.Site.Name);
            return null;
        }
    }

    // True when it was stopped before the end.
    private async Task<bool> RunAsync(Vte.Reading.IVteSource source, SitePosition position, CancellationToken stop)
    {
        // A stop ends the reading at once and leaves what is being sent a little time.
        using var abort = new CancellationTokenSource();
        using var link = stop.Register(() => abort.CancelAfter(_options.StopGrace));
        var unsaved = 0;
        try
        {
            var runs = ReadAsync(source, position, stop);
            await foreach (var receipt in _parts.Send(MapAsync(runs), abort.Token).WithCancellation(abort.Token).ConfigureAwait(false))
            {
                _tally.Count(receipt);
                await OnReceipt(receipt).ConfigureAwait(false);
                if (++unsaved < _parts.Sync.BatchSize) continue;
                unsaved = 0;
                Save(position);
            }
            Save(position);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Save(position);
            return true;
        }
        catch
        {
            // What is safe in WATS counts, whatever ended the rest, also whoever is told of errors and wants no more; of two failures the
            // first is told.
            try { Save(position); }
            catch (VteWatsException) { /* the runs are read again and found in WATS */ }
            throw;
        }
        if (stop.IsCancellationRequested) return true;
        var everything = position.Session is not { } reading || reading.AcknowledgedPrefix == _tally.Read + reading.Counts.Known;
        if (everything && !_options.DryRun) position.Finish();
        return false;
    }

    private void Save(SitePosition position)
    {
        if (!_options.DryRun && position.Session is { } reading) position.Save(reading);
    }

    private async IAsyncEnumerable<VteTestRun> ReadAsync(Vte.Reading.IVteSource source,
        SitePosition position, [EnumeratorCancellation] CancellationToken stop)
    {
        var runs = source.ReadAsync(position.Query, stop).GetAsyncEnumerator(stop);
        await using (runs.ConfigureAwait(false))
        {
            // The source hands out what it has read ahead without looking at the token.
            while (!stop.IsCancellationRequested)
            {
                var since = Stopwatch.GetTimestamp();
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
                var run = runs.Current;
                position.Saw(run);
                _tally.Session = run.Mark!.Session;
                _tally.CountRead();
                yield return run;
            }
        }
    }

    private async IAsyncEnumerable<WatsReport> MapAsync(IAsyncEnumerable<VteTestRun> runs)
    {
        await foreach (var run in runs.ConfigureAwait(false))
        {
            var since = Stopwatch.GetTimestamp();
            var (report, unmappable) = await _mapping.MapAsync(run).ConfigureAwait(false);
            _tally.AddMapTime(Stopwatch.GetElapsedTime(since));
            if (report is not null)
            {
                yield return report;
                continue;
            }
            _tally.CountUnmappable();
            _log.Warning("{Site}: {Problem}", _parts.Site.Name, unmappable!.Message);
            await OnUnmappable(unmappable).ConfigureAwait(false);
        }
    }

    // Once a sync: a code that WATS does not know would be refused with every single report.
    private async Task CheckOperationsAsync(CancellationToken ct)
    {
        if (_parts.ActiveOperations is null) return;
        var mapping = _parts.Site.Mapping;
        var codes = mapping.Operations.Select(rule => rule.ProcessCode).ToHashSet();
        if (mapping.DefaultProcessCode is { } standard) codes.Add(standard);
        if (codes.Count == 0) return;
        var active = await _parts.ActiveOperations(ct).ConfigureAwait(false);
        codes.ExceptWith(active);
        if (codes.Count == 0) return;
        throw new VteWatsException(
            ErrorKind.ConfigurationInvalid,
            $"The mapping of '{_parts.Site.Name}' names operations that are not active test operations in WATS: {List(codes)}. The "
            + $"active ones are: {List(active)}.",
            "Correct mapping.operations and mapping.defaultProcessCode of the site, or activate the operations in WATS. Get-WatsProcess "
            + "lists them.", _parts.Site.Name);

        static string List(IEnumerable<int> all) =>
            string.Join(", ", all.Order().Select(code => code.ToString(CultureInfo.InvariantCulture)));
    }

    private void Log(SyncSummary s)
    {
        if (s.Error is { } e) _log.Error(null, "{Site}: {Result} with {Id}: {Problem} {Advice}", s.Site, s.Result, e.Error.Id, e.Message,
            e.Advice);
        _log.Information(
            "{Site}: {Result}. Read {Read}, uploaded {Uploaded}, in WATS already {Skipped}, known {Known}, changed {Changed}, late "
            + "{Late} (at most {MostLate}), dead letters {DeadLetters}. Watermark from {From} to {To}. {Seconds} s, exit code {ExitCode}",
            s.Site, s.Result, s.Read, s.Uploaded, s.AlreadyInWats, s.Known, s.Changed, s.Late, s.MostLate, s.DeadLetters, s.From, s.To,
            s.Duration.TotalSeconds, s.ExitCode);
    }
}
