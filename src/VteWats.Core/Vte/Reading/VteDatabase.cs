using System.Data.Common;
using System.Globalization;
using Dapper;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Vte.Reading;

/// <summary>
/// A site's database and how to connect to it for reading: SQL Server, or a SQLite sample or extract. Every session gives way to the
/// stations: it is the deadlock victim, waits briefly for locks, and says who it is.
/// </summary>
internal sealed class VteDatabase
{
    public const string ApplicationName = "VteWats";

    /// <summary>Milliseconds that a statement waits for a lock before it gives up and is tried again.</summary>
    internal const int LockTimeoutMilliseconds = 5000;

    internal const string SessionSetup =
        "SET DEADLOCK_PRIORITY LOW; SET LOCK_TIMEOUT 5000; SET TRANSACTION ISOLATION LEVEL READ COMMITTED;";
    internal const string SnapshotSetup = "SET TRANSACTION ISOLATION LEVEL SNAPSHOT;";
    internal const string SnapshotQuestion = "SELECT CAST(snapshot_isolation_state AS int) FROM sys.databases WHERE database_id = DB_ID();";
    internal const string SqlServerIdentity =
        "SELECT CAST(SERVERPROPERTY('ServerName') AS nvarchar(256)) AS [Server], DB_NAME() AS [Database];";
    internal const string AvailabilityGroup = """
        SELECT CAST(c.group_id AS nvarchar(36)) FROM sys.databases AS d
        INNER JOIN sys.availability_databases_cluster AS c ON c.group_database_id = d.group_database_id
        WHERE d.database_id = DB_ID();
        """;
    internal const string SqlServerClock = "SELECT SYSUTCDATETIME();";
    internal const string SqliteClock = "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now');";

    private readonly string _connectionString;
    private readonly SqlCredential? _credential;
    private bool? _snapshot;
    private Action<ConnectionAttempt>? _told;

    private VteDatabase(bool isSqlite, string connectionString, SqlCredential? credential, string target, int commandTimeout)
    {
        IsSqlite = isSqlite;
        _connectionString = connectionString;
        _credential = credential;
        Target = target;
        CommandTimeoutSeconds = Math.Clamp(commandTimeout, 1, 600);
    }

    public bool IsSqlite { get; }

    /// <summary>True when a transaction sees all of the database as it was when it began, and holds up nobody. Known once a connection was
    /// opened.</summary>
    internal bool HasSnapshots => IsSqlite || _snapshot == true;

    /// <summary>Server and database, or the file, as messages name it. Holds no secret.</summary>
    public string Target { get; }

    /// <summary>Seconds that one command may take. Set it on every command: a blocked server would hold the reader for ever.</summary>
    public int CommandTimeoutSeconds { get; }

    /// <summary>Reads the connection settings of a site; opens nothing.</summary>
    /// <exception cref="VteWatsException"><c>VteWats.ConfigurationInvalid</c>: no connection, or one that cannot be understood.</exception>
    public static VteDatabase Create(VteSourceOptions site, string? password)
    {
        var database = Described(site, password);
        database._told = site.OnAttempt;
        return database;
    }

    private static VteDatabase Described(VteSourceOptions site, string? password)
    {
        var connection = site.Connection;
        if (connection.Path is { } path)
        {
            var full = Path.GetFullPath(path);
            var sqlite = new SqliteConnectionStringBuilder
            {
                DataSource = full, Mode = SqliteOpenMode.ReadOnly, Pooling = false,
                DefaultTimeout = Math.Clamp(connection.CommandTimeoutSeconds, 1, 600)
            };
            return new VteDatabase(true, sqlite.ConnectionString, null, full, connection.CommandTimeoutSeconds);
        }
        if (string.IsNullOrWhiteSpace(connection.ConnectionString))
        {
            throw new VteWatsException(
                ErrorKind.ConfigurationInvalid, $"Site '{site.Site}' has neither a connection string nor a database file.",
                "Set connection.connectionString (SQL Server) or connection.path (SQLite) of the site, or use -ConnectionString or "
                + "-DatabasePath.", site.Site);
        }
        return FromConnectionString(site, connection, password);
    }

