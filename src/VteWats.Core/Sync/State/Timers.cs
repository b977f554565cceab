using Dapper;

namespace VteWats.Core.Sync.State;

/// <summary>When something that is not done at each sync was done last.</summary>
internal sealed class Timers(StateDatabase database, string site)
{
    private readonly string _site = Ids.Site(site);

    /// <summary>True when it was never done, or longer ago than this.</summary>
    public bool IsDue(string name, TimeSpan after, DateTimeOffset now)
    {
        var at = database.Read(connection => connection.QuerySingleOrDefault<long?>(StateSql.GetTimer, new { site = _site, name }));
        // A clock that was set back must not put it off for years.
        return at is null || now.UtcTicks - at.Value >= after.Ticks || at.Value > now.UtcTicks;
    }

    /// <summary>True when it was done, or put off, once.</summary>
    public bool IsKnown(string name) =>
        database.Read(connection => connection.QuerySingleOrDefault<long?>(StateSql.GetTimer, new { site = _site, name })) is not null;

    public void Set(SyncLease? lease, string name, DateTimeOffset now) => database.Write(lease, (connection, transaction) =>
        connection.Execute(StateSql.PutTimer, new { site = _site, name, at = now.UtcTicks }, transaction));
}
