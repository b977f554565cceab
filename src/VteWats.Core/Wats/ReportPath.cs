using System.Globalization;
using System.Text.Json;

namespace VteWats.Core.Wats;

/// <summary>Where in a report something was found, in the form the server uses: <c>root -> step NAME</c>. Turned into text only when it is
/// told.</summary>
internal sealed class ReportPath
{
    private const int LongestName = 100;
    private readonly ReportPath? _parent;
    private readonly string _word;
    private readonly JsonElement _named;
    private readonly int _index;

    private ReportPath(ReportPath? parent, string word, JsonElement named = default, int index = -1)
    {
        _parent = parent;
        _word = word;
        _named = named;
        _index = index;
    }

    public static ReportPath Report { get; } = new(null, "report");
    public static ReportPath Root { get; } = new(null, "root");

    /// <summary>A step of the mapper, which knows its name before it has JSON.</summary>
    public static ReportPath Step(string name) => new(Root, $"step {name}");

    public ReportPath Child(string word) => new(this, word);
    public ReportPath At(int index) => new(this, "Index", index: index);

    /// <summary><c>step NAME</c>, <c>loop NAME</c> or a measurement with its name.</summary>
    public ReportPath Named(string word, JsonElement owner) => new(this, word, owner);

    public override string ToString()
    {
        var here = _index >= 0 ? string.Create(CultureInfo.InvariantCulture, $"{_word} {_index}")
            : _named.ValueKind == JsonValueKind.Object ? $"{_word} {NameOf(_named)}" : _word;
        return _parent is null ? here : $"{_parent} -> {here}";
    }

    private static string NameOf(JsonElement owner) =>
        owner.TryGetProperty("name", out var name) && WsjfText.TryGet(name, out var text) && text.Length > 0
        ? WsjfText.OneLine(text, LongestName) : "?";
}
