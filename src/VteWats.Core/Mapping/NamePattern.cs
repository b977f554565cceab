using System.Text.RegularExpressions;

namespace VteWats.Core.Mapping;

/// <summary>Patterns of the configuration: a wildcard (<c>*</c>, <c>?</c>), or a regular expression between slashes. Upper and lower case
/// are alike.</summary>
internal static class NamePattern
{
    private const RegexOptions Common = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;
    private const int MostLevels = 5;

    // A pattern that backtracks without end must not stop the sync.
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    /// <summary>What is wrong with a pattern; null for nothing.</summary>
    public static string? WhatIsWrong(string pattern)
    {
        Compile(pattern, out var problem);
        return problem;
    }

    /// <summary>What is wrong with a pattern that is to capture the names of sequences; null for nothing.</summary>
    public static string? WhatIsWrongWithLevels(string pattern)
    {
        if (pattern is not ['/', _, .., '/']) return "is not a regular expression between slashes";
        if (Compile(pattern, out var problem) is not { } regex) return problem;
        return regex.GetGroupNumbers().Length - 1 is >= 1 and <= MostLevels ? null
            : FormattableString.Invariant($"must capture one to {MostLevels} groups, one for each level of sequences");
    }

    /// <summary>The compiled pattern; null for none. What is wrong with it goes to <paramref name="findings"/>.</summary>
    public static Regex? Compile(string? pattern, string key, List<string> findings)
    {
        if (pattern is null) return null;
        var regex = Compile(pattern, out var problem);
        if (problem is not null) findings.Add($"{key}: {problem}");
        return regex;
    }

    /// <summary>True where a value matches; an absent pattern matches everything, an absent value is an empty text.</summary>
    /// <exception cref="RegexMatchTimeoutException">A regular expression took longer than a second.</exception>
    public static bool Matches(Regex? pattern, string? value) => pattern is null || pattern.IsMatch(value?.Trim() ?? "");

    private static Regex? Compile(string pattern, out string? problem)
    {
        problem = null;
        if (pattern is not ['/', .., '/'])
        {
            var wildcard = Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal)
                .Replace(@"\?", ".", StringComparison.Ordinal);
            return new Regex($@"\A{wildcard}\z", Common | RegexOptions.Singleline | RegexOptions.NonBacktracking, MatchTimeout);
        }
        try
        {
            return new Regex(pattern[1..^1], Common, MatchTimeout);
        }
        catch (ArgumentException e)
        {
            problem = $"is not a valid regular expression: {e.Message}";
            return null;
        }
    }
}
