using System.Runtime.CompilerServices;
using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Sync.State;
using VteWats.Core.Time;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats.Client;

namespace VteWats.Core.Sync;

/// <summary>
/// Compares what VTE holds with what WATS holds, by keys and headers, window by window: no steps are read, and memory does not grow with
/// the
/// stretch. WATS is asked for the stations of the site only: other test systems may send there as well. Whatever looks different at the
/// edge of a window is asked about by its id before it is told.
/// </summary>
internal sealed class Reconciliation(IVteSource source, WatsClient wats, SiteOptions site, SiteClock clock)
{
    private const int Window = 1000;

    // Of one request: the address must stay below the 2,048 characters that IIS takes.
    private const int StationsAtOnce = 12;

    private readonly ReportMapper _mapper = new(site.Mapping, site.Name);

    /// <summary>Given to compare the number of steps that VTE has with that of the ledger, too.</summary>
    internal Ledger? Deep { get; init; }

    /// <summary>Runs that were compared.</summary>
    public long Runs { get; private set; }

    public async IAsyncEnumerable<SyncDifference> CompareAsync(DateTimeOffset since,
        DateTimeOffset? until, [EnumeratorCancellation] CancellationToken ct)
    {
        var window = new List<VteTestRun>(Window);
        var stations = await StationsAsync(ct).ConfigureAwait(false);
        var from = since;
        await foreach (var run in source.ReadAsync(new TestRunQuery { Since = since, Until = until, HeaderOnly = true }, ct)
            .ConfigureAwait(false))
        {
            // A window never ends between two runs of one start: a report's start may lie a little after its run's.
            if (window.Count >= Window && run.Start > window[^1].Start)
            {
                await foreach (var difference in CompareAsync(window, from, run.Start, stations, ct).ConfigureAwait(false))
                    yield return difference;
                from = run.Start;
                window.Clear();
            }
            window.Add(run);
        }
        var end = until ?? await source.UtcNowAsync(ct).ConfigureAwait(false);
        await foreach (var difference in CompareAsync(window, from, end, stations, ct).ConfigureAwait(false)) yield return difference;
    }

    private async IAsyncEnumerable<SyncDifference> CompareAsync(
        List<VteTestRun> runs, DateTimeOffset from, DateTimeOffset to,
        HashSet<string> stations, [EnumeratorCancellation] CancellationToken ct)
    {
        Runs += runs.Count;
        foreach (var run in runs) AddStation(stations, run);
        var headers = await QueryHeadersAsync(from, to, stations, ct).ConfigureAwait(false);
        if (Deep is not null && runs.Count > 0)
            await foreach (var steps in OtherStepsAsync(runs, ct).ConfigureAwait(false)) yield return steps;
        var absent = new List<VteTestRun>();
        foreach (var run in runs)
        {
            if (!headers.Remove(run.Id, out var header))
            {
                absent.Add(run);
                continue;
            }
            stations.Add(Place(header.StationName, header.Location));
            if (OtherVerdict(run, header.Result) is { } verdict) yield return verdict with { StationName = header.StationName };
        }
        // At the edge of a window, or with a time that was changed in VTE after the run was sent.
        var elsewhere = absent.Count == 0 ? null : await wats.FindResultsAsync([.. absent.Select(run => run.Id)], ct).ConfigureAwait(false);
        foreach (var run in absent)
        {
            if (!elsewhere!.TryGetValue(run.Id, out var result))
                yield return From(SyncDifferenceKind.MissingInWats, run) with { VteResult = run.Result };
            else if (OtherVerdict(run, result) is { } verdict) yield return verdict;
        }

        // Reports of stations that VTE does not know come from other test systems.
        var strays = headers.Values.Where(header => stations.Contains(Place(header.StationName, header.Location))
            && header.ReportType is null or "T").ToList();
        if (strays.Count == 0) yield break;
        // By a question that knows no share: the runs of a sister site in the same database are in VTE, too.
        var known = await source.CountStepsAsync([.. strays.Select(header => header.Uuid)], ct).ConfigureAwait(false);
        foreach (var header in strays.Where(header => !known.ContainsKey(header.Uuid)))
        {
            yield return new SyncDifference
            {
                Kind = SyncDifferenceKind.NotInVte, Site = site.Name, RunId = header.Uuid, Start = header.Start is { } start
                    ? clock.AtSite(start) : null, SerialNumber = header.SerialNumber,
                StationName = header.StationName, WatsResult = Word(header.Result),
            };
        }
    }

