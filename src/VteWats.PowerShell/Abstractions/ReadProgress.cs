using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using VteWats.Core.Time;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;

namespace VteWats.PowerShell.Abstractions;

/// <summary>
/// How far a reading has come: by the number of runs where it is known, else by the time they were made at. Asks the database nothing.
/// </summary>
internal sealed class ReadProgress
{
    private const int Activity = 7311;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    private readonly string _title;
    private readonly int? _total;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly DateTime _end;
    private readonly bool _backwards;
    private DateTime? _first;
    private TimeSpan _shown;
    private long _count;

    public ReadProgress(string title, TestRunQuery query, SiteClock clock)
    {
        _title = title;
        _total = query.First ?? (query.Ids.Count > 0 ? query.Ids.Count : null);
        _backwards = query.NewestFirst;
        var now = DateTimeOffset.UtcNow;
        _end = _backwards
            ? query.Since is { } since ? clock.ToLocal(since) : DateTime.MinValue
            : clock.ToLocal(query.Until is { } until && until < now ? until : now);
        if (!_backwards && query.Since is { } from) _first = clock.ToLocal(from);
    }

    /// <summary>A record to show, or null when the last one is young enough.</summary>
    public ProgressRecord? Next(VteTestRun run)
    {
        _count++;
        _first ??= run.Timestamp;
        if (_watch.Elapsed - _shown < Interval) return null;
        _shown = _watch.Elapsed;
        var record = new ProgressRecord(Activity, _title, string.Create(CultureInfo.CurrentCulture, $"{_count:N0} runs, at {run.Timestamp:g}"));
        var share = Share(run.Timestamp);
        if (share is not (> 0 and <= 1)) return record;
        record.PercentComplete = (int)(100 * share.Value);
        record.SecondsRemaining = (int)Math.Min(int.MaxValue, _watch.Elapsed.TotalSeconds * (1 - share.Value) / share.Value);
        return record;
    }

    /// <summary>Takes the progress off the screen; null when none was shown.</summary>
    public ProgressRecord? Completed() =>
        _shown == TimeSpan.Zero ? null : new ProgressRecord(Activity, _title, "Done") { RecordType = ProgressRecordType.Completed };

    public string Summary(SiteClock clock) => string.Create(
        CultureInfo.InvariantCulture,
        $"{_count} runs in {_watch.Elapsed.TotalSeconds:0.0} s; {clock.AmbiguousCount} local times occur twice (taken as the earlier instant), {clock.InvalidCount} never occur (taken with the offset before the gap).");

    private double? Share(DateTime at)
    {
        if (_total is { } total) return (double)_count / total;
        var whole = (_end - _first!.Value).Ticks;
        return whole == 0 || (_backwards && _end == DateTime.MinValue) ? null : (double)(at - _first.Value).Ticks / whole;
    }
}
