using System.Globalization;
using VteWats.Core.Mapping;
using VteWats.Core.Time;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Core.Inspection;

/// <summary>Counts test runs as they stream by in the order of their timestamps; keeps names and counts only, never a run.</summary>
internal sealed class TestRunStatistics(string site, SiteClock clock, MappingOptions mapping, DateTimeOffset now)
{
    private readonly Dictionary<string, (string Description, long Count, List<Guid> Examples)> _findings = new(StringComparer.Ordinal);
    private readonly Tally<Code> _results = new();
    private readonly Tally<Code> _exitCodes = new();
    private readonly Tally<Code> _stepTypes = new();
    private readonly Tally<string> _products = new();
    private readonly Tally<string> _testplans = new();
    private readonly Tally<string> _stations = new();
    private readonly Tally<string> _days = new();
    private readonly Dictionary<(int, int), int> _tests = [];
    private readonly VerdictRules _verdicts = new(mapping);
    private readonly OperationTable _operations = new(mapping, "mapping", []);
    private VteTestRun? _previous;
    private bool _previousShared;
    private DateTime? _first;
    private long _runs;
    private long _steps;
    private int _fewest = int.MaxValue;
    private int _most;

    // A key that may be NULL.
    private readonly record struct Code(int? Value);

    public void Add(VteTestRun run)
    {
        _runs++;
        _first ??= run.Timestamp;
        var failed = run.ResultCode is { } code && mapping.ResultCodes.GetValueOrDefault(code) == "F";
        _results.Add(new Code(run.ResultCode), failed);
        _exitCodes.Add(new Code(run.ExitCode), failed);
        _products.Add(Shown(run.Product.Name), failed);
        _testplans.Add(Shown(string.Join(' ',
            new[] { run.Testplan.Name, run.Testplan.Variant, run.Testplan.Revision }.Where(p => !string.IsNullOrWhiteSpace(p)))), failed);
        _stations.Add(Shown(run.Station.Name ?? run.Station.Hostname), failed);
        _days.Add(run.Timestamp.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), failed);

