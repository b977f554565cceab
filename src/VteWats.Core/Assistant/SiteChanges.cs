using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Sync;
using VteWats.Core.Time;
using VteWats.Core.Vte;

namespace VteWats.Core.Assistant;

/// <summary>What has changed since a site was configured: what the data say now that its configuration does not know.</summary>
public static class SiteChanges
{
    private static readonly JsonNodeOptions Nodes = new() { PropertyNameCaseInsensitive = true };

    /// <summary>Names of the sites of a file, sound or not.</summary>
    /// <exception cref="VteWatsException"><c>ConfigurationInvalid</c>: this is not JSON.</exception>
    public static IReadOnlyList<string> Sites(string path) => [.. (Root(path)["sites"] as JsonObject)?.Select(site => site.Key) ?? []];

    /// <summary>Answers that the file already holds: what no data are to decide again.</summary>
    public static IReadOnlyDictionary<string, object?> Known(string path, string site)
    {
        var known = new Dictionary<string, object?>();
        if (Site(path, site) is not { } json) return known;
        if (json["schemaProfile"] is { } profile) known["schemaProfile"] = profile;
        if (json["rows"]?["sites"] is { } sites) known[RowsFinder.Key] = sites;
        return known;
    }

    /// <summary>Those decisions of a proposal that the site's configuration does not agree with, with what it says instead.</summary>
    public static SiteProposal Since(string path, SiteProposal proposal)
    {
        var json = Site(path, proposal.Site) ?? new JsonObject();
        return proposal with
        {
            Decisions =
            [
                .. proposal.Decisions.Where(d => d.Certainty != DecisionCertainty.Given || d.Evidence != "Given.")
                    .Where(d => !Agrees(d, json)).Select(d => d with { Was = At(json, d.Decision)?.ToJsonString(SiteText.Literal) }),
            ],
        };
    }

    private static bool Agrees(SiteDecision decision, JsonObject site)
    {
        var there = At(site, decision.Decision);
        return decision.Decision switch
        {
            // A user may have more reasons than the data.
            "initialSince" or "mapping.partNumber" or "mapping.revision" or RowsFinder.Key => there is not null || decision.Json is not null
                && decision.Certainty != DecisionCertainty.Open,
            "schemaProfile" => decision.Certainty == DecisionCertainty.Given || Same(decision.Json, there),
            "timeZone" => there is not null && (decision.Json is null || SameZone(decision, there.ToString())),
            "timestampIs" => there is not null && (decision.Json is null || Same(decision.Json, there)),
            "mapping.resultCodes" => Holds(decision, there, new MappingOptions().ResultCodes),
            "mapping.stepResultCodes" => Holds(decision, there, new MappingOptions().StepResultCodes)
                || At(site, "mapping.stepVerdict")?.ToString() == MappingOptions.ByLimits,
            "mapping.sentinels" => Numbers(decision.Json).IsSubsetOf(there is null ? new MappingOptions().Sentinels : Numbers(there)),
            OperationFinder.Rules or OperationFinder.Default => decision.Covered(Mapping(site)),
            _ when decision.Decision.Split('.') is [var a, var table, _] => At(site, $"{a}.{table}") is JsonObject codes
                && codes.ContainsKey(decision.Decision.Split('.')[2]),
            // Without a choice it stays as it is: that may be one, too.
            _ when decision.Json is null => ContainsKey(site, decision.Decision),
            _ => Same(decision.Json, there),
        };
    }

    private static bool Covered(this SiteDecision decision, MappingOptions mapping)
    {
        var table = new OperationTable(mapping, "mapping", []);
        try
        {
            return decision.Plans.Count > 0 && decision.Plans.All(run => table.Choose(run) is not null);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static MappingOptions Mapping(JsonObject site)
    {
        try
        {
            return site["mapping"].Deserialize<MappingOptions>(SiteText.Naming) ?? new MappingOptions();
        }
        catch (JsonException)
        {
            return new MappingOptions();
        }
    }

    private static bool SameZone(SiteDecision decision, string there)
    {
        try
        {
            var (ours, theirs) = (SiteClock.For(decision.Value), SiteClock.For(there));
            // Half a year each way, so that both offsets of a year are seen.
            return Enumerable.Range(-24, 36).Select(weeks => DateTimeOffset.UtcNow.AddDays(14 * weeks))
                .All(time => ours.ToLocal(time) == theirs.ToLocal(time));
        }
        catch (VteWatsException)
        {
            return false;
        }
    }

    private static bool Holds(SiteDecision decision, JsonNode? there, IReadOnlyDictionary<int, string> standard)
    {
        var codes = there is JsonObject table ? table.ToDictionary(c => c.Key, c => c.Value?.ToString())
            : standard.ToDictionary(c => c.Key.ToString(CultureInfo.InvariantCulture), c => (string?)c.Value);
        return decision.Table.Where(row => row.Code is not null && row.Verdict is not null)
            .All(row => codes.GetValueOrDefault(row.Code!.Value.ToString(CultureInfo.InvariantCulture)) == row.Verdict);
    }

    private static HashSet<double> Numbers(JsonNode? list) => list is JsonArray numbers
        ? [.. numbers.Select(n => n!.GetValue<double>())] : [];

    private static bool Same(JsonNode? one, JsonNode? other) =>
        JsonNode.DeepEquals(one, other) || one is null or JsonObject { Count: 0 } && other is null or JsonObject { Count: 0 };

    private static JsonNode? At(JsonObject site, string key)
    {
        JsonNode? node = site;
        foreach (var part in key.Split('.')) node = (node as JsonObject)?[part];
        return node;
    }

    private static bool ContainsKey(JsonObject site, string key)
    {
        var parts = key.Split('.');
        JsonNode? node = site;
        foreach (var part in parts[..^1]) node = (node as JsonObject)?[part];
        return node is JsonObject owner && owner.ContainsKey(parts[^1]);
    }

    private static JsonObject? Site(string path, string name) =>
        (Root(path)["sites"] as JsonObject)?.FirstOrDefault(
            site => site.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value as JsonObject;

    private static JsonObject Root(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path), Nodes, ConfigurationFile.Syntax) as JsonObject ?? new JsonObject();
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new VteWatsException(ErrorKind.ConfigurationInvalid, $"The configuration file {path} cannot be read as JSON.",
                "Test-VteWatsConfiguration tells where it is wrong.", path);
        }
    }
}
