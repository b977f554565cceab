using System.Globalization;
using VteWats.Core.Inspection;
using VteWats.Core.Mapping;
using VteWats.Core.Time;
using VteWats.Core.Vte;
using static System.FormattableString;

namespace VteWats.Core.Operating.Evidence;

/// <summary>What the runs of the stretch say of the decisions of the configuration. Keeps counts, and the first run of each unit.</summary>
internal sealed class RunEvidence(string site, SiteClock clock, MappingOptions mapping, DateTimeOffset now)
{
    private const string NoCode = "NULL";

    private readonly TestRunStatistics _statistics = new(site, clock, mapping, now);
    private readonly VerdictRules _verdicts = new(mapping);
    private readonly OperationTable _operations = new(mapping, "mapping", []);
    private readonly Dictionary<string, (DateTime Begin, DateTime End)> _lastOfStation = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedDictionary<string, (long In, long Out, long None)> _steps = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (long Runs, long Failing)> _results = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, (long Runs, SortedSet<string> Plans)> _used = [];
    private readonly Dictionary<double, long> _sentinels = [];
    private long _pairs, _overlapsAsBegin, _overlapsAsEnd, _noOperation;
    private DateTime? _newest;

    /// <summary>The first run of each unit: which product, and whether it passed.</summary>
    public Dictionary<(string Product, string Serial), (Guid Id, bool Passed)> FirstOfUnit { get; } = [];

    public TestRunMeasurement Quality => _statistics.Result();

    public void Add(VteTestRun run)
    {
        _statistics.Add(run);
        _newest = run.Timestamp > _newest ? run.Timestamp : _newest ?? run.Timestamp;
        Overlaps(run);
        var outside = 0;
        foreach (var row in run.Steps ?? [])
        {
            var code = row.ResultCode?.ToString(CultureInfo.InvariantCulture) ?? NoCode;
            var count = _steps.GetValueOrDefault(code);
            var inside = _verdicts.IsInside(row);
            if (inside == false) outside++;
            _steps[code] = inside switch
            {
                true => count with { In = count.In + 1 },
                false => count with { Out = count.Out + 1 },
                _ => count with { None = count.None + 1 },
            };
            if (row is VteNumericStep number) Sentinels(number);
        }
        var result = run.ResultCode?.ToString(CultureInfo.InvariantCulture) ?? NoCode;
        var runs = _results.GetValueOrDefault(result);
        _results[result] = (runs.Runs + 1, runs.Failing + (outside > 0 ? 1 : 0));
        Operation(run);
        if (run.Unit.SerialNumber is { } serial && !string.IsNullOrWhiteSpace(serial))
            FirstOfUnit.TryAdd((run.Product.Name?.Trim() ?? "", serial.Trim()),
                (run.Id, run.ResultCode is { } verdict && mapping.ResultCodes.GetValueOrDefault(verdict) == "P"));
    }

