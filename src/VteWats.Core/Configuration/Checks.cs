using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Data.SqlClient;
using TimeZoneConverter;
using VteWats.Core.Diagnostics;
using VteWats.Core.Time;
using VteWats.Core.Vte.Schema;

namespace VteWats.Core.Configuration;

/// <summary>What types and ranges cannot say. Each check gives what is wrong with a text, or null; never the text of something that may be a secret.</summary>
internal static partial class ConfigurationValidators
{
    public const string ReferencePattern = "^(env|file|secret):.+$";
    public const string SiteNamePattern = @"^[\p{L}\p{N}]([\p{L}\p{N} ._-]{0,62}[\p{L}\p{N}_-])?$";
    public const string SincePattern = @"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,7})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?$";

    // Names become names of files and folders in the state.
    public static string? SiteName(string name) =>
        SiteNames().IsMatch(name) ? null : "is no name for a site: 1 to 64 letters, digits, spaces, dots, hyphens and underscores, beginning and ending with a letter or digit";

    public static string? TableName(string logical) =>
        ReferenceSchema.Find(logical) is null ? "VTE has no table of that logical name." + NameSuggestions.Hint(logical, TableNames()) : null;

    public static string? ColumnName(string logical) =>
        Column(logical) is null ? "VTE has no column of that logical name (Table.Column)." + NameSuggestions.Hint(logical, ColumnNames()) : null;

    public static string? Missing(string logical)
    {
        var column = Column(logical);
        var table = ReferenceSchema.Find(logical);
        if (column is null && table is null) return $"VTE has no table or column '{logical}'." + NameSuggestions.Hint(logical, [.. TableNames(), .. ColumnNames()]);
        return column?.Needed ?? table!.Needed ? $"No report can be made without '{logical}', so it cannot be switched off." : null;
    }

    public static string? Reference(string text) =>
        SecretReference.TryParse(text) is null ? "is not a reference to a secret. Write env:NAME, file:PATH or secret:VAULT/NAME, and keep the secret itself in that place" : null;

    public static string? ConnectionString(string text)
    {
        if (SiteResolver.HoldsPassword(text)) return "holds a password. Leave it out; write userName, and password as a reference such as env:VTE_PASSWORD";
        try
        {
            return new SqlConnectionStringBuilder(text).DataSource.Length == 0 ? "names no server (Server=...)" : null;
        }
        // The message may quote a part of the text.
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            return "is no SQL Server connection string: a keyword is not known, or a value does not fit its keyword";
        }
    }

    public static string? TimeZone(string id)
    {
        try
        {
            SiteClock.For(id);
            return null;
        }
        catch (VteWatsException)
        {
            return $"'{id}' is no time zone that this system knows, by IANA or Windows id."
                + NameSuggestions.Hint(id, TZConvert.KnownIanaTimeZoneNames.Concat(TZConvert.KnownWindowsTimeZoneIds));
        }
    }

    public static string? Since(string text) =>
        Dates().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _) ? null
            : $"'{text}' is no time such as 2026-11-01, 2026-11-01T06:00:00 or 2026-11-01T06:00:00+01:00";

    public static string? Url(string text) => IsUrl(text, out var login) ? null
        : login ? "holds a login; the token belongs into wats.token, as a reference" : "is no URL that begins with http:// or https://";

    public static string? Proxy(string text) => text.ToLowerInvariant() is "system" or "none" || IsUrl(text, out var login) ? null
        : login ? "holds a login; write proxyUserName, and proxyPassword as a reference" : "is neither system, none nor the URL of a proxy";

    public static string? Code(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? null : "is no whole number";

    public static string? Match(string pattern)
    {
        if (pattern is not ['/', .., '/'] || pattern.Length < 2) return null;
        try
        {
            _ = new Regex(pattern[1..^1], RegexOptions.CultureInvariant);
            return null;
        }
        catch (RegexParseException e)
        {
            return $"is no regular expression: {e.Message}";
        }
    }

    public static string? Template(string text)
    {
        var unknown = Placeholders().Matches(text).Select(m => m.Groups[1].Value)
            .FirstOrDefault(name => !Mapping.Template.FieldNames.Contains(name.Trim(), StringComparer.OrdinalIgnoreCase));
        if (unknown is not null) return $"there is no {{{unknown}}}." + NameSuggestions.Hint(unknown, Mapping.Template.FieldNames);
        return Placeholders().Replace(text, "").AsSpan().IndexOfAny('{', '}') >= 0 ? "has a brace without its partner" : null;
    }

    private static bool IsUrl(string text, out bool login)
    {
        var parsed = Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
        login = parsed && url!.UserInfo.Length > 0;
        return parsed && !login && url!.Host.Length > 0;
    }

    private static ColumnDefinition? Column(string logical) =>
        logical.Split('.') is [var table, var column] ? ReferenceSchema.Find(table)?.Column(column) : null;

    private static IEnumerable<string> TableNames() => ReferenceSchema.Tables.Select(t => t.Name);

    private static IEnumerable<string> ColumnNames() => from t in ReferenceSchema.Tables from c in t.Columns select $"{t.Name}.{c.Name}";

    [GeneratedRegex(SiteNamePattern)]
    private static partial Regex SiteNames();

    [GeneratedRegex(SincePattern)]
    private static partial Regex Dates();

    [GeneratedRegex(@"\{([^{}]*)\}")]
    private static partial Regex Placeholders();
}
