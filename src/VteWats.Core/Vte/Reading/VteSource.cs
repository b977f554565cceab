using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using VteWats.Core.Diagnostics;
using VteWats.Core.Time;
using VteWats.Core.Vte.Schema;

namespace VteWats.Core.Vte.Reading;

/// <summary>A site's VTE database, found to have the schema that its profile says.</summary>
public sealed class VteSource : IVteSource
{
    private const int IdsAtOnce = 500;

    private readonly VteSourceOptions _options;
    private readonly VteDatabase _database;
    private readonly SqlDialect _dialect;

    private VteSource(VteSourceOptions options, VteDatabase database, BoundSchema schema, SiteClock clock, string identity)
    {
        _options = options;
        _database = database;
        _dialect = SqlDialect.For(schema);
        Schema = schema;
        Clock = clock;
        Identity = identity;
    }

    /// <inheritdoc/>
    public string Identity { get; }

    /// <inheritdoc/>
    public string Site => _options.Site;

    /// <summary>The site's clock, which counts the local times it met that occur twice or never.</summary>
    public SiteClock Clock { get; }

    /// <summary>The names that statements may use.</summary>
    public BoundSchema Schema { get; }

    /// <summary>Told of each failure that a reading gets over by trying again.</summary>
    public event Action<Exception>? Retrying;

    /// <summary>Called with every command just before it runs.</summary>
    internal event Action<DbCommand>? Executing;

    /// <summary>Runs a page always has; 0 to let it adapt.</summary>
    internal int FixedPageSize { get; set; }

    /// <summary>Stands in for the database's clock.</summary>
    internal TimeProvider? SimulatedTime { get; set; }

