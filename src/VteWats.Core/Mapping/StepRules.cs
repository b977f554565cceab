using System.Globalization;
using System.Text.RegularExpressions;
using VteWats.Core.Vte;

namespace VteWats.Core.Mapping;

/// <summary>A site's rules for its steps, compiled once: verdicts, groups, sequences, charts.</summary>
internal sealed class StepRules
{
    private static readonly string[] Groups = ["S", "M", "C"];
    private static readonly string[] ChartTypes = ["Line", "LineLogXY", "LineLogX", "LineLogY"];

    private readonly List<(Regex? Name, Regex? Number, string Group)> _groups = [];
    private readonly List<(Regex? Name, ChartRule Rule)> _charts = [];
    private readonly Regex? _levels;
    private readonly string?[] _prefixes = [];
    private readonly bool _ofStepNumber;

    public StepRules(MappingOptions options, string key, List<string> findings)
    {
        Options = options;
        Verdicts = new VerdictRules(options);
        for (var i = 0; i < options.StepGroups.Count; i++)
        {
            var (rule, at) = (options.StepGroups[i], $"{key}.stepGroups[{i}]");
            if (Array.IndexOf(Groups, rule.Group) < 0) findings.Add($"{at}.group: '{rule.Group}' is none of S, M, C");
            _groups.Add((NamePattern.Compile(rule.Name, $"{at}.name", findings), NamePattern.Compile(rule.Number, $"{at}.number", findings),
                rule.Group));
        }
        for (var i = 0; i < options.Charts.Count; i++)
        {
            var (rule, at) = (options.Charts[i], $"{key}.charts[{i}]");
            if (Array.IndexOf(ChartTypes, rule.ChartType) < 0)
                findings.Add($"{at}.chartType: '{rule.ChartType}' is none of {string.Join(", ", ChartTypes)}");
            foreach (var (text, name) in new[] { (rule.XLabel, "xLabel"), (rule.YLabel, "yLabel") })
                if (LegalText.WhatIsWrong(text) is { } wrong) findings.Add($"{at}.{name}: {wrong}");
            _charts.Add((NamePattern.Compile(rule.Name, $"{at}.name", findings), rule));
        }
        var sequences = options.Sequences;
        if (sequences.Of is not (MappingOptions.OfStepNumber or MappingOptions.OfTestNumber))
            findings.Add($"{key}.sequences.of: '{sequences.Of}' is none of {MappingOptions.OfStepNumber}, {MappingOptions.OfTestNumber}");
        if (sequences.Pattern is null) return;
        if (NamePattern.WhatIsWrongWithLevels(sequences.Pattern) is { } problem)
        {
            findings.Add($"{key}.sequences.pattern: {problem}");
            return;
        }
        _ofStepNumber = sequences.Of == MappingOptions.OfStepNumber;
        _levels = NamePattern.Compile(sequences.Pattern, $"{key}.sequences.pattern", findings);
        _prefixes = [.. _levels!.GetGroupNames().Skip(1).Select(name => char.IsAsciiDigit(name[0]) ? null : name)];
    }

    public MappingOptions Options { get; }

    public VerdictRules Verdicts { get; }

    /// <summary>True where steps are nested.</summary>
    public bool Nests => _levels is not null;

    /// <summary>The group of a step: S, M or C.</summary>
    public string GroupOf(VteStep row)
    {
        foreach (var (name, number, group) in _groups)
            if (NamePattern.Matches(name, row.Name) && NamePattern.Matches(number, row.Number)) return group;
        return "M";
    }

    /// <summary>The rule that makes a chart of a row; null for none.</summary>
    public ChartRule? ChartOf(VteStep row)
    {
        foreach (var (name, rule) in _charts)
            if (NamePattern.Matches(name, row.Name)) return rule;
        return null;
    }

    /// <summary>The names of the sequences that a row is in, the outermost first; empty for none.</summary>
    public IReadOnlyList<string> LevelsOf(VteStep row)
    {
        var text = _ofStepNumber ? row.StepNumber?.ToString(CultureInfo.InvariantCulture) : row.Number?.Trim();
        if (_levels is null || text is null || _levels.Match(text) is not { Success: true } match) return [];
        List<string> names = [];
        for (var i = 0; i < _prefixes.Length; i++)
        {
            if (match.Groups[i + 1] is not { Success: true } level || LegalText.Clean(level.Value) is not { } name) break;
            names.Add(_prefixes[i] is { } prefix ? $"{prefix} {name}" : name);
        }
        return names;
    }
}
