using System.Text;
using System.Text.RegularExpressions;

namespace VteWats.Core.Vte.Reading;

/// <summary>
/// A PowerShell wildcard as SQL and as a test in memory. LIKE takes a set such as <c>[a-c]</c> for any character, since SQLite knows no
/// sets
/// and SQL Server orders them by collation; the test in memory then decides.
/// </summary>
internal sealed class Wildcard
{
    public const char LikeEscape = '~';

    private readonly Regex? _exact;

    private Wildcard(string? literal, string like, Regex? exact)
    {
        Literal = literal;
        Like = like;
        _exact = exact;
    }

    /// <summary>The text itself, when the pattern has no wildcards.</summary>
    public string? Literal { get; }

    /// <summary>Pattern of LIKE, with <see cref="LikeEscape"/>.</summary>
    public string Like { get; }

    /// <summary>True when LIKE lets too much through.</summary>
    public bool NeedsMemory => _exact is not null;

    public bool Matches(string? text) => _exact is null || (text is not null && _exact.IsMatch(text.Trim()));

    public static Wildcard Parse(string pattern)
    {
        var literal = new StringBuilder();
        var like = new StringBuilder();
        var regex = new StringBuilder("^");
        var (wild, sets) = (false, false);
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            var set = c == '[' ? pattern.IndexOf(']', i + 1) : -1;
            if (c == '*') { like.Append('%'); regex.Append(".*"); wild = true; }
            else if (c == '?') { like.Append('_'); regex.Append('.'); wild = true; }
            else if (set > i + 1)
            {
                like.Append('_');
                regex.Append('[').Append(pattern[(i + 1)..set].Replace("\\", "\\\\", StringComparison.Ordinal)
                    .Replace("^", "\\^", StringComparison.Ordinal)).Append(']');
                (wild, sets) = (true, true);
                i = set;
            }
            else
            {
                if (c == '`' && i + 1 < pattern.Length) c = pattern[++i];
                literal.Append(c);
                if (c is '%' or '_' or '[' or LikeEscape) like.Append(LikeEscape);
                like.Append(c);
                regex.Append(Regex.Escape(c.ToString()));
            }
        }
        return new Wildcard(
            wild ? null : literal.ToString().Trim(), like.ToString(),
            sets ? new Regex(regex.Append('$').ToString(),
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline, TimeSpan.FromSeconds(1)) : null);
    }
}
