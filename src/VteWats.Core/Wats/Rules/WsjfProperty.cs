using VteWats.Core.Diagnostics;

namespace VteWats.Core.Wats.Rules;

internal enum WsjfKind
{
    Text,
    Integer,
    Number,
    Flag,
    Time,
    Id,
    Base64,
    Object,
    List,

    /// <summary>Only the server writes it.</summary>
    OutputOnly,
}

/// <summary>One property of a part of a report: what it may hold, and the rules that follow from it.</summary>
internal sealed record WsjfProperty(string Name, WsjfKind Kind)
{
    public byte[] Utf8Name { get; } = System.Text.Encoding.UTF8.GetBytes(Name);

    /// <summary>Severity of its absence; null where it may be absent.</summary>
    public FindingSeverity? RequiredAs { get; init; }

    /// <summary>Asked for in a test report only, not in a repair.</summary>
    public bool TestOnly { get; init; }

    /// <summary>Most UTF-16 code units of a text; 0 for any.</summary>
    public int MaxLength { get; init; }

    public FindingSeverity TooLongAs { get; init; } = FindingSeverity.Error;

    /// <summary>The only texts allowed.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>Upper and lower case of <see cref="Values"/> are alike when read.</summary>
    public bool AnyCase { get; init; }

    public double? Min { get; init; }
    public double? Max { get; init; }

    /// <summary>A whole number that servers also take, and write, as 5.0.</summary>
    public bool TakesFraction { get; init; }

    /// <summary>A text that names something: blanks at its ends make another name of it.</summary>
    public bool IsLabel { get; init; }

    /// <summary>A text that users search for: marks that are wildcards in a search make it hard to find.</summary>
    public bool IsSearched { get; init; }

    public ReportRule? RequiredRule { get; private set; }
    public ReportRule? TypeRule { get; private set; }
    public ReportRule? LengthRule { get; private set; }
    public ReportRule? ValueRule { get; private set; }
    public ReportRule? RangeRule { get; private set; }
    public ReportRule? FormRule { get; private set; }

    /// <summary>ReportPath in its shape.</summary>
    public int Index { get; private set; }

    public string KindInWords => Kind switch
    {
        WsjfKind.Text => "text",
        WsjfKind.Integer => "a whole number of 32 bits",
        WsjfKind.Number => "a finite number",
        WsjfKind.Flag => "true or false",
        WsjfKind.Time => "a time in ISO 8601 with offset",
        WsjfKind.Id => "a GUID",
        WsjfKind.Base64 => "base64 text",
        WsjfKind.Object => "an object",
        _ => "a list",
    };

    /// <summary>Called once by the shape: gives the property its place and its rules their ids.</summary>
    public IEnumerable<ReportRule> Bind(string section, int index)
    {
        Index = index;
        var id = $"Wsjf.{section}.{Name}.";
        if (Kind == WsjfKind.OutputOnly) yield break;
        if (RequiredAs is not null)
            yield return RequiredRule =
                new ReportRule(id + "Required", RequiredAs.Value, $"{Name} is there{(Kind == WsjfKind.Text ? " and not empty" : "")}.");
        yield return TypeRule = new ReportRule(id + "Type", FindingSeverity.Error, $"{Name} is {KindInWords}.");
        if (TakesFraction)
            yield return FormRule = new ReportRule(id + "Form", FindingSeverity.Warning, $"{Name} is written as a plain whole number.");
        if (MaxLength > 0) yield return LengthRule =
            new ReportRule(id + "Length", TooLongAs, FormattableString.Invariant($"{Name} has at most {MaxLength} characters."));
        if (Values is not null)
            yield return ValueRule = new ReportRule(id + "Value", FindingSeverity.Error, $"{Name} is one of {string.Join(", ", Values)}.");
        if (Min is not null || Max is not null)
            yield return RangeRule = new ReportRule(id + "Range", FindingSeverity.Error, $"{Name} is {RangeInWords}.");
    }

    public string RangeInWords => (Min, Max) switch
    {
        ({ } min, { } max) => FormattableString.Invariant($"from {min} to {max}"),
        ({ } min, null) => FormattableString.Invariant($"{min} or more"),
        _ => FormattableString.Invariant($"{Max} or less"),
    };
}
