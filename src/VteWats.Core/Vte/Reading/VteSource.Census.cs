using System.Globalization;
using System.Runtime.CompilerServices;

namespace VteWats.Core.Vte.Reading;

/// <content>What the ledger is compared with.</content>
public sealed partial class VteSource
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<HourCount>> CountByHourAsync(DateTime localFrom, DateTime localTo, CancellationToken ct) => AskAsync(
        command => _census.PrepareHours(command, localFrom, localTo),
        reader =>
        {
            var hours = new SortedDictionary<DateTime, long>();
            while (reader.Read())
            {
                // A time that is none belongs to no hour; the reading finds it.
                if (_dialect.ToHour(reader.GetValue(0)) is not { } hour) continue;
                hours[hour] = Convert.ToInt64(reader.GetValue(1), CultureInfo.InvariantCulture);
            }
            return (IReadOnlyList<HourCount>)[.. hours.Select(h => new HourCount(h.Key, h.Value))];
        }, ct);

    /// <inheritdoc/>
    public Task<RunsWaiting> CountWaitingAsync(DateTime localFrom, DateTime localTo, CancellationToken ct) => AskAsync(
        command => _census.PrepareWaiting(command, localFrom, localTo),
        reader =>
        {
            var rows = RowReader.Over(reader);
            return rows.Read() ? new RunsWaiting((long)(rows.Number(0) ?? 0), rows.Time(1), rows.Time(2)) : new RunsWaiting(0, null, null);
        }, ct);

    /// <inheritdoc/>
    public async IAsyncEnumerable<RunKey> ReadKeysAsync(DateTime localFrom, DateTime localTo, [EnumeratorCancellation] CancellationToken ct)
    {
        var filter = RunFilter.Within(Schema, _dialect, Clock, _options.Rows, localFrom, localTo);
        var pages = PagesAsync(filter,
            new TestRunQuery { HeaderOnly = true }, static _ => { }, (run, _) => ValueTask.FromResult<VteTestRun?>(run), ct);
        await foreach (var run in pages.ConfigureAwait(false))
            yield return new RunKey(run.Id, run.Timestamp, run.HeaderHash!);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<Guid, int>> CountStepsAsync(DateTime localFrom, DateTime localTo, CancellationToken ct) =>
        CountStepsAsync([[]], (command, _) => _census.PrepareSteps(command, localFrom, localTo), ct);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<Guid, int>> CountStepsAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        CountStepsAsync(ids.Distinct().Chunk(IdsAtOnce), _census.PrepareSteps, ct);

    /// <inheritdoc/>
    public async Task<RunsAhead> CountAheadAsync(int samples, CancellationToken ct)
    {
        var now = Clock.LargestLocalBefore(await UtcNowAsync(ct).ConfigureAwait(false));
        return await AskAsync(
            command => _census.PrepareAhead(command, now, samples),
            reader =>
            {
                var rows = RowReader.Over(reader);
                var count = rows.Read() ? rows.Number(0) ?? 0 : 0;
                var first = new List<RunPosition>();
                rows.NextSet();
                while (rows.Read())
                {
                    if (rows.Time(0) is { } time && rows.Guid(1) is { } id) first.Add(new RunPosition(time, id));
                }
                return new RunsAhead((long)count, first);
            }, ct).ConfigureAwait(false);
    }

    /// <summary>How many runs of the database, whatever the site's own share, belong to the same of these shares. One statement.</summary>
    /// <returns>Which of the shares, by their place, and how many runs.</returns>
    internal Task<IReadOnlyList<(IReadOnlyList<int> Shares, long Runs)>> CountByShareAsync(
        DateTime localFrom, DateTime localTo, IReadOnlyList<RowShareOptions> shares, CancellationToken ct) => AskAsync(
        command => _census.PrepareShares(command, localFrom, localTo, RunFilter.OfShares(Schema, _dialect, Clock, shares)),
        reader =>
        {
            var counts = new List<(IReadOnlyList<int>, long)>();
            var rows = RowReader.Over(reader);
            while (rows.Read())
            {
                var those = new List<int>();
                for (var n = 0; n < shares.Count; n++)
                    if (rows.Integer(n) == 1) those.Add(n);
                counts.Add((those, (long)(rows.Number(shares.Count) ?? 0)));
            }
            return (IReadOnlyList<(IReadOnlyList<int>, long)>)counts;
        }, ct);

    private async Task<IReadOnlyDictionary<Guid, int>> CountStepsAsync(IEnumerable<IReadOnlyList<Guid>> chunks,
        Action<System.Data.Common.DbCommand, IReadOnlyList<Guid>> prepare, CancellationToken ct)
    {
        var counts = new Dictionary<Guid, int>();
        foreach (var chunk in chunks)
        {
            var found = await AskAsync(command => prepare(command, chunk), reader => Counts(RowReader.Over(reader)), ct)
                .ConfigureAwait(false);
            foreach (var (id, count) in found) counts[id] = count;
        }
        return counts;
    }

    private static Dictionary<Guid, int> Counts(RowReader rows)
    {
        var counts = new Dictionary<Guid, int>();
        while (rows.Read())
        {
            if (rows.Guid(0) is { } id) counts[id] = 0;
        }
        while (rows.NextSet())
        {
            while (rows.Read())
            {
                if (rows.Guid(0) is { } id && rows.Integer(1) is { } count) counts[id] = counts.GetValueOrDefault(id) + count;
            }
        }
        return counts;
    }
}
