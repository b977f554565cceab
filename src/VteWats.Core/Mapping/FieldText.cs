using System.Text;
using VteWats.Core.Wats;

namespace VteWats.Core.Mapping;

/// <summary>Where in the report a note is about: a field of the header, or a step (in the form the server uses in its findings).</summary>
internal readonly record struct Place(string? Step, string? Field = null)
{
    public override string ToString() => Step is null ? Field ?? "root" : $"root -> step {Step}";
}

/// <summary>A text fitted to what WATS takes, and what had to go.</summary>
internal readonly record struct FieldText(string? Text, string? Raw, int Removed, int Cut)
{
    public static FieldText Fit(string? raw, int length)
    {
        if (LegalText.Clean(raw, out var removed) is not { } text) return new FieldText(null, raw, removed, 0);
        var fitted = LegalText.Cut(text, length);
        return new FieldText(fitted, raw, removed, text.Length - fitted.Length);
    }

    /// <summary>Fits a text, notes what had to go and keeps the original in <paramref name="overflow"/>.</summary>
    public static string? Fit(string? raw, int length, string what, Place place, ReportNotes notes, TextBlock overflow)
    {
        var field = Fit(raw, length);
        field.Tell(what, place, notes, overflow);
        return field.Text;
    }

    public bool Changed => Removed > 0 || Cut > 0;

    /// <summary>Notes what had to go and keeps the original in <paramref name="overflow"/>.</summary>
    public void Tell(string what, Place place, ReportNotes notes, TextBlock overflow)
    {
        if (!Changed) return;
        Note(what, place, notes);
        overflow.Add(null, $"{what} in full", LegalText.Escape(Raw));
    }

    public void Note(string what, Place place, ReportNotes notes)
    {
        if (Removed > 0)
            notes.Add(NoteRules.CharactersRemoved, place.ToString(), $"{what}: {Removed} characters that WATS cannot keep were removed.");
        if (Cut > 0)
            notes.Add(NoteRules.Truncated, place.ToString(), $"{what}: {Cut} characters over the limit of {Text!.Length} were cut; the text in full is in the report text.");
    }
}

/// <summary>The report text of a step, line by line.</summary>
internal sealed class TextBlock
{
    private StringBuilder? _lines;

    /// <summary>Adds a line <c>label: text</c>, led by the measurement it is about where a step has several. No text, no line.</summary>
    public void Add(string? measurement, string? label, string? text)
    {
        if (text is null) return;
        _lines = _lines is null ? new StringBuilder() : _lines.Append('\n');
        if (measurement is not null) _lines.Append(measurement).Append(": ");
        if (label is not null) _lines.Append(label).Append(": ");
        _lines.Append(text);
    }

    /// <summary>All lines, as many characters as WATS takes.</summary>
    public string? ToText(Place place, ReportNotes notes)
    {
        if (_lines is null) return null;
        var text = _lines.ToString();
        var fitted = LegalText.Cut(text, WsjfLimits.ReportText);
        if (fitted.Length < text.Length)
            notes.Add(NoteRules.Truncated, place.ToString(), $"Report text: {text.Length - fitted.Length} characters over the limit of {WsjfLimits.ReportText} were cut and are not in the report.");
        return fitted;
    }
}

/// <summary>Makes names unique: <c>Name</c>, <c>Name (2)</c>, … Upper and lower case are alike, as they are to a database.</summary>
internal sealed class UniqueNames(int length)
{
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);
    private Dictionary<string, int>? _next;

    public string Take(string name)
    {
        if (_taken.Add(name)) return name;
        _next ??= new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var n = _next.GetValueOrDefault(name, 2); ; n++)
        {
            var suffix = FormattableString.Invariant($" ({n})");
            var candidate = LegalText.Cut(name, length - suffix.Length) + suffix;
            if (!_taken.Add(candidate)) continue;
            _next[name] = n + 1;
            return candidate;
        }
    }
}
