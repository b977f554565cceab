using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using TimeZoneConverter;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Time;
using VteWats.Core.Vte.Schema;
using VteWats.Core.Wats.Client;

namespace VteWats.Core.Configuration;

/// <summary>
/// What types and ranges cannot say, where no part of the program has a parser that says it already. Each gives what is wrong with a text,
/// or
/// null; never the text of something that may be a secret.
/// </summary>
internal static partial class ConfigurationValidators
{
    public const string ReferencePattern = "^(env|file|secret):.+$";
    public const string SiteNamePattern = @"^[\p{L}\p{N}]([\p{L}\p{N} ._-]{0,62}[\p{L}\p{N}_-])?$";

    // Names become names of files and folders in the state.
    public static string? SiteName(string name) => SiteNames().IsMatch(name) ? null
        : "is not a valid name of a site: 1 to 64 letters, digits, spaces, dots, hyphens and underscores, beginning and ending with a "
        + "letter or digit";

    public static string? Reference(string text) => SecretReference.TryParse(text) is not null ? null
        : "is not a reference to a secret. Write env:NAME, file:PATH or secret:VAULT/NAME, and keep the secret itself in that place";

    public static string? TimeZone(string id)
    {
        try
        {
            SiteClock.For(id);
            return null;
        }
        catch (VteWatsException)
        {
            return $"'{id}' is not a time zone that this system knows, by IANA or Windows id."
                + NameSuggestions.Hint(id, TZConvert.KnownIanaTimeZoneNames.Concat(TZConvert.KnownWindowsTimeZoneIds));
        }
    }

    public static string? EncryptedOrAllowed(JsonElement wats)
    {
        var allowed = wats.TryGetProperty("allowHttp", out var flag) && flag.ValueKind == JsonValueKind.True;
        return wats.TryGetProperty("baseUrl", out var text) && text.ValueKind == JsonValueKind.String
            && WatsAddress.WrongUrl(text.GetString()!) is null
            ? WatsAddress.Unencrypted(new Uri(text.GetString()!), allowed) : null;
    }

    public static string? NotBelowTheCensus(JsonElement sync)
    {
        var standard = new SyncOptions();
        var (days, census) = (Number("ledgerDays", standard.LedgerDays), Number("censusDays", standard.CensusDays));
        return days >= census ? null : FormattableString.Invariant($"{days} days are less than the {census} of censusDays: runs that the ")
            + "ledger has forgotten would be read and asked for again at each sync";

        double Number(string key, int value) =>
            sync.TryGetProperty(key, out var given) && given.ValueKind == JsonValueKind.Number ? given.GetDouble() : value;
    }

    public static string? Since(string text) => SiteTime.IsWellFormed(text) ? null
        : $"'{text}' is not a valid time such as 2026-11-01, 2026-11-01T06:00:00 or 2026-11-01T06:00:00+01:00";

    public static string? Code(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? null : "is not a whole number";

    [GeneratedRegex(SiteNamePattern)]
    private static partial Regex SiteNames();
}
