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

    private static readonly object Gate = new();
    private static volatile string[] _secrets = [];

    /// <summary>From now on <paramref name="secret"/> is masked, also as it looks in a URL and in JSON.</summary>
    public static void Add(string? secret)
    {
        if (secret is null || secret.Length < ShortestSecret) return;
        lock (Gate)
        {
            if (Array.IndexOf(_secrets, secret) >= 0) return;
            // Longest first, so that a secret that contains another one is masked as a whole.
            _secrets = [.. _secrets
                .Union([secret, Uri.EscapeDataString(secret), JavaScriptEncoder.Default.Encode(secret)], StringComparer.Ordinal)
                .OrderByDescending(s => s.Length)];
        }
    }

    /// <summary><paramref name="text"/> with every known secret masked.</summary>
    public static string Scrub(string text)
    {
        foreach (var secret in _secrets) text = text.Replace(secret, Mask, StringComparison.Ordinal);
        return text.Contains("://", StringComparison.Ordinal) ? LoginInUrl().Replace(text, Mask) : text;
    }

    // Whoever wrote a login into a URL: nobody needs to read it.
    [GeneratedRegex("(?<=://)[^/\\s\"'<>]+(?=@)")]
    private static partial Regex LoginInUrl();
}
