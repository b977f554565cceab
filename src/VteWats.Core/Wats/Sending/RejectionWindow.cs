using System.Globalization;
using System.Text.RegularExpressions;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Wats.Sending;

/// <summary>
/// What became of the last 200 runs, whether a report was made of them and whether WATS took it: when most are refused, the mapping is
/// wrong, and not the runs. Shared by whoever makes reports and whoever sends them; may be called by several threads at once.
/// </summary>
/// <param name="share">Share of refused runs, 0 to 1, from which on the mapping is held to be wrong; 0 for never.</param>
public sealed partial class RejectionWindow(double share)
{
    /// <summary>Outcomes that count.</summary>
    public const int Length = 200;

    /// <summary>Fewer refused runs than this are never a mass rejection, however large their share.</summary>
    public const int Fewest = 20;

    private readonly object _gate = new();
    private readonly Queue<Reason?> _last = new(Length + 1);
    private readonly Dictionary<string, Reason> _reasons = new(StringComparer.Ordinal);
    private int _refused;

    /// <summary>WATS took the report of a run.</summary>
    public void Accepted()
    {
        lock (_gate) Add(null);
    }

    /// <summary>No report could be made of a run, or WATS refused its content.</summary>
    /// <param name="finding">Why. Findings that differ in ids and numbers only are one; of several lines the first counts.</param>
    /// <param name="runId">The run.</param>
    /// <returns>The failure that is to stop everything; null while there are few enough.</returns>
    public VteWatsException? Refused(string finding, Guid runId)
    {
        var line = finding.AsSpan().Trim();
        if (line.IndexOfAny('\r', '\n') is >= 0 and var end) line = line[..end];
        var text = line.ToString();
        lock (_gate)
        {
            var key = Particulars().Replace(text, "#");
            if (!_reasons.TryGetValue(key, out var reason)) _reasons[key] = reason = new Reason(key, text, runId);
            reason.Count++;
            _refused++;
            Add(reason);
            return share > 0 && _refused >= Fewest && _refused >= share * _last.Count ? Failure() : null;
        }
    }

    private void Add(Reason? outcome)
    {
        _last.Enqueue(outcome);
        if (_last.Count <= Length || _last.Dequeue() is not { } oldest) return;
        _refused--;
        if (--oldest.Count == 0) _reasons.Remove(oldest.Key);
    }

    private VteWatsException Failure()
    {
        var most = _reasons.Values.MaxBy(reason => reason.Count)!;
        var text = most.Text.Length <= 300 ? most.Text : most.Text[..300] + "…";
        return new VteWatsException(
            ErrorKind.MassRejection,
            string.Create(CultureInfo.InvariantCulture,
                $"{_refused} of the last {_last.Count} runs were refused: the mapping does not fit, rather than the runs. Most often, "
                + $"{most.Count} times: {text} (test run {most.RunId:D})"),
            "Get-VteDeadLetter -Count shows all findings. Correct the mapping in the configuration, then Get-VteDeadLetter | "
            + "Send-VteDeadLetter, and start again.", most.RunId);
    }

    // Ids and numbers: what differs between runs that fail in the same way.
    [GeneratedRegex(@"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9]+")]
    private static partial Regex Particulars();

    private sealed class Reason(string key, string text, Guid runId)
    {
        public string Key => key;
        public string Text => text;
        public Guid RunId => runId;
        public int Count { get; set; }
    }
}