    /// <summary>An open connection, its session set up. The caller disposes of it.</summary>
    /// <exception cref="VteWatsException">With the kind of failure and what to do about it.</exception>
    public async Task<DbConnection> OpenAsync(CancellationToken ct)
    {
        try
        {
            return await Retry.Opening.ExecuteAsync(async token => await ConnectAsync(token).ConfigureAwait(false), ct)
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw SqlFailures.From(e, Target, opening: true);
        }
    }

    /// <summary>One attempt at <see cref="OpenAsync"/>, failing as the provider fails.</summary>
    internal Task<DbConnection> ConnectAsync(CancellationToken ct)
    {
        if (IsSqlite && !File.Exists(Target))
        {
            throw new VteWatsException(
                ErrorKind.SqlUnreachable, $"There is no database file '{Target}'.",
                "Check the path; New-VteSampleDatabase makes a sample database.", Target);
        }
        _told?.Invoke(new ConnectionAttempt(Target, null));
        // On a worker: neither a name look-up nor a server that accepts and then says nothing holds up Ctrl+C.
        return BoundedWork.RunAsync(
            () =>
            {
                DbConnection connection = IsSqlite ? new SqliteConnection(_connectionString)
                    : new SqlConnection(_connectionString, _credential);
                try
                {
                    if (connection is SqlConnection sql) sql.OpenForPartialPackets();
                    else connection.Open();
                    SetUp(connection);
                    return connection;
                }
                catch (Exception e)
                {
                    if (e is SqlException failure) ServerReach.Note(failure, connection.DataSource);
                    _told?.Invoke(new ConnectionAttempt(Target, SqlFailures.From(e, Target, opening: true).Message));
                    connection.Dispose();
                    throw;
                }
            },
            static () => { }, static () => { }, static late => { if (late.IsCompletedSuccessfully) late.Result.Dispose(); }, ct);
    }

