using System.Globalization;
using System.Text.Json.Nodes;
using VteWats.Core.Mapping;
using VteWats.Core.Vte;

namespace VteWats.Core.Assistant;

/// <summary>What the codes of <c>IndexData.Result</c> mean: by the steps that fail in the runs that have them, and by runs that ended
/// early.</summary>
internal sealed class RunCodeFinder(PlantSample sample, MappingOptions mapping, IReadOnlySet<int> underWay)
{
    private const string Codes = "mapping.resultCodes";
    private const int Enough = 3;

    private static readonly MappingOptions Standard = new();

    private readonly VerdictRules _verdicts = new(mapping);
    private readonly Dictionary<string, int> _usual = [];
    private readonly SortedDictionary<int, string> _known = [];

    private sealed record Counts(int? Code, int Runs, int Failing, int Clean, int Early, int WithoutSteps)
    {
        public double FailingShare => Failing + Clean == 0 ? 0 : (double)Failing / (Failing + Clean);
    }

    public IEnumerable<SiteDecision> Decide()
    {
        foreach (var plan in sample.Runs.GroupBy(Plan)) _usual[plan.Key] = Usual(plan);
        var all = sample.Runs.GroupBy(run => new CodeTally.Key(run.ResultCode)).Select(g => Count(g.Key.Code, [.. g]))
            .OrderBy(c => c.Code is null).ThenBy(c => c.Code).ToList();
        var counts = all.Where(c => c.Code is { } code && !underWay.Contains(code)).ToList();
        ByFailures(counts);
        var standard = _known.Count > 0 && _known.All(k => Standard.ResultCodes.GetValueOrDefault(k.Key) == k.Value);
        var open = new List<Counts>();
        foreach (var one in counts.Where(c => !_known.ContainsKey(c.Code!.Value)))
        {
            if (standard && Standard.ResultCodes.TryGetValue(one.Code!.Value, out var usual)) _known[one.Code!.Value] = usual;
            else open.Add(one);
        }
        var table = standard ? new SortedDictionary<int, string>(Standard.ResultCodes.ToDictionary()) : _known;
        if (table.Count > 0) yield return new SiteDecision
        {
            Decision = Codes, Json = StepCodeFinder.Letters(table),
            Certainty = _known.ContainsValue("P") && _known.ContainsValue("F") ? DecisionCertainty.Certain : DecisionCertainty.Likely,
            Evidence = string.Join(" ", counts.Where(c => _known.ContainsKey(c.Code!.Value)).Select(Sentence))
                + (standard ? " These are the usual codes." : ""),
            Table = [.. all.Select(c => new CodeAgreement(c.Code, c.Runs, c.Clean, c.Failing,
                c.Code is { } code ? _known.GetValueOrDefault(code) : null))],
        };
        foreach (var one in open) yield return Unknown(one);
        if (all.Find(c => c.Code is null) is { } missing) yield return Null(missing);
    }

    private void ByFailures(List<Counts> counts)
    {
        foreach (var one in counts.Where(c => c.Failing + c.Clean >= Enough))
            if (one.FailingShare >= 0.6) _known[one.Code!.Value] = "F";
        // Of the codes without failing steps the one of complete runs is the pass; others ended early, or mean something else.
        var clean = counts.Where(c => c.Clean >= Enough && c.FailingShare <= 0.1 && c.Early < 0.5 * c.Clean)
            .OrderByDescending(c => c.Clean).ToList();
        if (clean.Count > 0 && (clean.Count == 1 || clean[0].Clean >= 4 * clean[1].Clean)) _known[clean[0].Code!.Value] = "P";
    }

    // Not the most that one ever had: repetitions add rows.
    private static int Usual(IEnumerable<VteTestRun> runs)
    {
        var steps = runs.Select(run => run.Steps?.Count ?? 0).Order().ToList();
        return steps[steps.Count * 3 / 4];
    }

    private Counts Count(int? code, IReadOnlyList<VteTestRun> runs)
    {
        var (failing, clean, early, without) = (0, 0, 0, 0);
        foreach (var run in runs)
        {
            if (run.Steps is not { Count: > 0 } steps)
            {
                without++;
                continue;
            }
            if (steps.Any(step => _verdicts.Verdict(step) == "F")) failing++;
            else clean++;
            if (steps.Count < 0.9 * _usual[Plan(run)]) early++;
        }
        return new Counts(code, runs.Count, failing, clean, early, without);
    }

    private string Sentence(Counts one) => string.Create(CultureInfo.InvariantCulture,
        $"{one.Code} is {_known[one.Code!.Value]}: {one.Failing} of {one.Runs} runs have a failing step, {one.Early} ended early.");

    private static SiteDecision Unknown(Counts one) => new()
    {
        Decision = string.Create(CultureInfo.InvariantCulture, $"{Codes}.{one.Code}"), Certainty = DecisionCertainty.Open,
        Evidence = string.Create(CultureInfo.InvariantCulture, $"Result {one.Code}: {one.Runs} run(s), {one.Failing} with a failing step, ")
            + string.Create(CultureInfo.InvariantCulture, $"{one.Clean} without, {one.Early} ended early. That does not tell its meaning."),
        Choices = [.. (one.FailingShare > 0.5 ? "FETP" : one.Early > 0 ? "TEFP" : "ETPF").Select(c => CodeWords.Choice(c.ToString()))],
    };

    private static SiteDecision Null(Counts missing)
    {
        var judged = missing.Failing + missing.Clean;
        var evidence = string.Create(CultureInfo.InvariantCulture, $"{missing.Runs} runs have no result; {judged} of them have steps, ")
            + string.Create(CultureInfo.InvariantCulture, $"{missing.Failing} with a failing one.");
        return judged > 0 && missing.Early < 0.5 * judged
            ? new SiteDecision
            {
                Decision = "mapping.missingResult", Json = JsonValue.Create(MappingOptions.ByLimits), Certainty = DecisionCertainty.Likely,
                Evidence = evidence + " They are complete otherwise, so their steps judge.",
            }
            : new SiteDecision
            {
                Decision = "mapping.missingResult", Certainty = DecisionCertainty.Open, Evidence = evidence,
                Choices =
                [
                    new(MappingOptions.ByLimits, "judged by their steps"), CodeWords.Choice("T"), CodeWords.Choice("E"),
                    new(MappingOptions.Refuse, "each becomes a dead letter"),
                ],
            };
    }

    private static string Plan(VteTestRun run) => $"{run.Testplan.Name}/{run.Testplan.Variant}/{run.Testplan.Revision}/{run.Product.Name}";
}
