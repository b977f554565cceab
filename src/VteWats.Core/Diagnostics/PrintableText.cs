using System.Buffers;
using System.Globalization;
using System.Text;

namespace VteWats.Core.Diagnostics;

/// <summary>
/// Text from outside as it may go to a console or a log: what a terminal would obey instead of show (escape sequences, bells, line breaks,
/// marks that turn the direction of writing) is written as <c>\u001B</c>. Objects keep the text as it is; only what is told of them goes
/// through here, and what views show through <c>Formats/Printable.xslt</c>, which does the same.
/// </summary>
internal static class PrintableText
{
    private static readonly SearchValues<char> Obeyed = SearchValues.Create(
    [
        .. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7f, 0x21)).Concat([0x2028, 0x2029])
            .Concat(Enumerable.Range(0x202a, 5)).Concat(Enumerable.Range(0x2066, 4)).Select(c => (char)c),
    ]);

    /// <summary>For one line.</summary>
    public static string Line(string text) => Escape(text, keepLineEnds: false);

    /// <summary>For a text that may have several lines: their ends stay.</summary>
    public static string Lines(string text) => Escape(text, keepLineEnds: true);

    private static string Escape(string text, bool keepLineEnds)
    {
        var from = text.AsSpan().IndexOfAny(Obeyed);
        if (from < 0) return text;
        var shown = new StringBuilder(text, 0, from, text.Length + 16);
        for (var i = from; i < text.Length; i++)
        {
            var c = text[i];
            var isEnd = c == '\n' || (c == '\r' && i + 1 < text.Length && text[i + 1] == '\n');
            if (!Obeyed.Contains(c) || (keepLineEnds && isEnd)) shown.Append(c);
            else shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
        }
        return shown.ToString();
    }
}
