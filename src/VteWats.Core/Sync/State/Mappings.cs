using System.Text.Json;
using Dapper;
using VteWats.Core.Mapping;

namespace VteWats.Core.Sync.State;

/// <summary>The mappings under which runs of a site were sent, by their fingerprints: what a run's report was can be made again, and
/// compared with what it is now.</summary>
internal sealed class Mappings(StateDatabase database, string site)
{
    private readonly string _site = Ids.Site(site);

    /// <summary>The mapping of a fingerprint; null where none was kept, or where it cannot be read any more.</summary>
    public MappingOptions? Find(long fingerprint)
    {
        var text = database.Read(connection => connection.QuerySingleOrDefault<string>(
            StateSql.GetMapping, new { site = _site, fingerprint }));
        try { return text is null ? null : MappingOptions.FromText(text); }
        catch (JsonException) { return null; }
    }
}
