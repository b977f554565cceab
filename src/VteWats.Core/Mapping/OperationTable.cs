using System.Text.RegularExpressions;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Core.Mapping;

/// <summary>Chooses the test operation of a run: the first rule whose patterns all match wins, then the default.</summary>
internal sealed class OperationTable
{
    private readonly List<(Func<VteTestRun, bool> Matches, int ProcessCode)> _rules = [];
    private readonly int? _default;

    public OperationTable(MappingOptions options, string key, List<string> findings)
    {
        for (var i = 0; i < options.Operations.Count; i++)
        {
            var rule = options.Operations[i];
            var at = $"{key}.operations[{i}]";
            CheckCode(rule.ProcessCode, $"{at}.processCode", findings);
            _rules.Add((Matcher(rule, at, findings), rule.ProcessCode));
        }
        _default = options.DefaultProcessCode;
        if (_default is { } code) CheckCode(code, $"{key}.defaultProcessCode", findings);
    }

    /// <summary>The operation's code; null when no rule matches and there is no default.</summary>
    /// <exception cref="RegexMatchTimeoutException">A regular expression took longer than a second.</exception>
    public int? Choose(VteTestRun run)
    {
        foreach (var (matches, code) in _rules)
            if (matches(run)) return code;
        return _default;
    }

    private static Func<VteTestRun, bool> Matcher(OperationRule rule, string at, List<string> findings)
    {
        var product = NamePattern.Compile(rule.Product, $"{at}.product", findings);
        var type = NamePattern.Compile(rule.ProductType, $"{at}.productType", findings);
        var plan = NamePattern.Compile(rule.Testplan, $"{at}.testplan", findings);
        var variant = NamePattern.Compile(rule.Variant, $"{at}.variant", findings);
        var revision = NamePattern.Compile(rule.Revision, $"{at}.revision", findings);
        var station = NamePattern.Compile(rule.Station, $"{at}.station", findings);
        var site = NamePattern.Compile(rule.Site, $"{at}.site", findings);
        return run => NamePattern.Matches(product, run.Product.Name) && NamePattern.Matches(type, run.Product.Type)
            && NamePattern.Matches(plan, run.Testplan.Name) && NamePattern.Matches(variant, run.Testplan.Variant)
            && NamePattern.Matches(revision, run.Testplan.Revision) && NamePattern.Matches(site, run.Station.Location)
            && (NamePattern.Matches(station, run.Station.Name) || NamePattern.Matches(station, run.Station.Hostname));
    }

    private static void CheckCode(int code, string key, List<string> findings)
    {
        if (code is < 0 or > WsjfLimits.ProcessCodeMax) findings.Add($"{key}: {code} is not a code from 0 to {WsjfLimits.ProcessCodeMax}");
    }
}
