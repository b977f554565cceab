using Dapper;
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
        SqlProof.Parses(SqlServerLease.HeldStatement);
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
        using var scratch = new ScratchDatabase();
        var database = VteDatabase.Create(scratch.Site.ToSource(), scratch.Password);
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
    public async Task A_lease_whose_session_the_server_ended_is_lost_and_says_so()
    {
        using var scratch = new ScratchDatabase();
        var settings = new SqlConnectionStringBuilder(scratch.Site.Connection.ConnectionString) { ApplicationName = scratch.Name };
        var site = scratch.Site with { Connection = scratch.Site.Connection with { ConnectionString = settings.ConnectionString } };
        var database = VteDatabase.Create(site.ToSource(), scratch.Password);
        await using var lease =
            await SqlServerLease.TryAcquireAsync(database, scratch.Name, "sync", VteWatsLog.None, CancellationToken.None);
        await lease!.EnsureHeldAsync(CancellationToken.None);
        await lease.EnsureHeldAsync(CancellationToken.None);
        using var admin = scratch.Connect();
        var session = admin.QuerySingle<int>("SELECT session_id FROM sys.dm_exec_sessions WHERE program_name = @Name",
            new { scratch.Name });
        admin.Execute($"KILL {session}");
        for (var n = 0; n < 2; n++)
        {
            var error = await Assert.ThrowsAsync<VteWatsException>(() => lease.EnsureHeldAsync(CancellationToken.None));
            Assert.Equal(ErrorKind.LeaseLost, error.Error);
        }
        await using var again =
            await SqlServerLease.TryAcquireAsync(database, scratch.Name, "sync", VteWatsLog.None, CancellationToken.None);
        Assert.NotNull(again);
    }

    [SqlServerFact]
    public async Task Posts_and_saves_may_ask_at_once_whether_the_lock_is_held()
    {
        using var scratch = new ScratchDatabase();
        var database = VteDatabase.Create(scratch.Site.ToSource(), scratch.Password);
        await using var held =
            await SqlServerLease.TryAcquireAsync(database, scratch.Name, "sync", VteWatsLog.None, CancellationToken.None);
        await Parallel.ForAsync(
            0, 64, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, ct) => await held!.EnsureHeldAsync(ct));
    }
}
