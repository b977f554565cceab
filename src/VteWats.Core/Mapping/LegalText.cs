using System.Globalization;
using System.Text;

namespace VteWats.Core.Mapping;

/// <summary>
/// Text as WATS can keep it: WATS stores XML, which knows no control characters but tab, line feed and carriage return, no U+FFFE
/// and U+FFFF, and no half surrogate pairs.
/// </summary>
internal static class LegalText
{
    /// <summary>The text without illegal characters and without blanks at its ends; null when nothing is left.</summary>
    public static string? Clean(string? text, out int removed)
    {
        removed = 0;
        if (text is null) return null;
        if (IndexOfIllegal(text, 0) >= 0) text = Replace(text, escape: false, out removed);
        text = text.Trim();
        return text.Length == 0 ? null : text;
    }

    public static string? Clean(string? text) => Clean(text, out _);

    /// <summary>What is wrong with a text of the configuration that is sent as it stands; null for nothing.</summary>
    public static string? WhatIsWrong(string text) =>
        Clean(text) is null ? "must not be empty; blanks and control characters alone do not count" : null;

    /// <summary>The trimmed text with each illegal character written as <c>\uXXXX</c>: nothing is lost. Null when there is no
    /// text.</summary>
    public static string? Escape(string? text, out int escaped)
    {
        escaped = 0;
        if (text is null) return null;
        text = text.Trim();
        if (text.Length == 0) return null;
        return IndexOfIllegal(text, 0) < 0 ? text : Replace(text, escape: true, out escaped);
    }

    public static string? Escape(string? text) => Escape(text, out _);

    /// <summary>The first <paramref name="length"/> UTF-16 code units, one less where that would split a surrogate pair.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length) return text;
        if (length > 0 && char.IsHighSurrogate(text[length - 1])) length--;
        return text[..length].TrimEnd();
    }

    private static string Replace(string text, bool escape, out int count)
    {
        var kept = new StringBuilder(text.Length + 16);
        count = 0;
        var from = 0;
        for (var at = IndexOfIllegal(text, 0); at >= 0; at = IndexOfIllegal(text, from))
        {
            kept.Append(text, from, at - from);
            if (escape) kept.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[at]:X4}");
            count++;
            from = at + 1;
        }
        return kept.Append(text, from, text.Length - from).ToString();
    }

    /// <summary>True where nothing has to go or to be written otherwise.</summary>
    public static bool IsLegal(string? text) => text is null || IndexOfIllegal(text, 0) < 0;

    private static int IndexOfIllegal(string text, int from)
    {
        // Nearly every text holds nothing but these, and that is seen many characters at a time.
        var odd = text.AsSpan(from).IndexOfAnyExceptInRange(' ', '\uD7FF');
        if (odd < 0) return -1;
        for (var i = from + odd; i < text.Length; i++)
        {
            var c = text[i];
            if (c is >= ' ' and < '\uD800') continue;
            if (c < ' ')
            {
                if (c is not ('\t' or '\n' or '\r')) return i;
            }
            else if (char.IsSurrogate(c))
            {
                if (!char.IsHighSurrogate(c) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1])) return i;
                i++;
            }
            else if (c >= '\uFFFE')
            {
                return i;
            }
        }
        return -1;
    }
}
