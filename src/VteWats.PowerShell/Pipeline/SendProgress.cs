using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using VteWats.Core.Wats;

namespace VteWats.PowerShell.Pipeline;

/// <summary>Counts receipts for the progress bar, at most four records a second.</summary>
internal sealed class SendProgress(string server)
{
    private readonly long _since = Stopwatch.GetTimestamp();
    private readonly RemainingTime _remaining = new();
    private long _shown;
    private int _uploaded, _skipped, _failed;

    public ProgressRecord? Count(WatsReceipt receipt)
    {
        switch (receipt.State)
        {
            case WatsReceiptState.Failed: _failed++; break;
            case WatsReceiptState.Skipped: _skipped++; break;
            default: _uploaded++; break;
        }
        if (_shown != 0 && Stopwatch.GetElapsedTime(_shown) < TimeSpan.FromMilliseconds(250)) return null;
        _shown = Stopwatch.GetTimestamp();
        var rate = (_uploaded + _skipped + _failed) / Math.Max(0.001, Stopwatch.GetElapsedTime(_since).TotalSeconds);
        var record = Record(string.Create(CultureInfo.InvariantCulture,
            $"{_uploaded} uploaded, {_skipped} skipped, {_failed} refused, {rate:0.#} a second"));
        if (receipt is { Mark: { } mark, Start: { } start }) _remaining.Tell(record, mark, start);
        return record;
    }

    public ProgressRecord? Last()
    {
        if (_shown == 0) return null;
        var done = Record("done");
        done.RecordType = ProgressRecordType.Completed;
        return done;
    }

    private ProgressRecord Record(string status) => new(4711, $"Sending reports to {server}", status);
}
