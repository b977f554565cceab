using System.Runtime.CompilerServices;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte.Reading;

namespace VteWats.Core.Sync;

/// <summary>
/// What VTE holds behind the guard band, counted by hour and compared with the ledger: a run that was committed late is found there however
/// late it is,
/// and so is one that changed. Once a day headers and step counts are compared too, and once a week the whole ledger.
/// </summary>
internal sealed class Census
{
    private const int HoursAtOnce = 24;

    /// <summary>Steps that come later than their header come within minutes or hours: of so many hours they are counted at each
    /// sync.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromHours(6);

    private static readonly TimeSpan DeepEvery = TimeSpan.FromHours(24);
    private static readonly TimeSpan WholeEvery = TimeSpan.FromDays(7);

    private readonly IVteSource _source;
    private readonly Checkpoint _checkpoint;
    private readonly SyncOptions _options;
    private readonly TimeProvider _time;
    private readonly Timers _timers;

    internal Census(IVteSource source, Checkpoint checkpoint, SyncOptions options, TimeProvider time)
    {
        _source = source;
        _checkpoint = checkpoint;
        _options = options;
        _time = time;
        _timers = new Timers(new StateDatabase(checkpoint.StateFolder), checkpoint.Site);
    }

    /// <summary>Hours that were compared.</summary>
    public long Hours { get; private set; }

    /// <summary>Hours in which VTE and the ledger differed.</summary>
    public long Differing { get; private set; }

    /// <summary>Runs that the ledger has and VTE has no longer: somebody deleted them.</summary>
    public long Gone { get; private set; }

    /// <summary>True when headers and step counts were compared too.</summary>
    public bool IsDeep { get; private set; }

    /// <summary>The ids of runs that have to be read in full, some at a time.</summary>
    internal async IAsyncEnumerable<IReadOnlyList<Guid>> FindAsync(SyncLease? lease, [EnumeratorCancellation] CancellationToken ct)
    {
        var now = await _source.UtcNowAsync(ct).ConfigureAwait(false);
        var whole = _timers.IsDue("census.whole", WholeEvery, now);
        IsDeep = whole || _timers.IsDue("census.deep", DeepEvery, now);
        var days = whole ? _options.LedgerDays : _options.CensusDays;
        // Never before the begin of the site, not even within its first hour.
        var from = Later(Hour(_checkpoint.Clock.SmallestLocalFrom(now.AddDays(-days))),
            Second(_checkpoint.Clock.SmallestLocalFrom(_checkpoint.BeginsAt)));
        var to = Second(_checkpoint.Clock.SmallestLocalFrom(_checkpoint.ReadFrom));
        if (from < to)
        {
            foreach (var (begin, end) in await DifferingAsync(from, to, ct).ConfigureAwait(false))
            {
                var ids = await CompareAsync(begin, end, lease, ct).ConfigureAwait(false);
                if (ids.Count > 0) yield return ids;
            }
            if (!IsDeep && await UnlikeAsync(Later(from, to - Recent), to, ct).ConfigureAwait(false) is { Count: > 0 } unlike)
                yield return unlike;
        }
        // Only now: a census that was cut off is made again.
        if (IsDeep) Made(lease, "census.deep", now);
        if (whole) Made(lease, "census.whole", now);
    }

    // Without a lease it is a dry run, or a pipeline that has yet to send what was found.
    private void Made(SyncLease? lease, string timer, DateTimeOffset now)
    {
        if (lease is null) _checkpoint.CensusMade(timer, now);
        else _timers.Set(lease, timer, now);
    }

