using System.Globalization;
using System.Text.Json;

namespace VteWats.Core.Wats.Rules;

/// <summary>Where in a report the judge stands. Turned into text only when there is a finding.</summary>
internal sealed class Place
{
    private const int LongestName = 100;
    private readonly Place? _parent;
    private readonly string _word;
    private readonly JsonElement _named;
    private readonly int _index;

    private Place(Place? parent, string word, JsonElement named = default, int index = -1)
    {
        _parent = parent;
        _word = word;
        _named = named;
        _index = index;
    }

    public static Place Report { get; } = new(null, "report");
    public static Place Root { get; } = new(null, "root");

    public Place Child(string word) => new(this, word);
    public Place At(int index) => new(this, "Index", index: index);

    /// <summary><c>step NAME</c>, <c>loop NAME</c> or a measurement with its name.</summary>
    public Place Named(string word, JsonElement owner) => new(this, word, owner);

    public override string ToString()
    {
        var here = _index >= 0 ? string.Create(CultureInfo.InvariantCulture, $"{_word} {_index}") : _named.ValueKind == JsonValueKind.Object ? $"{_word} {NameOf(_named)}" : _word;
        return _parent is null ? here : $"{_parent} -> {here}";
    }

    private static string NameOf(JsonElement owner) =>
        owner.TryGetProperty("name", out var name) && JsonText.TryGet(name, out var text) && text.Length > 0 ? JsonText.OneLine(text, LongestName) : "?";
}

/// <summary>Texts of a JSON document that may be broken.</summary>
internal static class JsonText
{
    /// <summary>False when it is no text, or one with half of a surrogate pair, which .NET does not decode.</summary>
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
