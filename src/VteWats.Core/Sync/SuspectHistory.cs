using Dapper;
using VteWats.Core.Sync.State;
using VteWats.Core.Wats.Sending;

namespace VteWats.Core.Sync;

/// <summary>Remembers in the state the report that ended the last syncs of a site alone, while the server was well.</summary>
/// <param name="stateFolder">The state folder.</param>
/// <param name="site">Name of the site.</param>
internal sealed class SuspectHistory(string stateFolder, string site) : ISuspectHistory
{
    private readonly StateDatabase _database = new(stateFolder);
    private readonly string _site = Ids.Site(site);

    /// <inheritdoc/>
    public int FailuresInARow(Guid runId) => _database.Read(connection =>
        connection.QuerySingleOrDefault<int>(StateSql.GetUndecided, new { site = _site, id = Ids.Bytes(runId) }));

    /// <inheritdoc/>
    public bool IsSuspect(Guid runId) => _database.Read(connection =>
        connection.ExecuteScalar<long>(StateSql.HasSuspect, new { site = _site, id = Ids.Bytes(runId) }) > 0);

    /// <inheritdoc/>
    public Task UndecidedAsync(UndecidedReport undecided)
    {
        var id = undecided.Report.Id!.Value;
        var failures = undecided.ServerIsWell ? FailuresInARow(id) + 1 : 0;
        _database.Write(null, (connection, transaction) => connection.Execute(
            failures == 0 ? StateSql.RemoveUndecided
            : StateSql.PutUndecided, new { site = _site, id = Ids.Bytes(id), failures }, transaction));
        return Task.CompletedTask;
    }
}
