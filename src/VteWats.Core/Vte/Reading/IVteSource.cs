namespace VteWats.Core.Vte.Reading;

/// <summary>A site's VTE database, opened for reading.</summary>
public interface IVteSource : IAsyncDisposable
{
    /// <summary>Which server and database this is, without any secret. A watermark belongs to one identity only.</summary>
    string Identity { get; }

    /// <summary>Name of the configured site.</summary>
    string Site { get; }

    /// <summary>
    /// The runs in the order of (timestamp, id), page by page. All of them carry a mark of one reading. A connection that breaks is
    /// opened again where the last page ended: no run is left out and none comes twice.
    /// </summary>
    IAsyncEnumerable<VteTestRun> ReadAsync(TestRunQuery query, CancellationToken ct);

    /// <summary>How many rows the query's SQL conditions match; in an hour that occurs twice a reading may bring fewer.</summary>
    Task<long> CountAsync(TestRunQuery query, CancellationToken ct);

    /// <summary>The database's own clock.</summary>
    Task<DateTimeOffset> UtcNowAsync(CancellationToken ct);

    /// <summary>How many runs each hour holds, in the order of the hours; an hour without a run is left out. One grouped statement that
    /// reads the index only. Settled or not, every run counts.</summary>
    /// <param name="localFrom">First local time, inclusive; exact at whole seconds.</param>
    /// <param name="localTo">Last local time, exclusive.</param>
    /// <param name="ct">Stops it.</param>
    Task<IReadOnlyList<HourCount>> CountByHourAsync(DateTime localFrom, DateTime localTo, CancellationToken ct);

    /// <summary>How many runs the same stretch holds, and the first and the last time of them. Reads the index only.</summary>
    /// <param name="localFrom">First local time, inclusive; exact at whole seconds.</param>
    /// <param name="localTo">Last local time, exclusive.</param>
    /// <param name="ct">Stops it.</param>
    Task<RunsWaiting> CountWaitingAsync(DateTime localFrom, DateTime localTo, CancellationToken ct);

    /// <summary>Key and header hash of the same runs, in the order of (timestamp, id). Steps are not read.</summary>
    /// <param name="localFrom">First local time, inclusive; exact at whole seconds.</param>
    /// <param name="localTo">Last local time, exclusive.</param>
    /// <param name="ct">Stops it.</param>
    IAsyncEnumerable<RunKey> ReadKeysAsync(DateTime localFrom, DateTime localTo, CancellationToken ct);

    /// <summary>How many step results each of the same runs has, by the run's id; 0 for a run without any.</summary>
    /// <param name="localFrom">First local time, inclusive; exact at whole seconds.</param>
    /// <param name="localTo">Last local time, exclusive.</param>
    /// <param name="ct">Stops it.</param>
    Task<IReadOnlyDictionary<Guid, int>> CountStepsAsync(DateTime localFrom, DateTime localTo, CancellationToken ct);

    /// <summary>How many step results each of these runs has; a run that is not there is left out.</summary>
    Task<IReadOnlyDictionary<Guid, int>> CountStepsAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct);

    /// <summary>The runs that the database's clock has not reached yet: a station's clock is ahead. A time that can still mean a past
    /// instant, in the hour that occurs twice, does not count.</summary>
    /// <param name="samples">How many of them to name.</param>
    /// <param name="ct">Stops it.</param>
    Task<RunsAhead> CountAheadAsync(int samples, CancellationToken ct);
}
