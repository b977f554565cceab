using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;

namespace VteWats.Host;

/// <summary>The newest progress in one line of the terminal, at most four times a second. A redirected console gets none.</summary>
internal sealed class ProgressLine
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private readonly bool _terminal = !Console.IsErrorRedirected;
    private long _shownAt;
    private int _width;

    public void Show(ProgressRecord record)
    {
        if (!_terminal) return;
        if (record.RecordType == ProgressRecordType.Completed)
        {
            Clear();
            return;
        }
        if (_shownAt != 0 && Stopwatch.GetElapsedTime(_shownAt) < Pause) return;
        _shownAt = Stopwatch.GetTimestamp();
        var text = $"{record.Activity}: {record.StatusDescription}";
        if (record.PercentComplete >= 0) text += string.Create(CultureInfo.InvariantCulture, $" {record.PercentComplete}%");
        if (record.SecondsRemaining >= 0)
            text += string.Create(CultureInfo.InvariantCulture, $", {TimeSpan.FromSeconds(record.SecondsRemaining):c} left");
        var room = Math.Max(20, ConsoleScreen.Width - 1);
        if (text.Length > room) text = text[..room];
        Console.Error.Write("\r" + text.PadRight(Math.Min(_width, room)));
        _width = text.Length;
    }

    public void Clear()
    {
        if (_width == 0) return;
        Console.Error.Write("\r" + new string(' ', _width) + "\r");
        _width = 0;
    }
}
