using System.Text.Json.Nodes;

namespace VteWats.Core.Configuration;

/// <summary>What a first configuration file says. Everything else in it is a comment.</summary>
/// <param name="Site">Name of the site.</param>
/// <param name="TimeZone">IANA or Windows id of the stations' time zone.</param>
/// <param name="TimestampIs">What the timestamps are: <c>start</c> or <c>end</c>.</param>
/// <param name="BaseUrl">Base URL of the WATS server.</param>
/// <param name="TokenReference">Reference to the token.</param>
public sealed record InitialConfiguration(string Site, string TimeZone, string TimestampIs, string BaseUrl, string TokenReference)
{
    internal const string SchemaFileName = "vtewats.schema.json";

    /// <summary>SQL Server connection string without a password; null with <see cref="DatabasePath"/>.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>SQLite file, absolute.</summary>
    public string? DatabasePath { get; init; }

    /// <summary>SQL login; null for Windows authentication.</summary>
    public string? UserName { get; init; }

    /// <summary>Reference to the login's password.</summary>
    public string? PasswordReference { get; init; }

    /// <summary>Start of the very first sync, as the file takes it.</summary>
    public string? InitialSince { get; init; }

    /// <summary>Operation code of runs that no rule matches.</summary>
    public int? DefaultProcessCode { get; init; }

    internal JsonObject ToJson(string folder)
    {
        var connection = new JsonObject();
        Set(connection, "connectionString", ConnectionString);
        Set(connection, "path", DatabasePath is null ? null : Near(DatabasePath, folder));
        Set(connection, "userName", UserName);
        Set(connection, "password", PasswordReference);
        var site = new JsonObject { ["connection"] = connection, ["timeZone"] = TimeZone, ["timestampIs"] = TimestampIs };
        Set(site, "initialSince", InitialSince);
        if (DefaultProcessCode is { } code) site["mapping"] = new JsonObject { ["defaultProcessCode"] = code };
        return new JsonObject
        {
            ["$schema"] = SchemaFileName,
            ["sites"] = new JsonObject { [Site] = site },
            ["wats"] = new JsonObject { ["baseUrl"] = BaseUrl, ["token"] = TokenReference },
        };
    }

    // A database below the file's folder moves with it.
    internal static string Near(string path, string folder)
    {
        var relative = Path.GetRelativePath(folder, path);
        return Path.IsPathRooted(relative) || relative.StartsWith("..", StringComparison.Ordinal) ? path : relative.Replace('\\', '/');
    }

    private static void Set(JsonObject json, string key, string? value)
    {
        if (value is not null) json[key] = value;
    }
}