    /// <summary>Every decision, with what the runs say of it.</summary>
    public IReadOnlyList<EvidenceDecision> Decisions(string? timestampIs, string rows, string unfinished, long held) =>
    [
        new("timeZone", clock.ZoneId,
            Invariant($"{clock.AmbiguousCount} local times occur twice and {clock.InvalidCount} never occur in it; ")
            + (_newest is { } last ? Invariant($"the newest run, at {last:yyyy-MM-dd HH:mm} site time, is ")
            + Invariant($"{(clock.ToLocal(now) - last).TotalHours:0.#} hours behind the database's clock in this zone.")
            : "no run was read.")),
        new("timestampIs", timestampIs ?? "start",
            Invariant($"Of {_pairs} neighbouring runs of one station {_overlapsAsBegin} overlap when ")
            + Invariant($"the timestamp is read as the begin, {_overlapsAsEnd} when it is read as the end.")),
        new("rows", rows, "The share of the database that is the site's; it belongs to the source above."),
        new("unfinished", unfinished, Invariant($"{held} runs are held back now.")),
        new("mapping.resultCodes", Codes(mapping.ResultCodes), Join(_results.Select(code =>
            Invariant($"{code.Key}: {code.Value.Runs} runs, {code.Value.Failing} of them with a measurement outside its limits")))),
        new("mapping.stepResultCodes", Codes(mapping.StepResultCodes), Join(_steps.Select(code =>
            Invariant($"{code.Key}: {code.Value.In} inside their limits, {code.Value.Out} outside, {code.Value.None} without such")))),
        new("mapping.stepVerdict", mapping.StepVerdict, "See the agreement of the codes with the limits."),
        new("mapping.missingResult", mapping.MissingResult, Invariant($"{_results.GetValueOrDefault(NoCode).Runs} runs have no result.")),
        new("mapping.missingStepResult", mapping.MissingStepResult,
            Invariant($"{Sum(_steps.GetValueOrDefault(NoCode))} steps have no verdict.")),
        new("mapping.sentinels", Join(mapping.Sentinels.Select(s => s.ToString("R", CultureInfo.InvariantCulture))),
            _sentinels.Count == 0 ? "None was met." : Join(_sentinels.OrderByDescending(s => s.Value).Select(s =>
                Invariant($"{s.Key:R}: met {s.Value} times")))),
        new("mapping.operations", Join([
            .. mapping.Operations.Select(rule => Invariant($"{rule.Testplan ?? rule.Product ?? "*"} -> {rule.ProcessCode}")),
            .. mapping.DefaultProcessCode is { } other ? [Invariant($"else {other}")] : Array.Empty<string>()]),
            Join(_used.Select(code => Invariant($"{code.Key}: {code.Value.Runs} runs of {Join(code.Value.Plans.Take(3))}")))
            + (_noOperation > 0 ? Invariant($"; {_noOperation} runs have none") : "")),
        new("mapping.partNumber", mapping.PartNumber, Invariant($"{Quality.Products.Count} products.")),
        new("mapping.revision", mapping.Revision, Found("ProductVersion")),
        new("mapping.station", mapping.Station, Invariant($"{Quality.Stations.Count} stations.")),
    ];

    private string Found(string name) => Join(Quality.Findings.Where(f => f.Kind.StartsWith(name, StringComparison.Ordinal))
        .Select(f => Invariant($"{f.Kind}: {f.Count}"))) is { Length: > 0 } text ? text : "Nothing is missing.";

    // Two tests on one station at the same time are none: that is how the wrong reading shows.
    private void Overlaps(VteTestRun run)
    {
        if (run.TestTime is not (> 0 and < 1e6) || (run.Station.Name ?? run.Station.Hostname) is not { } station) return;
        var length = TimeSpan.FromSeconds(run.TestTime.Value);
        if (_lastOfStation.TryGetValue(station, out var last))
        {
            _pairs++;
            if (last.End > run.Timestamp) _overlapsAsBegin++;
            if (last.Begin > run.Timestamp - length) _overlapsAsEnd++;
        }
        // As the begin it lasts until End; as the end it lasted until its timestamp, which is kept as Begin of what may follow.
        _lastOfStation[station] = (run.Timestamp, run.Timestamp + length);
    }

    private void Sentinels(VteNumericStep row)
    {
        foreach (var number in new[] { row.Value, row.LowLimit, row.HighLimit })
            if (number is { } value && mapping.Sentinels.FirstOrDefault(s => value == s || value == (float)s) is var known and not 0)
                _sentinels[known] = _sentinels.GetValueOrDefault(known) + 1;
    }

    private void Operation(VteTestRun run)
    {
        int? code;
        try { code = _operations.Choose(run); }
        catch (System.Text.RegularExpressions.RegexMatchTimeoutException) { code = null; }
        if (code is not { } known)
        {
            _noOperation++;
            return;
        }
        if (!_used.TryGetValue(known, out var used)) used = (0, new SortedSet<string>(StringComparer.OrdinalIgnoreCase));
        if (used.Plans.Count < 20) used.Plans.Add(run.Testplan.Name?.Trim() ?? "(no plan)");
        _used[known] = (used.Runs + 1, used.Plans);
    }

    private static long Sum((long In, long Out, long None) count) => count.In + count.Out + count.None;

    private static string Codes(IReadOnlyDictionary<int, string> codes) =>
        Join(codes.OrderBy(code => code.Key).Select(code => Invariant($"{code.Key} {code.Value}")));

    private static string Join(IEnumerable<string> parts) => string.Join(", ", parts);
}
