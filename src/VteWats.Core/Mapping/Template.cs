using System.Text;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Schema;

namespace VteWats.Core.Mapping;

/// <summary>
/// A text with placeholders, e.g. <c>{Product.Name}-{Product.Type}</c>. Values go in cleaned and trimmed; when the template has
/// placeholders and all of them are empty, so is the whole text: a lone separator is not a part number.
/// </summary>
internal sealed class Template
{
    private static readonly Dictionary<string, Func<VteTestRun, string, string?>> Fields = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Product.Name"] = static (run, _) => run.Product.Name,
        ["Product.Type"] = static (run, _) => run.Product.Type,
        ["Product.Version"] = static (run, _) => run.Product.Version,
        ["Testplan.Name"] = static (run, _) => run.Testplan.Name,
        ["Testplan.Variant"] = static (run, _) => run.Testplan.Variant,
        ["Testplan.Revision"] = static (run, _) => run.Testplan.Revision,
        ["Station.Name"] = static (run, _) => run.Station.Name,
        ["Station.Hostname"] = static (run, _) => run.Station.Hostname,
        ["Station.Location"] = static (run, _) => run.Station.Location,
        ["Site"] = static (_, site) => site,
        ["Info1"] = static (run, _) => run.Info1,
        ["Info2"] = static (run, _) => run.Info2,
        ["Info3"] = static (run, _) => run.Info3,
        ["Unit.BatchNumber"] = static (run, _) => run.Unit.BatchNumber,
        ["Id"] = static (run, _) => run.Id.ToString("D"),
    };

    private readonly List<(string? Literal, Func<VteTestRun, string, string?>? Field)> _parts = [];

    private Template() { }

    /// <summary>The names that a placeholder may have.</summary>
    public static IReadOnlyCollection<string> FieldNames => Fields.Keys;

    /// <summary>
    /// What is wrong with a template that stands for a missing serial number; null for nothing. One that is the same for all runs would
    /// make one unit of
    /// them, and after 100 retests of a unit WATS counts no more.
    /// </summary>
    public static string? WhatIsWrongWithSerial(string text) =>
        WhatIsWrong(text) ?? (text.Contains("{Id}", StringComparison.OrdinalIgnoreCase) ? null
        : "must hold {Id}: else all runs without a serial number become one unit");

    /// <summary>What is wrong with a template; null for nothing.</summary>
    public static string? WhatIsWrong(string text)
    {
        var problems = new List<string>();
        Parse(text, problems.Add);
        return problems.FirstOrDefault();
    }

    /// <summary>Reads a template; what is wrong with it goes to <paramref name="findings"/>.</summary>
    public static Template Parse(string? text, string key, List<string> findings) =>
        Parse(text ?? "", problem => findings.Add($"{key}: {problem}"));

    private static Template Parse(string text, Action<string> wrong)
    {
        var template = new Template();
        var at = 0;
        while (at < text.Length)
        {
            var brace = text.AsSpan(at).IndexOfAny('{', '}');
            var end = brace < 0 ? text.Length : at + brace;
            if (end > at) template._parts.Add((text[at..end], null));
            if (end == text.Length) break;
            var close = text[end] == '{' ? text.IndexOf('}', end) : -1;
            if (close < 0)
            {
                wrong("has a brace without its partner");
                break;
            }
            var name = text[(end + 1)..close];
            if (Fields.TryGetValue(name.Trim(), out var field)) template._parts.Add((null, field));
            else wrong($"there is no {{{name}}}.{NameSuggestions.Hint(name, FieldNames)} Known are "
                + $"{string.Join(", ", FieldNames.Select(k => $"{{{k}}}"))}");
            at = close + 1;
        }
        return template;
    }

    /// <summary>The text for a run, not yet cleaned; null when it came out empty.</summary>
    public string? Render(VteTestRun run, string site)
    {
        if (_parts.Count == 1) return _parts[0].Field is { } only ? only(run, site) : _parts[0].Literal;
        var text = new StringBuilder();
        var (fields, filled) = (0, 0);
        foreach (var (literal, field) in _parts)
        {
            if (field is null)
            {
                text.Append(literal);
                continue;
            }
            fields++;
            if (field(run, site) is not { } value || string.IsNullOrWhiteSpace(value)) continue;
            filled++;
            text.Append(value.AsSpan().Trim());
        }
        return fields > 0 && filled == 0 ? null : text.ToString();
    }
}
