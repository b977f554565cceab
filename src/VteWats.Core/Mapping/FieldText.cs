using System.Text;
using VteWats.Core.Wats;

namespace VteWats.Core.Mapping;

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
    public static string? Fit(string? raw, int length, string what, ReportPath place, ReportNotes notes, TextBlock overflow)
    {
        var field = Fit(raw, length);
        if (field.Changed) field.Tell(what, place, notes, overflow);
        return field.Text;
    }

    public bool Changed => Removed > 0 || Cut > 0;

    /// <summary>Notes what had to go and keeps the original in <paramref name="overflow"/>. To
    /// be asked for where it is <see cref="Changed"/>.</summary>
    public void Tell(string what, ReportPath place, ReportNotes notes, TextBlock overflow)
    {
        Note(what, place, notes);
        overflow.AddLater($"{what} in full", LegalText.Escape(Raw));
    }

    public void Note(string what, ReportPath place, ReportNotes notes)
    {
        if (Removed > 0)
            notes.Add(NoteRules.CharactersRemoved, place, $"{what}: {Removed} characters that WATS cannot keep were removed.");
        if (Cut > 0)
            notes.Add(NoteRules.Truncated, place,
                $"{what}: {Cut} characters over the limit of {Text!.Length} were cut; the text in full is in the report text.");
    }
}

/// <summary>The report text of a step, line by line. There may not be room for all: what matters less is added for later.</summary>
internal sealed class TextBlock
{
    private readonly StringBuilder _lines = new();
    private readonly StringBuilder _later = new();

    /// <summary>True while nothing was added.</summary>
    public bool IsEmpty => _lines.Length == 0 && _later.Length == 0;

    /// <summary>Throws away what is left of a report that could not be made.</summary>
    public void Clear()
    {
        _lines.Clear();
        _later.Clear();
    }

    /// <summary>Adds a line <c>label: text</c>. No text, no line.</summary>
    public void Add(string? label, string? text) => Append(_lines, label, text);

    /// <summary>Adds a line that goes behind all others.</summary>
    public void AddLater(string? label, string? text) => Append(_later, label, text);

    /// <summary>All lines, as many characters as WATS takes. The block is empty afterwards.</summary>
    /// <param name="tooLong">What to note when some had to go; null when all are there.</param>
    public string? ToText(out string? tooLong)
    {
        tooLong = null;
        if (_lines.Length == 0 && _later.Length == 0) return null;
        if (_lines.Length > 0 && _later.Length > 0) _lines.Append('\n');
        var text = _lines.Append(_later).ToString();
        _lines.Clear();
        _later.Clear();
        var fitted = LegalText.Cut(text, WsjfLimits.ReportText);
        if (fitted.Length < text.Length)
            tooLong = $"Report text: {text.Length - fitted.Length} characters over the limit of {WsjfLimits.ReportText} were cut and "
                + "are not in the report.";
        return fitted;
    }

    private static void Append(StringBuilder lines, string? label, string? text)
    {
        if (text is null) return;
        if (lines.Length > 0) lines.Append('\n');
        if (label is not null) lines.Append(label).Append(": ");
        lines.Append(text);
    }
}

/// <summary>
/// Makes names unique: <c>Name</c>, <c>Name (2)</c>, … Upper and lower case are alike, as they are to a database.
/// </summary>
internal sealed class UniqueNames(int length)
{
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);
    private Dictionary<string, int>? _next;

    public void Clear()
    {
        _taken.Clear();
        _next = null;
    }

    /// <summary>The name, with a number behind it where another has it.</summary>
    public string Take(string name) => _taken.Add(name) ? name : Numbered(name, name);

    /// <summary>The name of a repetition of <paramref name="first"/>, which was taken before.</summary>
    public string Repeat(string name, string first) =>
        Numbered(first.StartsWith(name, StringComparison.OrdinalIgnoreCase) ? name + first[name.Length..] : first, first);

    private string Numbered(string name, string key)
    {
        _next ??= new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var n = _next.GetValueOrDefault(key, 2); ; n++)
        {
            var suffix = FormattableString.Invariant($" ({n})");
            var candidate = LegalText.Cut(name, length - suffix.Length) + suffix;
            if (!_taken.Add(candidate)) continue;
            _next[key] = n + 1;
            return candidate;
        }
    }
}
