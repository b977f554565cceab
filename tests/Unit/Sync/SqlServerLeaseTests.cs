using Microsoft.Data.SqlClient;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Unit.Support;

namespace VteWats.Unit.Sync;

public class SqlServerLeaseTests
{
    [Fact]
    public void The_statements_of_the_lease_parse_as_sql_server_2012()
    {
        SqlProof.Parses(SqlServerLease.LockStatement);
        SqlProof.Parses(SqlServerLease.UnlockStatement);
    }

    [Fact]
    public async Task There_is_no_lease_in_a_sqlite_file() => Assert.Null(await SqlServerLease.TryAcquireAsync(
        VteDatabase.Create(new SiteOptions { Name = "Oslo", Connection = new ConnectionOptions { Path = "none.db" } }.ToSource(), null),
        "Oslo", "sync", VteWatsLog.None, CancellationToken.None));

    [Fact]
    public void A_backfill_has_a_lock_of_its_own_so_that_it_runs_beside_the_sync()
    {
        var backfill = new SyncRequest { Backfill = new BackfillRange(DateTimeOffset.UnixEpoch, null, false) };
        Assert.Equal("VTEWATS:OSLO", SqlServerLease.Resource("Oslo", new SyncRequest().Purpose), ignoreCase: true);
        Assert.NotEqual(SqlServerLease.Resource("Oslo", new SyncRequest().Purpose), SqlServerLease.Resource("Oslo", backfill.Purpose));
        Assert.Equal(SqlServerLease.Resource("OSLO", backfill.Purpose),
            SqlServerLease.Resource("Oslo", (backfill with { Force = true }).Purpose));
    }

    [SqlServerFact]
    public async Task The_lease_in_the_database_is_held_by_one_session_and_free_again_afterwards()
    {
        var database = Database();
        await using (var held = await SqlServerLease.TryAcquireAsync(database, "Narvik", "sync", VteWatsLog.None, CancellationToken.None))
        {
            Assert.NotNull(held);
            var error = await Assert.ThrowsAsync<VteWatsException>(() => SqlServerLease.TryAcquireAsync(database, "narvik", "sync",
                VteWatsLog.None, CancellationToken.None));
            Assert.Equal(ErrorKind.SyncAlreadyRunning, error.Error);
            await using var other =
                await SqlServerLease.TryAcquireAsync(database, "Bergen", "sync", VteWatsLog.None, CancellationToken.None);
            Assert.NotNull(other);
            await using var backfill =
                await SqlServerLease.TryAcquireAsync(database, "Narvik", "backfill-1", VteWatsLog.None, CancellationToken.None);
            Assert.NotNull(backfill);
        }
        await using var again = await SqlServerLease.TryAcquireAsync(database, "Narvik", "sync", VteWatsLog.None, CancellationToken.None);
        Assert.NotNull(again);
    }

    [SqlServerFact]
    public async Task Posts_and_saves_may_ask_at_once_whether_the_lock_is_held()
    {
        await using var held = await SqlServerLease.TryAcquireAsync(Database(), "Tromso", "sync", VteWatsLog.None, CancellationToken.None);
        await Parallel.ForAsync(
            0, 64, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, ct) => await held!.EnsureHeldAsync(ct));
    }

    private static VteDatabase Database()
    {
        var settings = new SqlConnectionStringBuilder(SqlServerFactAttribute.ConnectionString);
        var password = settings.Password.Length > 0 ? settings.Password : null;
        settings.Remove("Password");
        return VteDatabase.Create(
            new SiteOptions
            {
                Name = "Oslo",
                Connection = new ConnectionOptions { ConnectionString = settings.ConnectionString }
            }.ToSource(), password);
    }
}
