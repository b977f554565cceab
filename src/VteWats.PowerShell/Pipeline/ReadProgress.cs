using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using VteWats.Core.Vte;

namespace VteWats.PowerShell.Pipeline;

/// <summary>
/// How far a reading has come. Asks the database nothing.
/// </summary>
internal sealed class ReadProgress
{
    private const int Activity = 7311;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    private readonly string _title;
    private readonly RemainingTime _remaining = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _shown;
    private long _count;

    public ReadProgress(string title) => _title = title;

    /// <summary>A record to show, or null when the last one is young enough.</summary>
    public ProgressRecord? Next(VteTestRun run)
    {
        _count++;
        if (_watch.Elapsed - _shown < Interval) return null;
        _shown = _watch.Elapsed;
        var record = new ProgressRecord(Activity, _title,
            string.Create(CultureInfo.CurrentCulture, $"{_count:N0} runs, at {run.Timestamp:g}"));
        if (run.Mark is { } mark) _remaining.Tell(record, mark, run.Start);
        return record;
    }

    /// <summary>Takes the progress off the screen; null when none was shown.</summary>
    public ProgressRecord? Completed() =>
        _shown == TimeSpan.Zero ? null : new ProgressRecord(Activity, _title, "Done") { RecordType = ProgressRecordType.Completed };

    public string Summary => string.Create(CultureInfo.InvariantCulture, $"{_count} runs in {_watch.Elapsed.TotalSeconds:0.0} s");
}
