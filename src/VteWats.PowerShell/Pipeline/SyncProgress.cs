using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using VteWats.Core.Sync;
using VteWats.Core.Wats.Client;

namespace VteWats.PowerShell.Pipeline;

/// <summary>Shows what a sync of one site has done so far, at most four times a second; and every second what it waits for, while nothing
/// comes.</summary>
internal sealed class SyncProgress
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly long _since = Stopwatch.GetTimestamp();
    private readonly int _activity;
    private readonly string _site;
    private readonly WatsClient? _client;
    private long _shown, _moved = Stopwatch.GetTimestamp(), _done;

    public SyncProgress(string site, int index, WatsClient? client = null)
    {
        _site = site;
        _activity = 7400 + index;
        _client = client;
    }

    public SyncTally Tally { get; } = new() { WantsTotal = true };

    /// <summary>Is given a number every second that changes as long as the sync moves.</summary>
    public Action<long>? OnMovement { get; init; }

    /// <summary>Shows it every second until the end.</summary>
    public async Task KeepMovingAsync(IPipelineWriter output, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await Task.Delay(Every, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (end.IsCancellationRequested) return;
            OnMovement?.Invoke(Tally.Movement);
            // The pipeline is gone: nobody looks.
            try { await ShowAsync(output).ConfigureAwait(false); }
            catch (Exception e) when (e is OperationCanceledException or PipelineStoppedException) { return; }
        }
    }

    public async Task ShowAsync(IPipelineWriter output)
    {
        if (_shown != 0 && Stopwatch.GetElapsedTime(_shown) < TimeSpan.FromMilliseconds(250)) return;
        _shown = Stopwatch.GetTimestamp();
        await output.WriteProgressAsync(Now()).ConfigureAwait(false);
    }

    public async Task CompleteAsync(IPipelineWriter output)
    {
        if (_shown == 0) return;
        var record = Record("Done");
        record.RecordType = ProgressRecordType.Completed;
        await output.WriteProgressAsync(record).ConfigureAwait(false);
    }

    private ProgressRecord Now()
    {
        var seconds = Math.Max(0.001, Stopwatch.GetElapsedTime(_since).TotalSeconds);
        var rate = Tally.Done / seconds;
        if (Tally.Done != _done) (_done, _moved) = (Tally.Done, _shown);
        TimeSpan? left = null;
        var percent = -1;
        if (Tally.Total is > 0 and var total)
        {
            // What is passed over is counted in the total, and takes no time.
            var over = Tally.Done + Tally.Known;
            var rest = Math.Max(0, total - over);
            percent = (int)Math.Min(100, 100 * over / total);
            // A fresh limit lets the first minute pass at once, and nothing after it: each run is a request at least.
            var least = _client?.LeastTime(rest) ?? TimeSpan.Zero;
            if (rate > 0) left = TimeSpan.FromSeconds(Math.Min(int.MaxValue, Math.Max(rest / rate, least.TotalSeconds)));
            else if (least > TimeSpan.Zero) left = least;
        }
        var record = Record(string.Create(
            CultureInfo.InvariantCulture,
            $"{Tally.Done} done: {Tally.Uploaded + Tally.WouldUpload} uploaded, {Tally.AlreadyInWats} in WATS already, {Tally.Changed} "
            + $"changed, {Tally.DeadLetters} dead letters, {rate:0.#} a second") + Waiting(left));
        record.PercentComplete = percent;
        if (left is { } time) record.SecondsRemaining = (int)time.TotalSeconds;
        return record;
    }

    private string Waiting(TimeSpan? left)
    {
        // What comes and goes within a second is no waiting. Our own limit is told at once: it explains the pace.
        var limit = _client?.WaitsFor;
        var what = limit ?? (Stopwatch.GetElapsedTime(_moved) > Patience ? Tally.WaitsFor : null);
        if (what is null) return "";
        return $"; waits for {what}" + (limit is not null && left is { TotalMinutes: >= 1 } time
            ? string.Create(CultureInfo.InvariantCulture, $", {time.TotalMinutes:0} min left") : "");
    }

    private ProgressRecord Record(string status) => new(_activity, $"Sync of {_site}", status);
}
