using Microsoft.Data.SqlClient;
using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
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
        VteDatabase.Create(new SiteConfiguration { Name = "Oslo", Connection = new ConnectionConfiguration { Path = "none.db" } }, null), "Oslo", VteWatsLog.None, CancellationToken.None));

    [SqlServerFact]
    public async Task The_lease_in_the_database_is_held_by_one_session_and_free_again_afterwards()
    {
        var settings = new SqlConnectionStringBuilder(SqlServerFactAttribute.ConnectionString);
        var password = settings.Password.Length > 0 ? settings.Password : null;
        settings.Remove("Password");
        var database = VteDatabase.Create(
            new SiteConfiguration { Name = "Oslo", Connection = new ConnectionConfiguration { ConnectionString = settings.ConnectionString } }, password);
        await using (var held = await SqlServerLease.TryAcquireAsync(database, "Narvik", VteWatsLog.None, CancellationToken.None))
        {
            Assert.NotNull(held);
            var error = await Assert.ThrowsAsync<VteWatsException>(() => SqlServerLease.TryAcquireAsync(database, "narvik", VteWatsLog.None, CancellationToken.None));
            Assert.Equal(ErrorKind.SyncAlreadyRunning, error.Error);
            await using var other = await SqlServerLease.TryAcquireAsync(database, "Bergen", VteWatsLog.None, CancellationToken.None);
            Assert.NotNull(other);
        }
        await using var again = await SqlServerLease.TryAcquireAsync(database, "Narvik", VteWatsLog.None, CancellationToken.None);
        Assert.NotNull(again);
    }
}
