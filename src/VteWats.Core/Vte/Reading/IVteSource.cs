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
}
