using System.Globalization;
using System.Text;
using VteWats.Core.Wats;

namespace VteWats.Core.Mapping;

/// <summary>Reads the text of a curve: pairs <c>x;y</c>, one a line or parted by blanks or bars.</summary>
internal static class ChartText
{
    private static readonly System.Buffers.SearchValues<char> Between = System.Buffers.SearchValues.Create(" \t\r\n|");

    /// <summary>The numbers of both axes, parted by semicolons as WATS wants them; null, with the reason, for a text that is no
    /// curve.</summary>
    public static (string X, string Y)? Read(string text, out string? problem)
    {
        var (x, y) = (new StringBuilder(), new StringBuilder());
        var points = 0;
        for (var rest = text.AsSpan().Trim(); rest.Length > 0;)
        {
            var end = rest.IndexOfAny(Between);
            var pair = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..].TrimStart();
            if (pair.Length == 0) continue;
            var part = pair.IndexOf(';');
            if (part < 0 || !IsNumber(pair[..part]) || !IsNumber(pair[(part + 1)..]))
            {
                problem = $"'{WsjfText.OneLine(pair.ToString(), 40)}' is not a pair of numbers such as 0.5;12.1";
                return null;
            }
            if (++points > WsjfLimits.ChartPoints)
            {
                problem = $"it has more than {WsjfLimits.ChartPoints} points";
                return null;
            }
            if (points > 1)
            {
                x.Append(';');
                y.Append(';');
            }
            x.Append(pair[..part]);
            y.Append(pair[(part + 1)..]);
        }
        problem = points == 0 ? "it is empty" : null;
        return points == 0 ? null : (x.ToString(), y.ToString());
    }

    private static bool IsNumber(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number);
}
