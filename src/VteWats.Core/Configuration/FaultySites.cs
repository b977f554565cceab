using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VteWats.Core.Configuration;

/// <summary>Takes sites with which something is wrong out of a configuration, so that they stop no other.</summary>
internal static class FaultySites
{
    /// <returns>The file without them, and what is wrong with each; null where something is wrong besides, or no site would be
    /// left.</returns>
    public static (JsonNode Remaining, IReadOnlyDictionary<string, IReadOnlyList<ConfigurationFinding>> Faulty)? SetAside(
        byte[] file, IReadOnlyList<ConfigurationFinding> findings, JsonDocumentOptions syntax)
    {
        var text = file.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? file.AsSpan(Encoding.UTF8.Preamble.Length) : file.AsSpan();
        try
        {
            if (JsonNode.Parse(text, documentOptions: syntax) is not JsonObject root || root["sites"] is not JsonObject sites) return null;
            var faulty = new Dictionary<string, IReadOnlyList<ConfigurationFinding>>(StringComparer.OrdinalIgnoreCase);
            foreach (var site in sites.Select(site => site.Key))
            {
                var own = ConfigurationCheck.Below("$.sites", site);
                var wrong = findings.Where(f => f.Path == own || f.Path.StartsWith(own + ".", StringComparison.Ordinal)
                    || f.Path.StartsWith(own + "[", StringComparison.Ordinal)).ToList();
                if (wrong.Count > 0) faulty[site] = wrong;
            }
            if (faulty.Count == 0 || faulty.Count == sites.Count || faulty.Values.Sum(f => f.Count) < findings.Count) return null;
            foreach (var site in faulty.Keys) sites.Remove(site);
            return (root, faulty);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // Not JSON, or a key that is there twice.
            return null;
        }
    }
}
