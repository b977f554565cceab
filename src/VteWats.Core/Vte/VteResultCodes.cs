using System.Globalization;

namespace VteWats.Core.Vte;

/// <summary>What the integers of <c>IndexData.Result</c> mean at a site. Keysight publishes no meaning, so each site may have its
/// own.</summary>
/// <param name="letters">Verdict by code: P passed, F failed, E error, T terminated.</param>
public sealed class VteResultCodes(IReadOnlyDictionary<int, string> letters)
{
    /// <summary>The letter of each verdict by its name, as <c>-Result</c> takes it and <see cref="NameOf"/> gives it.</summary>
    public static readonly IReadOnlyDictionary<string, string> Verdicts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["Passed"] = "P", ["Failed"] = "F", ["Error"] = "E", ["Terminated"] = "T",
    };

    /// <summary>The letter of a code; null for none and for one that the site does not know.</summary>
    public string? LetterOf(int? code) => code is { } n ? letters.GetValueOrDefault(n) : null;

    /// <summary>Passed, Failed, Error, Terminated, or <c>Code n</c> for a code that the site does not know. Null for none.</summary>
    public string? NameOf(int? code) => code is not { } n ? null
        : LetterOf(n) is { } letter && NameOfLetter(letter) is { } name ? name : string.Create(CultureInfo.InvariantCulture, $"Code {n}");

    /// <summary>The codes that a letter stands for.</summary>
    public IEnumerable<int> CodesOf(string letter) => letters.Where(code => code.Value == letter).Select(code => code.Key);

    /// <summary>The name of a verdict by its letter; null for a letter that is none.</summary>
    public static string? NameOfLetter(string letter) => Verdicts.FirstOrDefault(verdict => verdict.Value == letter).Key;
}