    /// <summary>Pause before a failed page is read again.</summary>
    internal TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Connects, compares the live catalogue with the site's profile, and reads who the server is.</summary>
    /// <param name="options">Which database.</param>
    /// <param name="clock">The site's clock.</param>
    /// <param name="password">Password of its login, if it needs one.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="VteWatsException">The connection failed, or the schema is not what the profile says.</exception>
    public static async Task<VteSource> OpenAsync(VteSourceOptions options, SiteClock clock, string? password, CancellationToken ct)
    {
        var profile = SchemaProfile.From(options.SchemaProfile);
        var database = VteDatabase.Create(options, password);
        return await database.UseAsync(
            connection =>
            {
                // The catalogue's reader is asynchronous; on this worker there is nothing to wait for in another way.
                var schema = BoundSchema.Bind(Catalogue.ReadAsync(connection, ct).GetAwaiter().GetResult(), profile);
                return new VteSource(options, database, schema, clock, database.Identity(connection));
            }, ct).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<DateTimeOffset> UtcNowAsync(CancellationToken ct) =>
        SimulatedTime is { } time ? Task.FromResult(time.GetUtcNow()) : _database.UseAsync(_database.UtcNow, ct);

    /// <inheritdoc/>
    public async Task<long> CountAsync(TestRunQuery query, CancellationToken ct)
    {
        var now = await UtcNowAsync(ct).ConfigureAwait(false);
        query = Placed(query, now);
        var filter = Filter(query, now);
        var statement = new PageStatement(Schema, _dialect, filter, query.HeaderOnly, query.NewestFirst);
        var total = await _database.UseAsync(
            connection =>
            {
                var sum = 0L;
                foreach (var ids in Chunks(query))
                {
                    using var command = Command(connection);
                    statement.PrepareCount(command, Start(query), ids);
                    Executing?.Invoke(command);
                    sum += Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
                }
                return sum;
            }, ct).ConfigureAwait(false);
        return query.First is { } first ? Math.Min(first, total) : total;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<VteTestRun> ReadAsync(TestRunQuery query, [EnumeratorCancellation] CancellationToken ct)
    {
        var now = await UtcNowAsync(ct).ConfigureAwait(false);
        query = Placed(query, now);
        var reading = Begin(query, now);
        var filter = Filter(query, now);
        var statement = new PageStatement(Schema, _dialect, filter, query.HeaderOnly, query.NewestFirst);
        var reader = new PageReader(Site, Clock, _options.ResultCodes, _options.StepResultCodes, query.HeaderOnly);
        var session = new Session(this, statement, reader);
        await using (session.ConfigureAwait(false))
        {
            var left = query.First ?? int.MaxValue;
            foreach (var ids in Chunks(query))
            {
                if (left <= 0) yield break;
                var next = session.Load(Start(query), ids, left, ct);
                while (next is not null)
                {
                    var (page, asked) = await next.ConfigureAwait(false);
                    // The next page is under way while the pipeline works on this one.
                    next = page.Keys < asked ? null : page.Keys >= left ? null : session.Load(page.Last, ids, left, ct);
                    var lastOfChunk = next is null && page.Keys < asked;
                    foreach (var run in page.Runs)
                    {
                        if (!filter.Matches(run) || reading.Admit(run) is not { } admitted) continue;
                        yield return admitted;
                        if (--left <= 0) yield break;
                    }
                    // Some of its rows were not wanted after all.
                    if (next is null && !lastOfChunk) next = session.Load(page.Last, ids, left, ct);
                }
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // The place of the checkpoint, where the query names none of its own.
    private TestRunQuery Placed(TestRunQuery query, DateTimeOffset now)
    {
        if (query.Checkpoint is not { } checkpoint) return query;
        checkpoint.EnsureFits(Site, Identity, now);
        return query with { Since = query.Since ?? checkpoint.ReadFrom };
    }

    // A checkpoint that some run may slip past is not handed on: the session then cannot move the watermark.
    private ReadSession Begin(TestRunQuery query, DateTimeOffset now)
    {
        var whole = query.LeavesNothingOut && query.Since <= query.Checkpoint?.ReadFrom;
        return new ReadSession(Site, Identity, whole ? query.Checkpoint : null, Span(query, now), query.Resend);
    }

    private static ReadSpan Span(TestRunQuery query, DateTimeOffset now)
    {
        var until = query.Until is { } end && end < now ? end : now;
        var total = query.First ?? (query.Ids.Count > 0 ? query.Ids.Count : (int?)null);
        return query.NewestFirst ? new ReadSpan(until, query.Since, total) : new ReadSpan(query.Since, until, total);
    }

    private RunFilter Filter(TestRunQuery query, DateTimeOffset now) => RunFilter.Create(
        Schema, _dialect, query, _options.ResultCodes, Clock,
        now - (query.SettleTime ?? TimeSpan.FromSeconds(_options.Connection.SettleSeconds)));

    private PageCursor? Start(TestRunQuery query) => query.After is { } after
        ? new PageCursor(_dialect.Exactly(Schema.Describe("IndexData", "Timestamp")!, after.Timestamp), _dialect.Key(after.Id))
        : null;

    private static IEnumerable<IReadOnlyList<Guid>> Chunks(TestRunQuery query) =>
        query.Ids.Count == 0 ? [[]] : query.Ids.Distinct().Chunk(IdsAtOnce);

    private DbCommand Command(DbConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandTimeout = _database.CommandTimeoutSeconds;
        return command;
    }

    private static void Stop(DbCommand command, DbConnection connection)
    {
        if (connection is SqliteConnection { Handle: { } handle }) SQLitePCL.raw.sqlite3_interrupt(handle);
        else command.Cancel();
    }

    /// <summary>The connection of one reading, opened again where it broke.</summary>
    private sealed class Session : IAsyncDisposable
    {
        private readonly VteSource _source;
        private readonly PageStatement _statement;
        private readonly PageReader _reader;
        private readonly PageSize _size;
        private readonly CancellationTokenSource _left = new();
        private DbConnection? _connection;
        private DbCommand? _command;
        private Task _loading = Task.CompletedTask;

        public Session(VteSource source, PageStatement statement, PageReader reader)
        {
            _source = source;
            _statement = statement;
            _reader = reader;
            _size = new PageSize(source.FixedPageSize);
        }

        /// <summary>One page, tried again from the same place until it is complete or cannot be had.</summary>
        public Task<(RunPage Page, int Asked)> Load(PageCursor? cursor, IReadOnlyList<Guid> ids, int limit, CancellationToken ct)
        {
            var loading = LoadAsync(cursor, ids, limit, ct);
            _loading = loading;
            return loading;
        }

        public async ValueTask DisposeAsync()
        {
            await _left.CancelAsync().ConfigureAwait(false);
            // A page that was read ahead and is not wanted any more; its failure is nobody's concern.
            await _loading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await CloseAsync().ConfigureAwait(false);
            _left.Dispose();
        }

        private async Task<(RunPage Page, int Asked)> LoadAsync(PageCursor? cursor, IReadOnlyList<Guid> ids, int limit,
            CancellationToken ct)
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, _left.Token);
            try
            {
                var retry = Retry.Page(_source.RetryDelay, FailedAsync);
                return await retry.ExecuteAsync(async token => await OnceAsync(cursor, ids, limit, token).ConfigureAwait(false), both.Token)
                    .ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                ct.ThrowIfCancellationRequested();
                throw;
            }
            catch (Exception e)
            {
                throw SqlFailures.From(e, _source._database.Target, opening: _connection is null);
            }
        }

        private async Task<(RunPage Page, int Asked)> OnceAsync(PageCursor? cursor, IReadOnlyList<Guid> ids, int limit,
            CancellationToken ct)
        {
            _connection ??= await _source._database.ConnectAsync(ct).ConfigureAwait(false);
            _command ??= _source.Command(_connection);
            var (connection, command, take) = (_connection, _command, Math.Min(_size.Runs, limit));
            _statement.Prepare(command, cursor, take, ids);
            try
            {
                var page = await BoundedWork.RunAsync(
                    () =>
                    {
                        _source.Executing?.Invoke(command);
                        return _reader.Read(command, _statement.Sets, take);
                    },
                    () => Stop(command, connection), () => VteDatabase.Drop(connection), _ => connection.Dispose(),
                    ct).ConfigureAwait(false);
                _size.Learn(page.Keys, page.Rows, page.Bytes);
                return (page, take);
            }
            catch (OperationCanceledException)
            {
                // The worker may still be in there: it releases the connection when it ends.
                _connection = null;
                _command = null;
                throw;
            }
        }

        private async ValueTask FailedAsync(Exception failure)
        {
            if (SqlTransience.IsTimeout(failure)) _size.Shrink();
            if (_connection is { } broken && failure is SqlException) VteDatabase.Drop(broken);
            await CloseAsync().ConfigureAwait(false);
            _source.Retrying?.Invoke(failure);
        }

        private async ValueTask CloseAsync()
        {
            if (_command is not null) await _command.DisposeAsync().ConfigureAwait(false);
            if (_connection is not null) await _connection.DisposeAsync().ConfigureAwait(false);
            _command = null;
            _connection = null;
        }
    }
}
