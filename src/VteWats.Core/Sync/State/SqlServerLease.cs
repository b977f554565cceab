using System.Data.Common;
using Dapper;
using Microsoft.Data.SqlClient;
using VteWats.Core.Diagnostics;
using VteWats.Core.Vte.Reading;

namespace VteWats.Core.Sync.State;

/// <summary>
/// The lease in the database, against a sync of the same site on another machine: an application lock of a session of its own, which the
/// server
/// frees when the session ends. A login that may not lock goes without: the lease beside the state is the one that is promised.
/// </summary>
internal sealed class SqlServerLease : IDatabaseLease
{
    // One millisecond is no wait, and every server tells then that somebody else holds the lock; with 0 some know only that it failed.
    internal const string LockStatement =
        "DECLARE @answer int; EXEC @answer = sp_getapplock @Resource = @resource, @LockMode = 'Exclusive', @LockOwner = 'Session', "
        + "@LockTimeout = 1; SELECT @answer;";

    internal const string HeldStatement = "SELECT APPLOCK_MODE('public', @resource, 'Session');";

    internal const string UnlockStatement = "EXEC sp_releaseapplock @Resource = @resource, @LockOwner = 'Session';";

    private const int HeldBySomebodyElse = -1;

    private readonly DbConnection _connection;

    // Posts and saves ask at once, and a session takes one question at a time.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly string _resource;
    private readonly string _site;
    private readonly int _commandTimeout;

    private SqlServerLease(DbConnection connection, string resource, string site, int commandTimeout)
    {
        _site = site;
        _commandTimeout = commandTimeout;
        _connection = connection;
        _resource = resource;
    }

    /// <summary>The lease; null on SQLite, and where the login may not lock.</summary>
    /// <param name="database">The site's database.</param>
    /// <param name="site">Name of the site.</param>
    /// <param name="purpose">As for the lease beside the state: a backfill has a lock of its own, because it may run beside the
    /// sync.</param>
    /// <param name="log">Told when it goes without.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="VteWatsException"><c>SyncAlreadyRunning</c>.</exception>
    public static async Task<IDatabaseLease?> TryAcquireAsync(VteDatabase database, string site, string purpose, VteWatsLog log,
        CancellationToken ct)
    {
        if (database.IsSqlite) return null;
        var connection = await database.OpenAsync(ct).ConfigureAwait(false);
        var resource = Resource(site, purpose);
        try
        {
            var answer = await connection.ExecuteScalarAsync<int>(
                new CommandDefinition(LockStatement, new { resource }, commandTimeout: database.CommandTimeoutSeconds,
                cancellationToken: ct)).ConfigureAwait(false);
            if (answer >= 0) return new SqlServerLease(connection, resource, site, database.CommandTimeoutSeconds);
            if (answer == HeldBySomebodyElse)
            {
                throw new VteWatsException(
                    ErrorKind.SyncAlreadyRunning,
                    $"A {purpose} of '{site}' is running already: another machine holds the lock {resource} in {database.Target}.",
                    "Nothing is to be done: that one does the work. sys.dm_tran_locks of the database shows its session.", site);
            }
            log.For<SqlServerLease>()
                .Warning("{Target} gave no application lock ({Answer}); going on with the lease beside the state", database.Target, answer);
        }
        catch (SqlException e) when (!ct.IsCancellationRequested)
        {
            log.For<SqlServerLease>()
                .Warning(e, "{Target} allows no application lock; going on with the lease beside the state", database.Target);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        await connection.DisposeAsync().ConfigureAwait(false);
        return null;
    }

    /// <inheritdoc/>
    public async Task EnsureHeldAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            var mode = await _connection.ExecuteScalarAsync<string>(new CommandDefinition(
                HeldStatement, new { resource = _resource }, commandTimeout: _commandTimeout, cancellationToken: ct)).ConfigureAwait(false);
            if (mode is "Exclusive") return;
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is SqlException or InvalidOperationException)
        {
            // The session is gone, and the lock with it.
        }
        finally
        {
            _turn.Release();
        }
        throw SyncLease.Lost(_site,
            $"The session that held the lock {_resource} in the database of '{_site}' was ended: another machine may work on the site");
    }

    internal static string Resource(string site, string purpose) =>
        "VteWats:" + (purpose == SyncLease.Live ? site : $"{site}:{purpose}").ToUpperInvariant();

    public async ValueTask DisposeAsync()
    {
        _turn.Dispose();
        try
        {
            // A pooled session lives on: the lock has to be given back by name.
            await _connection.ExecuteAsync(new CommandDefinition(UnlockStatement, new { resource = _resource }, commandTimeout: 5))
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is SqlException or InvalidOperationException)
        {
            VteDatabase.Drop(_connection);
        }
        await _connection.DisposeAsync().ConfigureAwait(false);
    }
}
