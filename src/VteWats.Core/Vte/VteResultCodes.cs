using System.Globalization;

namespace VteWats.Core.Vte;

/// <summary>
/// What the integers of <c>IndexData.Result</c>, or those of <c>TestResultType</c>, mean at a site. Keysight publishes no meaning, so each
/// site may have its own.
/// </summary>
public sealed class VteResultCodes
{
    /// <summary>The letter of each verdict on a run by its name, as <c>-Result</c> takes it and <see cref="NameOf"/> gives it.</summary>
    public static readonly IReadOnlyDictionary<string, string> Verdicts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["Passed"] = "P", ["Failed"] = "F", ["Error"] = "E", ["Terminated"] = "T",
    };

    // Steps may also not be judged, or not be made at all.
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["P"] = "Passed", ["F"] = "Failed", ["E"] = "Error", ["T"] = "Terminated", ["D"] = "Done", ["S"] = "Skipped",
    };

    private readonly IReadOnlyDictionary<int, string> _letters;
    private readonly Dictionary<int, string> _names = [];

    /// <param name="letters">Verdict by code: P passed, F failed, E error, T terminated; of steps also D done, S skipped.</param>
    public VteResultCodes(IReadOnlyDictionary<int, string> letters)
    {
        _letters = letters;
        foreach (var (code, letter) in letters) _names[code] = NameOfLetter(letter) ?? Unknown(code);
    }

    /// <summary>The letter of a code; null for none and for one that the site does not know.</summary>
    public string? LetterOf(int? code) => code is { } n ? _letters.GetValueOrDefault(n) : null;

    /// <summary>Passed, Failed, Error, Terminated, Done, Skipped, or <c>Code n</c> for a code that the site does not know. Null for
    /// none.</summary>
    public string? NameOf(int? code) => code is not { } n ? null : _names.GetValueOrDefault(n) ?? Unknown(n);

    /// <summary>The codes that a letter stands for.</summary>
    public IEnumerable<int> CodesOf(string letter) => _letters.Where(code => code.Value == letter).Select(code => code.Key);

    /// <summary>The name of a verdict by its letter; null for a letter that is not one.</summary>
    public static string? NameOfLetter(string letter) => Names.GetValueOrDefault(letter);

    /// <summary>The letter of a verdict by its name, or by the letter itself, in upper or lower case; null for any other text.</summary>
    public static string? LetterOfName(string name) =>
        Names.FirstOrDefault(verdict => name.Equals(verdict.Value, StringComparison.OrdinalIgnoreCase)
            || name.Equals(verdict.Key, StringComparison.OrdinalIgnoreCase)).Key;

    private static string Unknown(int code) => string.Create(CultureInfo.InvariantCulture, $"Code {code}");
}
