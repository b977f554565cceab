using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace VteWats.Core.Diagnostics;

/// <summary>
/// Second line of defence: nothing here writes a secret anywhere, and what does so by accident (a library's message, a server's
/// answer that echoes a header) has every known secret replaced by <see cref="Mask"/>.
/// </summary>
public static partial class SecretMask
{
    public const string Mask = "******";

    // Shorter ones would turn ordinary text into stars and protect nothing.
    private const int ShortestSecret = 4;

    // Shorter ones may be a part of ordinary words: they are masked where they stand by themselves only.
    private const int ShortestAnywhere = 8;

    private static readonly object Gate = new();
    private static volatile Secret[] _secrets = [];

    /// <summary>
    /// From now on <paramref name="secret"/> is masked, also as it looks in a URL and in JSON: wherever it stands, or where it is a whole
    /// word if it has fewer than 8 characters. One of fewer than 4 is not masked.
    /// </summary>
    public static void Add(string? secret)
    {
        if (secret is null || secret.Length < ShortestSecret) return;
        lock (Gate)
        {
            if (Array.Exists(_secrets, known => known.Text == secret)) return;
            // Longest first, so that a secret that contains another one is masked as a whole.
            _secrets =
            [
                .. ((string[])[secret, Uri.EscapeDataString(secret), JavaScriptEncoder.Default.Encode(secret)])
                    .Distinct(StringComparer.Ordinal)
                    .Select(text => new Secret(text, secret.Length >= ShortestAnywhere ? null : Word(text)))
                    .Concat(_secrets).OrderByDescending(s => s.Text.Length),
            ];
        }
    }

    /// <summary><paramref name="text"/> with every known secret masked.</summary>
    public static string Scrub(string text)
    {
        foreach (var secret in _secrets)
        {
            if (!text.Contains(secret.Text, StringComparison.Ordinal)) continue;
            text = secret.Word?.Replace(text, Mask) ?? text.Replace(secret.Text, Mask, StringComparison.Ordinal);
        }
        return text.Contains("://", StringComparison.Ordinal) ? LoginInUrl().Replace(text, Mask) : text;
    }

    // Neither a letter nor a digit beside it. What an escape ends with (%20, \u0022, \n) is not a letter of a word.
    private static Regex Word(string text) => new(
        (char.IsLetterOrDigit(text[0]) ? @"(?:(?<![\p{L}\p{Nd}])|(?<=%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\[bfnrt]))" : "")
        + Regex.Escape(text) + (char.IsLetterOrDigit(text[^1]) ? @"(?![\p{L}\p{Nd}])" : ""),
        RegexOptions.CultureInvariant);

    // Whoever wrote a login into a URL: nobody needs to read it.
    [GeneratedRegex("(?<=://)[^/\\s\"'<>]+(?=@)")]
    private static partial Regex LoginInUrl();

    private sealed record Secret(string Text, Regex? Word);
}
