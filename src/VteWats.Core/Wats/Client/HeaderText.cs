using System.Text;
using System.Text.RegularExpressions;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Wats.Client;

/// <summary>
/// A text that a field of a header must be, or be like. A server knows no wildcards: it is asked for the fixed parts of a pattern, and what
/// it brings is compared with the whole of it.
/// </summary>
public sealed partial class HeaderText
{
    private readonly Regex? _pattern;
    private readonly Func<string, string> _filter;

    private HeaderText(Func<string, string> filter, Regex? pattern)
    {
        _filter = filter;
        _pattern = pattern;
    }

    /// <summary>True when the server alone decides.</summary>
    internal bool IsExact => _pattern is null;

    /// <summary>This text, whatever is in it.</summary>
    public static HeaderText Exactly(string text) => new(field => $"{field} eq {Quoted(text)}", null);

    /// <summary>A PowerShell wildcard (<c>*</c>, <c>?</c>, <c>[a-c]</c>; a backtick takes the meaning off the next character).</summary>
    /// <exception cref="VteWatsException"><c>InvalidArgument</c>: it has no fixed part, so the server would have to send all.</exception>
    public static HeaderText Like(string pattern)
    {
        var regex = new StringBuilder("^");
        var parts = new List<string> { "" };   // the fixed ones, between the wildcards
        foreach (Match token in Token().Matches(pattern))
        {
            var wild = token.Value switch { "*" => ".*", "?" => ".", ['[', _, .., ']'] => Set(token.Value), _ => null };
            var plain = token.Groups["escaped"].Success ? token.Groups["escaped"].Value : token.Value;
            regex.Append(wild ?? Regex.Escape(plain));
            if (wild is not null) parts.Add("");
            else parts[^1] += plain;
        }
        if (parts.Count == 1) return Exactly(parts[0]);
        if (parts.TrueForAll(part => part.Length == 0)) throw new VteWatsException(
            ErrorKind.InvalidArgument, $"The pattern '{pattern}' has no fixed part: WATS would have to send every header that it has.",
            "Add some letters or digits to it, or leave it out to list all.", pattern);
        return new HeaderText(
            field => string.Join(" and ", parts.Select((part, i) => (part, i)).Where(item => item.part.Length > 0).Select(item =>
                $"{(item.i == 0 ? "startswith" : item.i == parts.Count - 1 ? "endswith" : "contains")}({field},{Quoted(item.part)})")),
            new Regex(regex.Append('$').ToString(),
                RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline, TimeSpan.FromSeconds(1)));
    }

    internal string Filter(string field) => _filter(field);

    internal bool Matches(string? text) => _pattern is null || text is not null && _pattern.IsMatch(text);

    internal static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Set(string token) => "[" + token[1..^1].Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("^", "\\^", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal) + "]";

    [GeneratedRegex(@"`(?<escaped>.)|\[[^\]]+\]|.", RegexOptions.Singleline)]
    private static partial Regex Token();
}
