using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using VteWats.Core.Sync;

namespace VteWats.PowerShell.Pipeline;

/// <summary>Shows what a sync of one site has done so far, at most four times a second.</summary>
internal sealed class SyncProgress
{
    private readonly long _since = Stopwatch.GetTimestamp();
    private readonly int _activity;
    private readonly string _site;
    private long _shown;

    public SyncProgress(string site, int index)
    {
        _site = site;
        _activity = 7400 + index;
    }

    public SyncTally Tally { get; } = new() { WantsTotal = true };

    public async Task ShowAsync(IPipelineWriter output)
    {
        if (_shown != 0 && Stopwatch.GetElapsedTime(_shown) < TimeSpan.FromMilliseconds(250)) return;
        _shown = Stopwatch.GetTimestamp();
        var seconds = Math.Max(0.001, Stopwatch.GetElapsedTime(_since).TotalSeconds);
        var rate = Tally.Done / seconds;
        var record = Record(string.Create(
            CultureInfo.InvariantCulture,
            $"{Tally.Done} done: {Tally.Uploaded + Tally.WouldUpload} uploaded, {Tally.AlreadyInWats} in WATS already, {Tally.Changed} "
            + $"changed, {Tally.DeadLetters} dead letters, {rate:0.#} a second"));
        if (Tally.Total is > 0 and var total)
        {
            // What is passed over is counted in the total, and takes no time.
            var over = Tally.Done + Tally.Known;
            record.PercentComplete = (int)Math.Min(100, 100 * over / total);
            if (rate > 0) record.SecondsRemaining = (int)Math.Min(int.MaxValue, Math.Max(0, total - over) / rate);
        }
        await output.WriteProgressAsync(record).ConfigureAwait(false);
    }

    public async Task CompleteAsync(IPipelineWriter output)
    {
        if (_shown == 0) return;
        var record = Record("Done");
        record.RecordType = ProgressRecordType.Completed;
        await output.WriteProgressAsync(record).ConfigureAwait(false);
    }

    private ProgressRecord Record(string status) => new(_activity, $"Sync of {_site}", status);
}
