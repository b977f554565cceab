using Dapper;
using VteWats.Core.Sync.State;

namespace VteWats.Unit.Sync;

/// <summary>A sync with nothing new asks the ledger for few rows, however long its history: no question goes through all of it.</summary>
public sealed class LedgerPlanTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vtewats-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData((int)LedgerState.Posting)]
    [InlineData((int)LedgerState.Sent)]
    [InlineData((int)LedgerState.Held)]
    public void Runs_in_a_state_are_found_by_its_index(int number)
    {
        var (state, database) = ((LedgerState)number, new StateDatabase(_folder));
        database.Write(null, static (_, _) => 0);
        foreach (var statement in (string[])[StateSql.RunsInState(state), StateSql.CountInState(state), StateSql.CountOlderInState(state)])
        {
            var plan = database.Read(connection => connection
                .Query("EXPLAIN QUERY PLAN " + statement, new { site = "oslo", before = 1L, most = 1 }).Select(row => (string)row.detail)
                .ToList())!;
            Assert.Contains("LedgerByState", Assert.Single(plan), StringComparison.Ordinal);
        }
    }
}
