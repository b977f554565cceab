using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using VteWats.Core.Diagnostics;
using VteWats.Core.Time;
using VteWats.Core.Vte.Schema;

namespace VteWats.Core.Vte.Reading;

/// <summary>A site's VTE database, found to have the schema that its profile says.</summary>
public sealed partial class VteSource : IVteSource
{
    private const int IdsAtOnce = 500;

    private readonly VteSourceOptions _options;
    private readonly VteDatabase _database;
    private readonly SqlDialect _dialect;
    private readonly CensusStatement _census;

    private VteSource(VteSourceOptions options, VteDatabase database, BoundSchema schema, SiteClock clock, string identity)
    {
        _options = options;
        _database = database;
        _dialect = SqlDialect.For(schema);
        _census = new CensusStatement(schema, _dialect, RunFilter.OfShare(schema, _dialect, clock, options.Rows));
        Schema = schema;
        Clock = clock;
        Identity = options.Rows.IsAll ? identity : $"{identity}; {options.Rows}";
        Retrying += options.OnRetry;
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

    internal VteDatabase Database => _database;

    internal int KeptValueBytes => _options.KeptValueBytes;

    internal object LeastKey => _dialect.LeastKey;

    internal void OnExecuting(DbCommand command) => Executing?.Invoke(command);

    internal void OnRetrying(Exception failure) => Retrying?.Invoke(failure);

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
        var statement = new PageStatement(Schema, _dialect, Filter(query, now), query.HeaderOnly, query.NewestFirst);
        var total = 0L;
        foreach (var ids in Chunks(query.Ids))
        {
            total += await AskAsync(
                command => statement.PrepareCount(command, Start(query), ids),
                reader => reader.Read() ? Convert.ToInt64(reader.GetValue(0), CultureInfo.InvariantCulture) : 0, ct).ConfigureAwait(false);
        }
        return query.First is { } first ? Math.Min(first, total) : total;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<VteTestRun> ReadAsync(TestRunQuery query, [EnumeratorCancellation] CancellationToken ct)
    {
        var now = await UtcNowAsync(ct).ConfigureAwait(false);
        query = Placed(query, now);
        var reading = Begin(query, now);
        var pages = PagesAsync(Filter(query, now), query, page => reading.Checkpoint?.LookUp(page), AdmitAsync, ct);
        await foreach (var run in pages.ConfigureAwait(false)) yield return run;

        async ValueTask<VteTestRun?> AdmitAsync(VteTestRun run, BadRow? bad)
        {
            var admitted = reading.Admit(run);
            if (admitted is null || bad is null) return admitted;
            await TellAsync(bad.ToRun(Site, admitted.Mark!), query).ConfigureAwait(false);
            return null;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // The runs of the filter that are admitted, at most as many as the query takes. For one that cannot be read another stands, that has
    // nothing but its place.
    private async IAsyncEnumerable<VteTestRun> PagesAsync(
        RunFilter filter, TestRunQuery query, Action<IReadOnlyList<VteTestRun>> lookUp,
        Func<VteTestRun, BadRow?, ValueTask<VteTestRun?>> admit, [EnumeratorCancellation] CancellationToken ct)
    {
        var statement = new PageStatement(Schema, _dialect, filter, query.HeaderOnly, query.NewestFirst);
        var reader = new PageReader(Site, Clock, _options.ResultCodes, _options.StepResultCodes, query.HeaderOnly);
        var session = new PageSession(this, statement, reader);
        await using (session.ConfigureAwait(false))
        {
            var left = query.First ?? int.MaxValue;
            var last = query.Since is { } since ? Clock.ToLocal(since) : DateTime.MinValue;
            foreach (var ids in Chunks(query.Ids))
            {
                if (left <= 0) yield break;
                var next = session.Load(Start(query), ids, left, ct);
                while (next is not null)
                {
                    var (page, asked) = await next.ConfigureAwait(false);
                    // The next page is under way while the runs of this one are made and the pipeline works on them.
                    next = page.Keys < asked ? null : page.Keys >= left ? null : session.Load(page.Last, ids, left, ct);
                    var lastOfChunk = next is null && page.Keys < asked;
                    if (page.Bad is { } bad)
                    {
                        var place = StandIn(bad, last);
                        lookUp([place]);
                        if (await admit(place, bad).ConfigureAwait(false) is { } standIn) yield return standIn;
                    }
                    var runs = await page.FinishAsync(ct).ConfigureAwait(false);
                    lookUp(runs);
                    foreach (var run in runs)
                    {
                        last = run.Timestamp;
                        if (!filter.Matches(run) || await admit(run, null).ConfigureAwait(false) is not { } admitted) continue;
                        yield return admitted;
                        if (--left <= 0) yield break;
                    }
                    // Some of its rows were not wanted after all.
                    if (next is null && !lastOfChunk) next = session.Load(page.Last, ids, left, ct);
                }
            }
        }
    }

    /// <summary>Over every run there is, whatever the query of the reading.</summary>
    internal PageSession OverAll(bool headerOnly, bool newestFirst) => new(
        this,
        new PageStatement(Schema, _dialect,
            RunFilter.Within(Schema, _dialect, Clock, new RowShareOptions(), DateTime.MinValue, DateTime.MaxValue), headerOnly,
            newestFirst),
        new PageReader(Site, Clock, _options.ResultCodes, _options.StepResultCodes, headerOnly));

    // A time that is none takes the place of the run before it.
    private VteTestRun StandIn(BadRow bad, DateTime last)
    {
        var timestamp = bad.Timestamp ?? last;
        return new VteTestRun
        {
            Id = bad.Id, Site = Site, Timestamp = timestamp, Start = Clock.ToInstant(timestamp), ContentHash = bad.Hash,
            HeaderHash = bad.Hash,
        };
    }

    private Task TellAsync(UnreadableRun run, TestRunQuery query) => query.OnUnreadable is { } tell ? tell(run)
        : throw new VteWatsException(ErrorKind.SqlFailed, $"{_database.Target}: {run.ToError().Message}", run.ToError().Advice, run.Id);

    // The place of the checkpoint, where the query names none of its own.
    private TestRunQuery Placed(TestRunQuery query, DateTimeOffset now)
    {
        if (query.Checkpoint is not { } checkpoint) return query;
        checkpoint.EnsureFits(Site, Identity, now);
        return checkpoint.Moves ? query with { Since = query.Since ?? checkpoint.ReadFrom } : query;
    }

    // A checkpoint that some run may slip past is not handed on: the session then cannot move the watermark.
    private ReadSession Begin(TestRunQuery query, DateTimeOffset now)
    {
        var whole = query.Checkpoint is { Moves: false } || query.LeavesNothingOut && query.Since <= query.Checkpoint?.ReadFrom;
        return new ReadSession(Site, Identity, whole ? query.Checkpoint : null, Span(query, now), query.Resend);
    }

    private static ReadSpan Span(TestRunQuery query, DateTimeOffset now)
    {
        var until = query.Until is { } end && end < now ? end : now;
        var total = query.First ?? (query.Ids.Count > 0 ? query.Ids.Count : (int?)null);
        return query.NewestFirst ? new ReadSpan(until, query.Since, total) : new ReadSpan(query.Since, until, total);
    }

    private RunFilter Filter(TestRunQuery query, DateTimeOffset now) => RunFilter.Create(
        Schema, _dialect, query, _options.ResultCodes, Clock, _options.Rows,
        now - (query.SettleTime ?? TimeSpan.FromSeconds(_options.Connection.SettleSeconds)));

    private PageCursor? Start(TestRunQuery query) => query.After is { } after
        ? new PageCursor(_dialect.Exactly(Schema.Describe("IndexData", "Timestamp")!, after.Timestamp), _dialect.Key(after.Id))
        : null;

    private static IEnumerable<IReadOnlyList<Guid>> Chunks(IReadOnlyCollection<Guid> ids) =>
        ids.Count == 0 ? [[]] : ids.Distinct().Chunk(IdsAtOnce);

    // One statement on a connection of its own, tried again as a page is.
    internal async Task<T> AskAsync<T>(Action<DbCommand> prepare, Func<DbDataReader, T> read, CancellationToken ct)
    {
        var connected = false;
        var retry = Retry.Page(RetryDelay, failure =>
        {
            connected = false;
            OnRetrying(failure);
            return default;
        });
        try
        {
            return await retry.ExecuteAsync(async token => await _database.AskAsync(
                command =>
                {
                    connected = true;
                    prepare(command);
                    OnExecuting(command);
                }, read, token).ConfigureAwait(false), ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw SqlFailures.From(e, _database.Target, opening: !connected);
        }
    }
}
