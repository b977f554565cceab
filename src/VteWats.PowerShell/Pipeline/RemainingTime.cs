using System.Diagnostics;
using System.Management.Automation;
using VteWats.Core.Vte;

namespace VteWats.PowerShell.Pipeline;

/// <summary>Tells how much of a reading is done, and how long the rest takes at the pace so far.</summary>
internal sealed class RemainingTime
{
    private ReadSession? _reading;
    private long _since = Stopwatch.GetTimestamp();

    /// <summary>Puts both into <paramref name="record"/> where they can be told by the run that is done now.</summary>
    /// <param name="record">The progress to be shown.</param>
    /// <param name="mark">Place of the run in its read session.</param>
    /// <param name="start">Start of the run.</param>
    public void Tell(ProgressRecord record, ReadMark mark, DateTimeOffset start)
    {
        if (_reading is not null && _reading != mark.Session) _since = Stopwatch.GetTimestamp();   // the next site has a pace of its own
        _reading = mark.Session;
        if (mark.Session.Span.Share(mark.Sequence, start) is not { } share) return;
        record.PercentComplete = (int)(100 * share);
        record.SecondsRemaining = (int)Math.Min(int.MaxValue, Stopwatch.GetElapsedTime(_since).TotalSeconds * (1 - share) / share);
    }
}
