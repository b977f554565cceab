using System.Text.Json;
using VteWats.Core.Diagnostics;
using VteWats.Core.Vte;

namespace VteWats.Core.Configuration;

/// <summary>Finds sites that read one database without saying which of its runs are theirs: both would post every run.</summary>
internal static class SharedDatabases
{
    public static IEnumerable<ConfigurationFinding> Findings(JsonElement root)
    {
        if (Object(root, "sites") is not { } sites) return [];
        return sites.EnumerateObject()
            .Select(site => (site.Name, Key: Database(site.Value), Shares: Shares(site.Value)))
            .Where(site => site.Key is not null)
            .GroupBy(site => site.Key)
            .Where(group => group.Count() > 1)
            .SelectMany(group => group.Where(site => !site.Shares).Select(site => new ConfigurationFinding(
                FindingSeverity.Error, ConfigurationCheck.Below(ConfigurationCheck.Below("$.sites", site.Name), "rows"),
                $"Missing. Site '{group.First(other => other.Name != site.Name).Name}' reads the same database, and both would post every "
                + "run. Say with rows, for each of them, which runs are its own.")));
    }

    private static string? Database(JsonElement site) => Object(site, "connection") is { } connection
        ? ConnectionOptions.DatabaseOf(Text(connection, "path"), Text(connection, "connectionString")) : null;

    private static bool Shares(JsonElement site) => Object(site, "rows") is { } rows && rows.EnumerateObject()
        .Any(list => list.Value.ValueKind == JsonValueKind.Array && list.Value.GetArrayLength() > 0);

    private static JsonElement? Object(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object
        ? value : null;

    private static string? Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
