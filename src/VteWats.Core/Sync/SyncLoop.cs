using VteWats.Core.Diagnostics;
using VteWats.Core.IO;
using VteWats.Core.Sync.State;

namespace VteWats.Core.Sync;

/// <summary>
/// Syncs again and again: at the interval, at once when a signal file appears, and with growing pauses while every site fails. A failure
/// never ends it.
/// </summary>
public sealed class SyncLoop
{
    /// <summary>The longest pause after failures.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    private readonly Func<CancellationToken, Task<IReadOnlyList<SyncSummary>>> _sync;
    private TimeSpan _interval;
    private IReadOnlyList<SiteFiles> _sites;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Dictionary<string, FileStream> _running = new(StringComparer.Ordinal);

    /// <param name="sync">One sync of all sites. Failures are in the summaries.</param>
    /// <param name="interval">From the end of one sync to the begin of the next.</param>
    /// <param name="sites">The sites, for their signal files.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">For the jitter: many plants must not ask the same WATS server in the same second.</param>
    public SyncLoop(
        Func<CancellationToken, Task<IReadOnlyList<SyncSummary>>> sync, TimeSpan interval, IReadOnlyList<SiteFiles> sites,
        TimeProvider? time = null, Random? random = null)
    {
        _sync = sync;
        _interval = interval;
        _sites = sites;
        _time = time ?? TimeProvider.System;
        _random = random ?? Random.Shared;
    }

    /// <summary>Called every second while it pauses: it is alive.</summary>
    public Action? OnGlance { get; init; }

    /// <summary>Whether a loop runs for this site: whether anybody would take a signal.</summary>
    /// <exception cref="VteWatsException"><c>StateNotWritable</c>.</exception>
    public static bool IsRunning(SiteFiles site)
    {
        var path = LockOf(site);
        if (!File.Exists(path)) return false;
        try
        {
            using var free = FileLock.Try(path);
            return free is null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateDatabase(site.Folder).NotWritable(e);
        }
    }

    /// <summary>Asks a loop that runs for this site to sync at once.</summary>
    /// <exception cref="VteWatsException"><c>StateNotWritable</c>.</exception>
    public static void Signal(SiteFiles site)
    {
        try
        {
            OwnerOnly.MakeFolder(site.Folder);
            AtomicFile.Write(site.Signal, [], ownerOnly: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateDatabase(site.Folder).NotWritable(e);
        }
    }

    /// <summary>Goes on with another interval and other sites: the configuration was changed.</summary>
    public void Change(TimeSpan interval, IReadOnlyList<SiteFiles> sites)
    {
        (_interval, _sites) = (interval, sites);
        foreach (var path in _running.Keys.Except(sites.Select(LockOf)).ToList())
        {
            _running[path].Dispose();
            _running.Remove(path);
        }
    }

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var failures = 0;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                TakeSignals();
                var summaries = await _sync(stop).ConfigureAwait(false);
                failures = summaries.Count > 0 && summaries.All(s => s.Result == SyncResult.Failed && !s.MovedAnything) ? failures + 1 : 0;
                if (!await PauseAsync(PauseAfter(failures), stop).ConfigureAwait(false)) return;
            }
        }
        finally
        {
            foreach (var held in _running.Values) held.Dispose();
        }
    }

    /// <summary>The interval, doubled with each failure in a row up to an hour, and up to a tenth more or less by chance.</summary>
    internal TimeSpan PauseAfter(int failures)
    {
        var pause = _interval * Math.Pow(2, Math.Min(failures, 16));
        var longest = _interval > LongestPause ? _interval : LongestPause;
        return (pause > longest ? longest : pause) * (0.9 + 0.2 * _random.NextDouble());
    }

    // False when it was stopped.
    private async Task<bool> PauseAsync(TimeSpan pause, CancellationToken stop)
    {
        try
        {
            // Counted down, not measured against the clock: that may be set back by a day, and a wait that has just run out must never
            // become a negative one, which is for ever.
            for (var left = pause; left > TimeSpan.Zero && !TakeSignals(); left -= Glance)
            {
                OnGlance?.Invoke();
                await Task.Delay(left < Glance ? left : Glance, _time, stop).ConfigureAwait(false);
            }
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private bool TakeSignals()
    {
        ShowThatItRuns();
        var found = false;
        foreach (var site in _sites)
        {
            if (!File.Exists(site.Signal)) continue;
            found = true;
            try { File.Delete(site.Signal); }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) { found = false; /* else it would never end */ }
        }
        return found;
    }

    // Of two loops for a site one has the lock; the other one takes it over when that ends.
    private void ShowThatItRuns()
    {
        foreach (var path in _sites.Select(LockOf).Where(path => !_running.ContainsKey(path)))
        {
            try { if (FileLock.Try(path) is { } held) _running[path] = held; }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) { /* the sync tells so */ }
        }
    }

    private static string LockOf(SiteFiles site) => site.Lease("loop");
}