        if (run.ResultCode is null || !mapping.ResultCodes.ContainsKey(run.ResultCode.Value))
            Note("ResultUnknown", "runs whose result code the mapping does not know: they are refused", run);
        Name("Serial", "serial number", run.Unit.SerialNumber, WsjfLimits.SerialNumber, run, mapping.MissingSerialNumber is null
            ? "they are refused" : "the mapping's replacement is used");
        Name("ProductName", "product name", run.Product.Name, WsjfLimits.PartNumber, run, "the part number has no product name");
        Name("ProductVersion", "product version", run.Product.Version, WsjfLimits.Revision, run,
            "the revision is the mapping's replacement");
        Name("Testplan", "test plan name", run.Testplan.Name, WsjfLimits.SeqCallName, run, "no operation rule on it can match");
        Name("TestplanRevision", "test plan revision", run.Testplan.Revision, WsjfLimits.SeqCallVersion, run,
            "the report's sequence has no version");
        Name("Operator", "operator", run.Operator, WsjfLimits.User, run, "the mapping's replacement is used");
        if (run.TestTime is null or < 0 || !double.IsFinite(run.TestTime.Value))
            Note("TestTimeMissing", "runs without a usable test time", run);
        Retests(run);
        Times(run);
        if (run.Steps is { } steps) Steps(run, steps);
        _previous = run;
    }

    public TestRunMeasurement Result() => new()
    {
        Site = site,
        Runs = _runs,
        First = _first,
        Last = _previous?.Timestamp,
        Results = Codes(_results, mapping.ResultCodes),
        ExitCodes = [.. _exitCodes.ByCount().Select(c => new CodeCount(c.Key.Value, c.Count, null, true))],
        StepResults = Codes(_stepTypes, mapping.StepResultCodes),
        Products = _products.Names(),
        Testplans = _testplans.Names(),
        Stations = _stations.Names(),
        Days = [.. _days.Names().OrderBy(d => d.Name, StringComparer.Ordinal)],
        Steps = _steps,
        FewestSteps = _fewest == int.MaxValue ? 0 : _fewest,
        MostSteps = _most,
        Findings =
        [
            .. _findings.Select(f => new DataFinding(f.Key, f.Value.Count, f.Value.Description, f.Value.Examples))
                .OrderByDescending(f => f.Count).ThenBy(f => f.Kind, StringComparer.Ordinal),
        ],
    };

    // Hashes instead of names: a plant has a million units. Two that share one would have to have a hundred retests together.
    private void Retests(VteTestRun run)
    {
        if (string.IsNullOrWhiteSpace(run.SerialNumber)) return;
        var unit = (HashCode.Combine(run.SerialNumber.Trim()), HashCode.Combine(run.ProductName?.Trim(), Operation(run)));
        if ((_tests[unit] = _tests.GetValueOrDefault(unit) + 1) > MostTests + 1)
            Note("RetestsMany", $"runs of a unit beyond its {MostTests} retests in an operation: WATS stops counting them", run);
    }

    private int? Operation(VteTestRun run)
    {
        try { return _operations.Choose(run); }
        catch (System.Text.RegularExpressions.RegexMatchTimeoutException) { return null; }
    }

    private void Times(VteTestRun run)
    {
        if (_previous is { } previous && previous.Timestamp == run.Timestamp)
        {
            if (!_previousShared) Note("TimestampShared", Shared, previous);
            Note("TimestampShared", Shared, run);
            _previousShared = true;
        }
        else
        {
            _previousShared = false;
        }
        if (run.DuplicateIndex > 0)
            Note("StartCollides", "runs of one unit, product and test plan with one timestamp: their start is moved so that WATS keeps "
                + "them apart", run);
        var (ambiguous, invalid) = (clock.AmbiguousCount, clock.InvalidCount);
        clock.ToInstant(run.Timestamp);
        if (clock.AmbiguousCount > ambiguous)
            Note("TimeAmbiguous", "runs in an hour that occurs twice: taken for the earlier instant", run);
        if (clock.InvalidCount > invalid)
            Note("TimeInvalid", "runs at a local time that never occurs: is the time zone of the site right?", run);
        if (run.Start > now) Note("TimeInFuture",
            "runs that start in the future: is the time zone of the site, or a station's clock, wrong?", run);
    }

    private const int MostTests = 100;
    private const string Shared = "runs that share their timestamp with another";

    private void Steps(VteTestRun run, IReadOnlyList<VteStep> steps)
    {
        _steps += steps.Count;
        _fewest = Math.Min(_fewest, steps.Count);
        _most = Math.Max(_most, steps.Count);
        if (steps.Count == 0) Note("WithoutSteps", "runs without any step", run);
        foreach (var step in steps)
        {
            var verdict = _verdicts.Verdict(step);
            _stepTypes.Add(new Code(step.ResultCode), verdict == "F");
            if (string.IsNullOrWhiteSpace(step.Name)) Note("StepNameMissing", "steps without a name", run);
            else if (step.Name.Trim().Length > WsjfLimits.StepName)
                Note("StepNameLong", $"steps whose name is over {WsjfLimits.StepName} characters: it is cut in the report", run);
            if (step is VteTextStep { Text.Length: > WsjfLimits.StringValue })
                Note("TextLong", $"text results over {WsjfLimits.StringValue} characters: they are cut in the report", run);
            if (HasControl(step.Name) || HasControl((step as VteTextStep)?.Text))
                Note("StepControlCharacters", "steps with control characters in name or text: they are taken out", run);
            if (step is VteNumericStep numeric) Numbers(run, numeric, verdict);
        }
    }

    private void Numbers(VteTestRun run, VteNumericStep step, string? verdict)
    {
        var unusable = _verdicts.WhyUnusable(step.Value) is not null;
        if (step.Value is { } odd && (unusable || Math.Abs(odd) >= 1e37))
            Note("ValueNotANumber", "values that stand for no value, or are beyond 1e37", run);
        if (step.Value is null) Note("ValueMissing", "numeric steps without a value", run);
        if (_verdicts.Limit(step.LowLimit) is { } low && _verdicts.Limit(step.HighLimit) is { } high && low > high)
            Note("LimitsReversed", "numeric steps whose low limit is above the high one", run);
        else if (verdict is not null && _verdicts.Contradicts(step, verdict))
            Note("ResultAgainstLimits", "numeric steps whose verdict contradicts their limits: the verdict stands", run);
    }

    private void Name(string kind, string words, string? text, int limit, VteTestRun run, string consequence)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            Note($"{kind}Missing", $"runs whose {words} is NULL or blank: {consequence}", run);
            return;
        }
        if (text.Trim().Length < text.Length) Note($"{kind}Padded", $"runs whose {words} has blanks around it: they are taken off", run);
        if (text.Trim().Length > limit) Note($"{kind}Long", $"runs whose {words} is over {limit} characters: it is cut in the report", run);
        if (HasControl(text)) Note($"{kind}ControlCharacters", $"runs whose {words} has control characters: they are taken out", run);
    }

    private void Note(string kind, string description, VteTestRun run)
    {
        var (_, count, examples) = _findings.GetValueOrDefault(kind, (description, 0, []));
        if (examples.Count < 3 && !examples.Contains(run.Id)) examples.Add(run.Id);
        _findings[kind] = (description, count + 1, examples);
    }

    private static List<CodeCount> Codes(Tally<Code> tally, IReadOnlyDictionary<int, string> meanings) =>
    [
        .. from c in tally.ByCount()
           let letter = c.Key.Value is { } code ? meanings.GetValueOrDefault(code) : null
           let meaning = letter is null ? null : VteResultCodes.NameOfLetter(letter)
           select new CodeCount(c.Key.Value, c.Count, meaning, meaning is not null),
    ];

    private static string Shown(string? name) => string.IsNullOrWhiteSpace(name) ? "(none)" : name.Trim();

    private static bool HasControl(string? text) => text is not null && text.Any(c => char.IsControl(c) && c is not ('\t' or '\r' or '\n'));

    private sealed class Tally<T>
        where T : notnull
    {
        private readonly Dictionary<T, (long Count, long Failed)> _counts = [];

        public void Add(T key, bool failed)
        {
            var (count, failures) = _counts.GetValueOrDefault(key);
            _counts[key] = (count + 1, failed ? failures + 1 : failures);
        }

        public IEnumerable<(T Key, long Count, long Failed)> ByCount() =>
            _counts.OrderByDescending(c => c.Value.Count).ThenBy(c => c.Key.ToString(), StringComparer.Ordinal)
            .Select(c => (c.Key, c.Value.Count, c.Value.Failed));

        public List<NameCount> Names() => [.. ByCount().Select(c => new NameCount(c.Key.ToString()!, c.Count, c.Failed))];
    }
}
