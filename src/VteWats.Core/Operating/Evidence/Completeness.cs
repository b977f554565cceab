using VteWats.Core.Sync;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats.Client;

namespace VteWats.Core.Operating.Evidence;

/// <summary>
/// Where the runs of each day are. What VTE holds is counted by the database, what WATS holds by WATS, and the rest by the state: three
/// counts that have to agree. Draws runs at random on the way, each with the same chance.
/// </summary>
internal sealed class Completeness(SyncServices services, WatsClient wats, IVteSource source, DateTimeOffset now)
{
    private const int AskedAtOnce = 40;

    private readonly Ledger _ledger = new(new StateDatabase(services.StateFolder), services.Site.Name);
    private readonly Holds _holds = new(new StateDatabase(services.StateFolder), services.Site.Name);
    private readonly List<double> _lags = [];
    private readonly List<Guid> _drawn = [];
    private long _seen;

    /// <summary>What the runs are drawn by.</summary>
    public required Random Random { get; init; }

    /// <summary>How many are drawn.</summary>
    public required int Draw { get; init; }

    /// <summary>Told of each run that WATS shows, with its verdict there in words.</summary>
    public Action<Guid, string?> OnShown { get; init; } = static (_, _) => { };

    /// <summary>The runs that were drawn.</summary>
    public IReadOnlyList<Guid> Drawn => _drawn;

    /// <summary>Most runs of an hour.</summary>
    public long MostAnHour { get; private set; }

    /// <summary>Minutes until WATS was known to have a run: the middle and the longest but for one in twenty.</summary>
    public (double? Median, double? Usual) Lag => (Share(_lags, 0.5), Share(_lags, 0.95));

    public async Task<IReadOnlyList<EvidenceDay>> CountAsync(DateTime from, DateTime to, CancellationToken ct)
    {
        var days = new List<EvidenceDay>();
        var watermark = new WatermarkStore(services.StateFolder, services.Site.Name).Load()?.Position?.Timestamp;
        for (var begin = from; begin < to; begin = begin.Date.AddDays(1))
        {
            var end = begin.Date.AddDays(1) < to ? begin.Date.AddDays(1) : to;
            var hours = await source.CountByHourAsync(begin, end, ct).ConfigureAwait(false);
            if (hours.Count == 0) continue;
            MostAnHour = Math.Max(MostAnHour, hours.Max(hour => hour.Runs));
            var day = new EvidenceDay { Day = begin.Date, Vte = hours.Sum(hour => hour.Runs) };
            var lags = new List<double>();
            var keys = new List<RunKey>(AskedAtOnce);
            await foreach (var key in source.ReadKeysAsync(begin, end, ct).ConfigureAwait(false))
            {
                Reserve(key.Id);
                keys.Add(key);
                if (keys.Count == AskedAtOnce) day = await PlaceAsync(day, keys, lags, watermark, ct).ConfigureAwait(false);
            }
            if (keys.Count > 0) day = await PlaceAsync(day, keys, lags, watermark, ct).ConfigureAwait(false);
            _lags.AddRange(lags);
            days.Add(day with { LagMinutes = Share(lags, 0.5) });
        }
        return days;
    }

    private async Task<EvidenceDay> PlaceAsync(EvidenceDay day, List<RunKey> keys, List<double> lags, DateTime? watermark,
        CancellationToken ct)
    {
        var ids = keys.ConvertAll(key => key.Id);
        var shown = await wats.FindResultsAsync(ids, ct).ConfigureAwait(false);
        var known = _ledger.Find(ids);
        var held = _holds.Find(ids);
        var ahead = services.Clock.ToLocal(now);
        foreach (var key in keys)
        {
            var entry = known.GetValueOrDefault(key.Id);
            if (shown.TryGetValue(key.Id, out var verdict))
            {
                OnShown(key.Id, verdict);
                day = verdict switch
                {
                    "Passed" => day with { Passed = day.Passed + 1 },
                    "Failed" => day with { Failed = day.Failed + 1 },
                    _ => day with { Other = day.Other + 1 },
                } with
                { Wats = day.Wats + 1 };
                if (entry is { State: LedgerState.Sent or LedgerState.Confirmed })
                    lags.Add((entry.FirstAt - services.Clock.ToInstant(key.Timestamp)).TotalMinutes);
            }
            else if (services.DeadLetters.Has(key.Id)) day = day with { Letters = day.Letters + 1 };
            else if (key.Timestamp > ahead) day = day with { Ahead = day.Ahead + 1 };
            else if (held.ContainsKey(key.Id) || entry is { State: LedgerState.Held }) day = day with { Held = day.Held + 1 };
            else if (entry is { State: LedgerState.Sent or LedgerState.Posting } || entry is null && !(key.Timestamp <= watermark))
                day = day with { Waiting = day.Waiting + 1 };
        }
        keys.Clear();
        return day;
    }

    // Of all that have passed by, each is among the drawn ones with the same chance.
    private void Reserve(Guid id)
    {
        _seen++;
        if (_drawn.Count < Draw) _drawn.Add(id);
        else if (Random.NextInt64(_seen) is var place && place < Draw) _drawn[(int)place] = id;
    }

    private static double? Share(List<double> values, double share)
    {
        if (values.Count == 0) return null;
        values.Sort();
        return values[Math.Min(values.Count - 1, (int)(share * values.Count))];
    }
}