    /// <summary>Makes blocking calls on a connection of their own, so that the user can always leave them.</summary>
    internal async Task<T> UseAsync<T>(Func<DbConnection, T> call, CancellationToken ct)
    {
        var connection = await OpenAsync(ct).ConfigureAwait(false);
        try
        {
            var result = await BoundedWork.RunAsync(() => call(connection), static () => { }, () => Drop(connection),
                _ => connection.Dispose(), ct).ConfigureAwait(false);
            await connection.DisposeAsync().ConfigureAwait(false);
            return result;
        }
        // After a cancellation the connection is the worker's, to the end.
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw SqlFailures.From(e, Target, opening: false);
        }
    }

    /// <summary>One statement on a connection of its own, failing as the provider fails. The server is told to leave it when the user
    /// does.</summary>
    internal async Task<T> AskAsync<T>(Action<DbCommand> prepare, Func<DbDataReader, T> read, CancellationToken ct)
    {
        var connection = await ConnectAsync(ct).ConfigureAwait(false);
        var command = Command(connection);
        try
        {
            var answer = await BoundedWork.RunAsync(
                () =>
                {
                    prepare(command);
                    using var reader = command.ExecuteReader();
                    return read(reader);
                },
                () => Stop(command, connection), () => Drop(connection), _ => connection.Dispose(), ct).ConfigureAwait(false);
            await connection.DisposeAsync().ConfigureAwait(false);
            return answer;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (e is SqlException) Drop(connection);
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A command that cannot take longer than the site allows.</summary>
    internal DbCommand Command(DbConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandTimeout = CommandTimeoutSeconds;
        return command;
    }

    /// <summary>Asks the server, or SQLite, to leave what the command does; from any thread.</summary>
    internal static void Stop(DbCommand command, DbConnection connection)
    {
        if (connection is SqliteConnection { Handle: { } handle }) SQLitePCL.raw.sqlite3_interrupt(handle);
        else command.Cancel();
    }

    /// <summary>Takes the connection, and those like it, out of the pool: nobody must get one that is broken or still busy.</summary>
    internal static void Drop(DbConnection connection)
    {
        if (connection is SqlConnection sql) SqlConnection.ClearPool(sql);
    }

    /// <summary>What tells this database from every other: availability group and database, which stay when another server takes over; else
    /// server and database as the server itself names them; or the file.</summary>
    internal string Identity(DbConnection connection)
    {
        if (IsSqlite) return $"sqlite:{Target}";
        var (server, database) =
            connection.QuerySingle<(string? Server, string Database)>(SqlServerIdentity, commandTimeout: CommandTimeoutSeconds);
        return IdentityOf(Group(connection), server ?? connection.DataSource, database);
    }

    internal static string IdentityOf(string? group, string server, string database) =>
        (group is null ? $"sqlserver:{server}/{database}" : $"sqlserver:group {group}/{database}").ToUpperInvariant();

    // A login that may not see the group, and a server that knows no groups, have the server's name instead.
    private string? Group(DbConnection connection)
    {
        try
        {
            return connection.QueryFirstOrDefault<string>(AvailabilityGroup, commandTimeout: CommandTimeoutSeconds);
        }
        catch (SqlException e) when (!SqlTransience.IsTransient(e))
        {
            return null;
        }
    }

    /// <summary>The database's own clock.</summary>
    internal DateTimeOffset UtcNow(DbConnection connection)
    {
        var now = IsSqlite
            ? DateTime.Parse(connection.ExecuteScalar<string>(SqliteClock, commandTimeout: CommandTimeoutSeconds)!,
            CultureInfo.InvariantCulture)
            : connection.ExecuteScalar<DateTime>(SqlServerClock, commandTimeout: CommandTimeoutSeconds);
        return new DateTimeOffset(DateTime.SpecifyKind(now, DateTimeKind.Utc));
    }

    /// <summary>The connection string as it is used. Never shown: an ad-hoc one may hold a password.</summary>
    internal SqlConnectionStringBuilder SqlServerSettings => new(_connectionString);

    private static VteDatabase FromConnectionString(VteSourceOptions site, ConnectionOptions connection, string? password)
    {
        SqlConnectionStringBuilder builder;
        try
        {
            builder = new SqlConnectionStringBuilder(connection.ConnectionString);
        }
        // The parser's message may quote a piece of the string, and a piece of it may be a password.
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            throw new VteWatsException(
                ErrorKind.ConfigurationInvalid, $"The connection string of site '{site.Site}' cannot be understood.",
                "Write it as Server=HOST\\INSTANCE;Database=VTE9_3;Encrypt=True, with keywords that Microsoft.Data.SqlClient knows.",
                site.Site);
        }
        if (!builder.ShouldSerialize("Application Intent")) builder.ApplicationIntent = ApplicationIntent.ReadOnly;
        if (!builder.ShouldSerialize("Application Name")) builder.ApplicationName = ApplicationName;
        // Else a failed attempt is answered from memory for some seconds, and trying again would be a mere show.
        if (!builder.ShouldSerialize("Pool Blocking Period")) builder.PoolBlockingPeriod = PoolBlockingPeriod.NeverBlock;
        // Else a session that the server ended comes back unseen, and whether it still gives way to the stations is the server's affair.
        // Ours is set up anew.
        if (!builder.ShouldSerialize("Connect Retry Count")) builder.ConnectRetryCount = 0;
        var user = connection.UserName ?? (builder.UserID.Length > 0 ? builder.UserID : null);
        SqlCredential? credential = null;
        if (user is not null && password is not null)
        {
            builder.Remove("User ID");
            builder.Remove("Password");
            builder.Remove("Integrated Security");
            credential = SqlLogins.Get(builder.ConnectionString, user, password);
        }
        else if (user is not null)
        {
            builder.UserID = user;
        }
        else if (builder.Authentication == SqlAuthenticationMethod.NotSpecified)
        {
            builder.IntegratedSecurity = true;
        }
        var target = $"{builder.DataSource}/{builder.InitialCatalog}";
        return new VteDatabase(false, builder.ConnectionString, credential, target, connection.CommandTimeoutSeconds);
    }

    private void SetUp(DbConnection connection)
    {
        if (IsSqlite)
        {
            connection.Execute("PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;", commandTimeout: CommandTimeoutSeconds);
            return;
        }
        connection.Execute(SessionSetup, commandTimeout: CommandTimeoutSeconds);
        _snapshot ??= connection.ExecuteScalar<int?>(SnapshotQuestion, commandTimeout: CommandTimeoutSeconds) == 1;
        if (_snapshot.Value) connection.Execute(SnapshotSetup, commandTimeout: CommandTimeoutSeconds);
    }
}
