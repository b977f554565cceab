using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Vte;

namespace VteWats.Core.Configuration;

/// <summary>Chooses the site to read: parameters beat the file.</summary>
public static class SiteResolver
{
    /// <summary>Name of a site that is described by parameters alone and has been given no name.</summary>
    public const string AdHoc = "adhoc";

    /// <summary>
    /// The configured site with the given parameters laid over it. A connection without the name of a configured site describes a site of
    /// its
    /// own, which takes nothing from the file: the time zone of another plant would be a wrong guess.
    /// </summary>
    /// <exception cref="VteWatsException">
    /// <c>InvalidArgument</c>: parameters missing or contradicting each other; <c>ConfigurationInvalid</c>: no such site, or several and
    /// none named.
    /// </exception>
    public static SiteOptions Resolve(
        VteWatsConfiguration? configuration, string? name, string? connectionString, string? databasePath, string? userName,
        string? timeZone)
    {
        if (connectionString is not null && databasePath is not null)
            throw Argument("Both -ConnectionString and -DatabasePath were given.", "Give the one that names the database to read.");
        if (connectionString is not null && ConnectionOptions.HoldsPassword(connectionString))
            throw Argument("The connection string holds a password.", "Leave Password (or Pwd) out and give -Credential.");

        var adHoc = connectionString is not null || databasePath is not null;
        SiteOptions? known = null;
        if (!adHoc || name is not null && configuration is not null && (configuration.Sites.ContainsKey(name)
            || configuration.Faulty.ContainsKey(name)))
            known = Choose(configuration, name);
        if (known is null && timeZone is null) throw Argument(
            "The time zone of the test stations is not known.",
            "Give -TimeZone, such as Europe/Oslo: a database that is not configured as a site has none, and a guess would shift every "
            + "report.");

        var site = known ?? new SiteOptions { Name = name ?? AdHoc };
        var connection = site.Connection;
        if (connectionString is not null) connection = connection with { ConnectionString = connectionString, Path = null };
        if (databasePath is not null)
            connection = connection with { Path = databasePath, ConnectionString = null, UserName = null, Password = null };
        if (userName is not null) connection = connection with { UserName = userName, Password = null };
        return site with { Connection = connection, TimeZone = timeZone ?? site.TimeZone };
    }

    /// <summary>The site of that name; without a name, the only one there is.</summary>
    public static SiteOptions Choose(VteWatsConfiguration? configuration, string? name)
    {
        if (configuration is null) throw Argument(
            name is null ? "No VTE database is named." : $"The site '{name}' is not known: there is no configuration file.",
            "Give -ConnectionString or -DatabasePath with -TimeZone, or make a configuration file with New-VteWatsConfiguration.");
        if (name is null)
        {
            if (configuration.Sites.Count == 1 && configuration.Faulty.Count == 0) return configuration.Sites.Values.First();
            throw configuration.Sites.Count + configuration.Faulty.Count == 0
                ? Invalid(configuration, $"The configuration file {configuration.Path} names no site.",
                "Add one under sites, or give -ConnectionString or -DatabasePath.")
                : Invalid(configuration, $"There are several sites and none was chosen. The sites are: {Names(configuration)}.",
                "Choose one with -Site.");
        }
        if (configuration.Sites.TryGetValue(name, out var site)) return site;
        throw configuration.Faulty.GetValueOrDefault(name) ?? Unknown(configuration, name);
    }

    /// <summary>The error for a site that is not configured; it lists those that are.</summary>
    public static VteWatsException Unknown(VteWatsConfiguration configuration, string name) => Invalid(
        configuration, $"There is no site '{name}' in {configuration.Path}. The sites are: {Names(configuration)}.",
        "Choose one of them with -Site, or add the site to the file.");

    private static string Names(VteWatsConfiguration configuration) =>
        configuration.Sites.Count + configuration.Faulty.Count == 0 ? "none"
        : string.Join(", ", configuration.Sites.Keys.Concat(configuration.Faulty.Keys).Order(StringComparer.OrdinalIgnoreCase));

    private static VteWatsException Argument(string message, string advice) => new(ErrorKind.InvalidArgument, message, advice);

    private static VteWatsException Invalid(VteWatsConfiguration configuration, string message, string advice) =>
        new(ErrorKind.ConfigurationInvalid, message, advice, configuration.Path);
}
