using System.Text.Json;

namespace VteWats.Core.Wats;

/// <summary>Texts of a JSON document that may be broken.</summary>
internal static class WsjfText
{
    /// <summary>False when it is not text, or one with half of a surrogate pair, which .NET does not decode.</summary>
    public static bool TryGet(JsonElement element, out string text)
    {
        text = "";
        if (element.ValueKind != JsonValueKind.String) return false;
        try
        {
            text = element.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>For a finding, which is one line: control characters become blanks, long texts are cut.</summary>
    public static string OneLine(string text, int longest)
    {
        var cut = text.Length > longest ? string.Concat(text.AsSpan(0, longest), "…") : text;
        return cut.AsSpan().IndexOfAnyInRange('\0', '\u001f') < 0 ? cut : string.Create(cut.Length, cut, static (to, from) =>
        {
            for (var i = 0; i < from.Length; i++) to[i] = from[i] < ' ' ? ' ' : from[i];
        });
    }

    /// <summary>Index of the first character that WATS cannot store; -1 when there is none.</summary>
    public static int IndexOfForbidden(string text)
    {
        // Nearly every text is made of these alone.
        if (text.AsSpan().IndexOfAnyExceptInRange(' ', '\ud7ff') < 0) return -1;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if ((c < ' ' && c is not ('\t' or '\n' or '\r')) || c is '\ufffe' or '\uffff') return i;
            if (!char.IsSurrogate(c)) continue;
            if (!char.IsHighSurrogate(c) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1])) return i;
            i++;
        }
        return -1;
    }
}
