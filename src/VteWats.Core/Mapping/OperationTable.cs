using System.Text.RegularExpressions;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Core.Mapping;

/// <summary>Chooses the test operation of a run: the first rule whose patterns all match wins, then the default.</summary>
internal sealed class OperationTable
{
    // A pattern that backtracks without end must not stop the sync.
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    private readonly List<(Regex? Product, Regex? Testplan, Regex? Variant, int ProcessCode)> _rules = [];
    private readonly int? _default;

    public OperationTable(MappingOptions options, string key, List<string> findings)
    {
        for (var i = 0; i < options.Operations.Count; i++)
        {
            var rule = options.Operations[i];
            var at = $"{key}.operations[{i}]";
            CheckCode(rule.ProcessCode, $"{at}.processCode", findings);
            _rules.Add((
                Compile(rule.Product, $"{at}.product", findings), Compile(rule.Testplan, $"{at}.testplan", findings),
                Compile(rule.Variant, $"{at}.variant", findings), rule.ProcessCode));
        }
        _default = options.DefaultProcessCode;
        if (_default is { } code) CheckCode(code, $"{key}.defaultProcessCode", findings);
    }

    /// <summary>The operation's code; null when no rule matches and there is no default.</summary>
    /// <exception cref="RegexMatchTimeoutException">A regular expression took longer than a second.</exception>
    public int? Choose(VteTestRun run)
    {
        foreach (var (product, testplan, variant, code) in _rules)
        {
            if (Matches(product, run.Product.Name) && Matches(testplan, run.Testplan.Name) && Matches(variant, run.Testplan.Variant))
                return code;
        }
        return _default;
    }

    private static bool Matches(Regex? pattern, string? value) => pattern is null || pattern.IsMatch(value?.Trim() ?? "");

    private static void CheckCode(int code, string key, List<string> findings)
    {
        if (code is < 0 or > WsjfLimits.ProcessCodeMax) findings.Add($"{key}: {code} is not a code from 0 to {WsjfLimits.ProcessCodeMax}");
    }

    /// <summary>What is wrong with a pattern; null for nothing.</summary>
    public static string? WhatIsWrong(string pattern)
    {
        Compile(pattern, out var problem);
        return problem;
    }

    private static Regex? Compile(string? pattern, string key, List<string> findings)
    {
        if (pattern is null) return null;
        var regex = Compile(pattern, out var problem);
        if (problem is not null) findings.Add($"{key}: {problem}");
        return regex;
    }

    private static Regex? Compile(string pattern, out string? problem)
    {
        problem = null;
        const RegexOptions Common = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;
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
