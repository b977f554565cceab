namespace VteWats.Core.Vte.Schema;

/// <summary>The existing names that a mistaken one was most likely meant to be.</summary>
internal static class NameSuggestions
{
    /// <summary>At most three names, nearest first; none that shares little with <paramref name="name"/>.</summary>
    public static IReadOnlyList<string> To(string name, IEnumerable<string> candidates)
    {
        var wanted = Fold(name);
        return
        [
            .. candidates.Distinct(StringComparer.Ordinal)
                .Select(c => (Name: c, Distance: Distance(wanted, Fold(c))))
                .Where(c => c.Distance < 1)
                .OrderBy(c => c.Distance).ThenBy(c => c.Name, StringComparer.Ordinal)
                .Take(3).Select(c => c.Name),
        ];
    }

    /// <summary>" Nearest: A, B." or nothing.</summary>
    public static string Hint(string name, IEnumerable<string> candidates) =>
        To(name, candidates) is { Count: > 0 } near ? $" Nearest: {string.Join(", ", near)}." : "";

    private static string Fold(string name) => new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    /// <summary>Edit distance as a share of half the longer name: 0 is equal, 1 and more is unlike. A name that holds the other is
    /// near.</summary>
    private static double Distance(string a, string b)
    {
        if (a.Length == 0 || b.Length == 0) return 1;
        var longer = Math.Max(a.Length, b.Length);
        var edits = Edits(a, b) / (longer / 2.0);
        var holds = a.Length > 3 && b.Length > 3 && (a.Contains(b, StringComparison.Ordinal) || b.Contains(a, StringComparison.Ordinal));
        return holds ? Math.Min(edits, 0.5 + Math.Abs(a.Length - b.Length) / (2.0 * longer)) : edits;
    }

    private static int Edits(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var current = new int[b.Length + 1];
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            previous = current;
        }
        return previous[b.Length];
    }
}
