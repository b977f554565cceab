using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;

namespace VteWats.Unit.Support;

/// <summary>A real source whose answers a test may change, one by one.</summary>
internal abstract class ChangedSource(IVteSource source) : IVteSource
{
    public string Identity => source.Identity;
    public string Site => source.Site;

    public virtual IAsyncEnumerable<VteTestRun> ReadAsync(TestRunQuery query, CancellationToken ct) => source.ReadAsync(query, ct);
    public virtual Task<long> CountAsync(TestRunQuery query, CancellationToken ct) => source.CountAsync(query, ct);
    public Task<DateTimeOffset> UtcNowAsync(CancellationToken ct) => source.UtcNowAsync(ct);
    public Task<IReadOnlyList<HourCount>> CountByHourAsync(DateTime localFrom, DateTime localTo, CancellationToken ct) =>
        source.CountByHourAsync(localFrom, localTo, ct);
    public Task<RunsWaiting> CountWaitingAsync(DateTime localFrom, DateTime localTo, CancellationToken ct) =>
        source.CountWaitingAsync(localFrom, localTo, ct);
    public IAsyncEnumerable<RunKey> ReadKeysAsync(DateTime localFrom, DateTime localTo, CancellationToken ct) =>
        source.ReadKeysAsync(localFrom, localTo, ct);
    public Task<IReadOnlyDictionary<Guid, int>> CountStepsAsync(DateTime localFrom, DateTime localTo, CancellationToken ct) =>
        source.CountStepsAsync(localFrom, localTo, ct);
    public Task<IReadOnlyDictionary<Guid, int>> CountStepsAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        source.CountStepsAsync(ids, ct);
    public virtual Task<RunsAhead> CountAheadAsync(int samples, CancellationToken ct) => source.CountAheadAsync(samples, ct);
    public ValueTask DisposeAsync() => source.DisposeAsync();
}
