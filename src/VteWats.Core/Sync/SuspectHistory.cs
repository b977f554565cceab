using Dapper;
using VteWats.Core.Sync.State;
using VteWats.Core.Wats.Sending;

namespace VteWats.Core.Sync;

/// <summary>Remembers in the state, for each site, the reports that ended its last syncs with no other one that got through, while the
/// server was well.</summary>
/// <param name="stateFolder">The state folder.</param>
internal sealed class SuspectHistory(string stateFolder) : ISuspectHistory
{
    private readonly StateDatabase _database = new(stateFolder);
    private readonly object _gate = new();
    // The reports that are remembered, asked for once; null until then.
    private HashSet<Guid>? _remembered;

    /// <inheritdoc/>
    public int FailuresInARow(Guid runId) => _database.Read(connection =>
        connection.QueryFirstOrDefault<int>(StateSql.GetUndecided, new { id = Ids.Bytes(runId) }));

    /// <inheritdoc/>
    public Task UndecidedAsync(UndecidedReport undecided)
    {
        var site = Ids.Site(undecided.Report.Source?.Site ?? "");
        // In a row: what did not fail this time begins anew, and so does everything where the server was not well.
        var runs = undecided.ServerIsWell ? undecided.Runs.Select(Ids.Bytes).ToList() : [];
        _database.Write(null, (connection, transaction) =>
        {
            connection.Execute(StateSql.RemoveOtherUndecided, new { site, ids = runs }, transaction);
            connection.Execute(StateSql.PutUndecided, runs.Select(id => new { site, id }), transaction);
        });
        lock (_gate) _remembered = null;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void GotThrough(Guid runId)
    {
        lock (_gate)
        {
            _remembered ??= _database.Read(connection =>
                connection.Query<byte[]>(StateSql.AllUndecided).Select(Ids.Guid).ToHashSet()) ?? [];
            if (!_remembered.Contains(runId)) return;
            _database.Write(null, (connection, transaction) =>
                connection.Execute(StateSql.ForgetUndecided, new { id = Ids.Bytes(runId) }, transaction));
            _remembered.Remove(runId);
        }
    }
}
