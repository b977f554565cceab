using Dapper;

namespace VteWats.Core.Sync.State;

/// <summary>A site whose sync somebody has suspended.</summary>
/// <param name="Site">Name of the site.</param>
/// <param name="At">When.</param>
/// <param name="Who">Who did it.</param>
/// <param name="Reason">Why.</param>
public sealed record SitePause(string Site, DateTimeOffset At, string Who, string Reason);

/// <summary>The pause of one site.</summary>
public sealed class Pauses(StateDatabase database, string site)
{
    private readonly string _site = Ids.Site(site);

    /// <summary>The pause; null where the site is not suspended.</summary>
    public SitePause? Find() => database.Read(connection =>
        connection.QuerySingleOrDefault<(long At, string Who, string Reason)?>(StateSql.GetPause, new { site = _site }) is { } row
            ? new SitePause(site, Ids.Instant(row.At), row.Who, row.Reason) : null);

    /// <summary>Suspends the site; a new reason takes the place of an older one.</summary>
    public SitePause Put(string who, string reason, DateTimeOffset at)
    {
        database.Write(null, (connection, transaction) => connection.Execute(StateSql.PutPause,
            new { site = _site, name = site, at = at.UtcTicks, who, reason }, transaction));
        return new SitePause(site, at, who, reason);
    }

    /// <summary>Ends the pause; false when there was none.</summary>
    public bool Remove() => database.Exists && database.Write(null, (connection, transaction) =>
        connection.Execute(StateSql.RemovePause, new { site = _site }, transaction)) > 0;
}