    // Stretches of local time to look at closely: all of them for a deep census, else those whose counts differ.
    private async Task<List<(DateTime From, DateTime To)>> DifferingAsync(DateTime from, DateTime to, CancellationToken ct)
    {
        var inVte = (await _source.CountByHourAsync(from, to, ct)
            .ConfigureAwait(false)).ToDictionary(h => h.LocalHour.Ticks / TimeSpan.TicksPerHour, h => h.Runs);
        var inLedger = _checkpoint.Ledger.CountByHour(from, to);
        var hours = inVte.Keys.Union(inLedger.Keys).Order().ToList();
        Hours += hours.Count;
        var differing = hours.Where(hour => inVte.GetValueOrDefault(hour) != inLedger.GetValueOrDefault(hour)).ToHashSet();
        Differing += differing.Count;
        var stretches = new List<(DateTime From, DateTime To)>();
        foreach (var hour in hours.Where(hour => IsDeep || differing.Contains(hour)))
        {
            var begin = Later(new DateTime(hour * TimeSpan.TicksPerHour), from);
            var end = Earlier(new DateTime((hour + 1) * TimeSpan.TicksPerHour), to);
            if (stretches.Count > 0 && stretches[^1].To == begin && end - stretches[^1].From <= TimeSpan.FromHours(HoursAtOnce))
                stretches[^1] = (stretches[^1].From, end);
            else stretches.Add((begin, end));
        }
        return stretches;
    }

    // Runs of the last hours that the ledger does not have, or with another number of steps. One grouped query, and no header is read.
    private async Task<List<Guid>> UnlikeAsync(DateTime from, DateTime to, CancellationToken ct)
    {
        var entries = _checkpoint.Ledger.Between(from, to);
        var steps = await _source.CountStepsAsync(from, to, ct).ConfigureAwait(false);
        return [.. steps.Where(run => !entries.TryGetValue(run.Key, out var entry) || HasOtherSteps(entry, run.Value))
            .Select(run => run.Key)];
    }

    private async Task<List<Guid>> CompareAsync(DateTime from, DateTime to, SyncLease? lease, CancellationToken ct)
    {
        var entries = _checkpoint.Ledger.Between(from, to);
        var steps = IsDeep ? await _source.CountStepsAsync(from, to, ct).ConfigureAwait(false) : null;
        var seen = new HashSet<Guid>();
        var wanted = new List<Guid>();
        var moments = new HashSet<DateTime>();
        await foreach (var key in _source.ReadKeysAsync(from, to, ct).ConfigureAwait(false))
        {
            seen.Add(key.Id);
            if (entries.TryGetValue(key.Id, out var entry) && entry.State != LedgerState.Gone && !HasChanged(entry, key, steps)) continue;
            wanted.Add(key.Id);
            moments.Add(key.Timestamp);
        }
        var gone = entries.Values.Where(entry => !seen.Contains(entry.RunId)).ToList();
        // What is held was never sent, and is not counted. What WATS has not shown yet is still asked for: it becomes confirmed, or a
        // letter, and then gone.
        foreach (var state in (LedgerState[])[LedgerState.Confirmed, LedgerState.Letter, LedgerState.Held])
        {
            var ids = gone.Where(entry => entry.State == state).Select(entry => entry.RunId).ToList();
            if (state != LedgerState.Held) Gone += ids.Count;
            if (lease is not null) _checkpoint.Ledger.Move(lease, ids, state, LedgerState.Gone, _time.GetUtcNow());
        }
        // A run of the same unit at the same moment may have got another index by a new one: WATS tells them apart by it.
        wanted.AddRange(entries.Values.Where(entry => moments.Contains(entry.Timestamp) && seen.Contains(entry.RunId))
            .Select(entry => entry.RunId));
        return [.. wanted.Distinct()];
    }

    private static bool HasChanged(LedgerEntry entry, RunKey key, IReadOnlyDictionary<Guid, int>? steps) =>
        entry.HeaderHash != 0 && entry.HeaderHash != Ids.Number(key.HeaderHash)
        || steps is not null && HasOtherSteps(entry, steps.GetValueOrDefault(key.Id));

    // What is held or in doubt is read again each time anyway.
    private static bool HasOtherSteps(LedgerEntry entry, int steps) =>
        entry is { State: LedgerState.Sent or LedgerState.Confirmed or LedgerState.Letter, HeaderHash: not 0 } && steps != entry.StepCount;

    private static DateTime Hour(DateTime local) => new(local.Ticks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour);
    private static DateTime Second(DateTime local) => new(local.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond);
    private static DateTime Earlier(DateTime a, DateTime b) => a < b ? a : b;
    private static DateTime Later(DateTime a, DateTime b) => a > b ? a : b;
}
