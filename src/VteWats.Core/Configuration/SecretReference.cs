using VteWats.Core.Diagnostics;

namespace VteWats.Core.Configuration;

/// <summary>
/// Says where a secret is, never what it is: <c>env:NAME</c>, <c>file:PATH</c> or <c>secret:VAULT/NAME</c> (<c>secret:NAME</c> for the
/// default vault).
/// </summary>
public sealed record SecretReference
{
    private SecretReference(string kind, string location)
    {
        Kind = kind;
        Location = location;
    }

    /// <summary><c>env</c>, <c>file</c> or <c>secret</c>.</summary>
    public string Kind { get; }

    /// <summary>Name of the variable, path of the file, or vault and name.</summary>
    public string Location { get; }

    /// <summary>Vault of a <c>secret:</c> reference; null for the default vault.</summary>
    public string? Vault => Location.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? Location[..slash] : null;

    /// <summary>Name of a <c>secret:</c> reference in its vault.</summary>
    public string Name => Location[(Location.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <returns>Null when <paramref name="text"/> is not a reference; then it may be a secret itself, and must not be repeated
    /// anywhere.</returns>
    public static SecretReference? TryParse(string? text)
    {
        if (text is null) return null;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return null;
        var location = text[(colon + 1)..].Trim();
        if (location.Length == 0 || location.StartsWith('/') && text.StartsWith("secret:", StringComparison.Ordinal)
            || location.EndsWith('/')) return null;
        return text[..colon] is "env" or "file" or "secret" ? new SecretReference(text[..colon], location) : null;
    }

    /// <exception cref="VteWatsException"><c>SecretUnavailable</c>: the text is not a reference. It is not repeated, because it may be the
    /// secret.</exception>
    public static SecretReference Parse(string text) => TryParse(text) ?? throw new VteWatsException(
        ErrorKind.SecretUnavailable, "A secret was given where a reference to one is expected.",
        "Write env:NAME, file:PATH or secret:VAULT/NAME, and keep the secret itself in that place.");

    /// <summary>The same reference with the path of a <c>file:</c> made absolute.</summary>
    public static string? Absolute(string? text, string folder) =>
        TryParse(text) is { Kind: "file" } file ? "file:" + Path.GetFullPath(file.Location, folder) : text;

    public override string ToString() => $"{Kind}:{Location}";
}