    // What VTE has of the window's runs, beside what was sent.
    private async IAsyncEnumerable<SyncDifference> OtherStepsAsync(List<VteTestRun> runs, [EnumeratorCancellation] CancellationToken ct)
    {
        var ids = runs.ConvertAll(run => run.Id);
        var steps = await source.CountStepsAsync(ids, ct).ConfigureAwait(false);
        var sent = Deep!.Find(ids);
        foreach (var run in runs)
        {
            if (!sent.TryGetValue(run.Id, out var entry) || entry.State is not (LedgerState.Sent or LedgerState.Confirmed)) continue;
            if (steps.GetValueOrDefault(run.Id) is var count && count != entry.StepCount)
                yield return From(SyncDifferenceKind.OtherSteps, run) with { VteSteps = count, SentSteps = entry.StepCount };
        }
    }

    // As the reports of the newest runs name them: a stretch may hold nothing but reports without a run.
    private async Task<HashSet<string>> StationsAsync(CancellationToken ct)
    {
        var stations = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var newest = new TestRunQuery { NewestFirst = true, First = Window, HeaderOnly = true };
        await foreach (var run in source.ReadAsync(newest, ct).ConfigureAwait(false)) AddStation(stations, run);
        return stations;
    }

    private void AddStation(HashSet<string> stations, VteTestRun run)
    {
        try
        {
            var report = _mapper.Map(run with { Steps = [] });
            stations.Add(Place(report.MachineName, report.Location));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // No report can be made of it, whatever the reason: it tells nothing of its station.
        }
    }

    // Sites may have stations of one name, and tell them apart by their location.
    private static string Place(string? station, string? location) => $"{station}\n{location}";

    private SyncDifference? OtherVerdict(VteTestRun run, string? result)
    {
        var verdict = run.ResultCode is { } code && site.Mapping.ResultCodes.TryGetValue(code, out var letter) ? letter : null;
        return verdict is not null && result is { Length: > 0 } && VteResultCodes.LetterOfName(result) != verdict
            ? From(SyncDifferenceKind.OtherVerdict, run) with { VteResult = run.Result, WatsResult = Word(result) }
            : null;
    }

    private static string? Word(string? result) =>
        result is not null && VteResultCodes.LetterOfName(result) is { } letter ? VteResultCodes.NameOfLetter(letter) : result;

    private async Task<Dictionary<Guid, WatsReportHeader>> QueryHeadersAsync(
        DateTimeOffset from, DateTimeOffset to, HashSet<string> stations, CancellationToken ct)
    {
        var found = new Dictionary<Guid, WatsReportHeader>();
        foreach (var names in stations.Select(place => place.Split('\n')[0]).Distinct(StringComparer.OrdinalIgnoreCase)
            .Chunk(StationsAtOnce))
        {
            var ours = string.Join(" or ", names.Select(name => $"stationName eq '{name.Replace("'", "''", StringComparison.Ordinal)}'"));
            var windows = new HeaderWindows(ours, "uuid,start,result,serialNumber,stationName,location,reportType");
            await foreach (var header in windows.ReadAsync(wats, from, to, ct).ConfigureAwait(false)) found[header.Uuid] = header;
        }
        return found;
    }

    private SyncDifference From(SyncDifferenceKind kind, VteTestRun run) => new()
    {
        Kind = kind, Site = site.Name, RunId = run.Id, Start = run.Start, SerialNumber = run.SerialNumber, StationName = run.StationName,
    };
}
