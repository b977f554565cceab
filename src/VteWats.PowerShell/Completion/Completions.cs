using System.Management.Automation;
using System.Management.Automation.Language;

namespace VteWats.PowerShell.Completion;

/// <summary>Turns what is known into what PowerShell offers on Tab.</summary>
internal static class Completions
{
    /// <summary>The candidates that begin with the word under the cursor, in order, quoted where they need it.</summary>
    public static IEnumerable<CompletionResult> Matching(string wordToComplete, IEnumerable<string> candidates)
    {
        var start = wordToComplete.Trim('\'', '"');
        return candidates
            .Where(candidate => candidate.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.OrdinalIgnoreCase)
            .Select(candidate => new CompletionResult(Quoted(candidate), candidate, CompletionResultType.ParameterValue, candidate));
    }

    private static string Quoted(string text) =>
        text.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or '/') ? text
        : "'" + CodeGeneration.EscapeSingleQuotedStringContent(text) + "'";
}
