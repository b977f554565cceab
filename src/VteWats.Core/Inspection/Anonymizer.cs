using System.Security.Cryptography;
using System.Text;

namespace VteWats.Core.Inspection;

/// <summary>
/// Replaces names and serial numbers by tokens: the same text by the same token, under a random key that is forgotten with this object.
/// Without the
/// key nobody can try out names against the tokens. Blanks around a text and its length beyond the token's stay, for they matter to a
/// mapping.
/// </summary>
internal sealed class Anonymizer
{
    private const int Shortest = 4;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>The token of a text; NULL and blank texts stay as they are.</summary>
    /// <param name="kind">Tokens of different kinds differ, and begin with it.</param>
    /// <param name="text">What to hide.</param>
    public string? Replace(string kind, string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return text;
        var core = text.Trim();
        var start = text.IndexOf(core, StringComparison.Ordinal);
        return text[..start] + Token(kind, core) + text[(start + core.Length)..];
    }

    /// <summary>A free text with every occurrence of what is hidden elsewhere in its run replaced.</summary>
    public string? Scrub(string? text, IEnumerable<(string Kind, string? Secret)> secrets)
    {
        if (string.IsNullOrWhiteSpace(text)) return text;
        foreach (var (kind, secret) in secrets.OrderByDescending(s => s.Secret?.Length))
        {
            // A word of two letters is in every text.
            if (secret?.Trim() is { Length: >= Shortest } core)
                text = text.Replace(core, Token(kind, core), StringComparison.OrdinalIgnoreCase);
        }
        return text;
    }

    private string Token(string kind, string core)
    {
        var hash = Convert.ToHexString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{kind}\0{core}")));
        var token = new StringBuilder(kind).Append('-').Append(hash, 0, 12);
        while (token.Length < core.Length) token.Append(hash, 0, Math.Min(hash.Length, core.Length - token.Length));
        return token.ToString();
    }
}
