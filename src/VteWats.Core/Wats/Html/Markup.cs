using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace VteWats.Core.Wats.Html;

/// <summary>Writes HTML; every text goes through <see cref="Text(string?)"/> or an attribute of <see cref="Open"/>, which encode
/// it.</summary>
internal sealed class Markup
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly StringBuilder _html = new();

    /// <summary>Markup of our own making, never data.</summary>
    public Markup Raw(string html)
    {
        _html.Append(html);
        return this;
    }

    public Markup Text(string? text)
    {
        _html.Append(Encode(text));
        return this;
    }

    public Markup Open(string element, params (string Name, string? Value)[] attributes)
    {
        _html.Append('<').Append(element);
        foreach (var (name, value) in attributes)
        {
            if (value is not null) _html.Append(' ').Append(name).Append("=\"").Append(Encode(value)).Append('"');
        }
        _html.Append('>');
        return this;
    }

    public Markup Close(string element)
    {
        _html.Append("</").Append(element).Append('>');
        return this;
    }

    public Markup Element(string element, string? text, string? cssClass = null) =>
        Open(element, ("class", cssClass)).Text(text).Close(element);

    public override string ToString() => _html.ToString();

    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    // Characters that HTML cannot hold are shown as the replacement character.
    private static string Encode(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        if (text.AsSpan().IndexOfAnyExceptInRange(' ', '\ud7ff') < 0) return Encoder.Encode(text);
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            clean.Append((rune.Value < ' ' && rune.Value is not ('\t' or '\n' or '\r')) || rune.Value is 0xfffe or 0xffff ? "\ufffd"
                : rune.ToString());
        // Line ends stay as they are: the style sheet shows them.
        return string.Join('\n', clean.ToString().ReplaceLineEndings("\n").Split('\n').Select(Encoder.Encode));
    }
}
