using VteWats.Core.Vte;

namespace VteWats.Core.Assistant;

/// <summary>Verdicts as choices.</summary>
internal static class CodeWords
{
    public static DecisionChoice Choice(string letter) => new(letter, letter == "D" ? "not judged"
        : VteResultCodes.NameOfLetter(letter)!.ToLowerInvariant());
}
