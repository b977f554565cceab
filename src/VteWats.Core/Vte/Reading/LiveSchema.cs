using VteWats.Core.Diagnostics;
using VteWats.Core.Vte.Schema;

namespace VteWats.Core.Vte.Reading;

/// <summary>A site's live catalogue beside what its profile says.</summary>
public sealed record LiveSchema(Catalogue Catalogue, SchemaProfile Profile)
{
    /// <exception cref="VteWatsException">ConfigurationInvalid, or the connection errors.</exception>
    public static Task<LiveSchema> ReadAsync(VteSourceOptions site, string? password, CancellationToken ct)
    {
        var profile = SchemaProfile.From(site.SchemaProfile);
        // The connection's worker is synchronous, so that a server that does not answer cannot hold up Ctrl+C.
        return VteDatabase.Create(site, password).UseAsync(
            connection => new LiveSchema(Catalogue.ReadAsync(connection, ct).GetAwaiter().GetResult(), profile), ct);
    }
}
