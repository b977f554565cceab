using System.Globalization;
using System.Text.Json.Nodes;
using VteWats.Core.Mapping;

namespace VteWats.Core.Assistant;

/// <summary>What the codes of <c>TestResultType</c> mean, and whether it is a verdict at all: by agreement with the limits.</summary>
internal sealed class StepCodeFinder(PlantSample sample, MappingOptions mapping, bool switchedOff)
{
    private const string Codes = "mapping.stepResultCodes";

    // Rows of a code that have to agree before it is known, and the share that may not.
    private const int Enough = 5;
    private const double Passing = 0.05, Failing = 0.9;

    private static readonly MappingOptions Standard = new();

    private readonly CodeTally _tally = new(sample, new VerdictRules(mapping));
    private readonly SortedDictionary<int, string> _known = [];
    private readonly List<SiteDecision> _open = [];

    public IEnumerable<SiteDecision> Decide()
    {
        if (!switchedOff && _tally.Codes.Any())
        {
            if (IsNoVerdict(out var why))
            {
                yield return Choice("mapping.stepVerdict", MappingOptions.ByLimits, DecisionCertainty.Certain, why) with
                {
                    Table = _tally.Table(_known),
                };
                yield break;
            }
            foreach (var decision in ByAgreement()) yield return decision;
        }
        if (Nulls() is { } missing) yield return missing;
    }

    // A verdict keeps what is outside apart from what is inside. Where each code has both, it says something else.
    private bool IsNoVerdict(out string why)
    {
        var judged = _tally.Codes.Where(c => c.Counts.Judged >= Enough).ToList();
        var outside = _tally.Codes.Sum(c => c.Counts.Outside);
        var failing = _tally.Codes.Where(c => c.Counts.Outside >= 2 && c.Counts.OutsideShare >= 0.5).Sum(c => c.Counts.Outside);
        why = string.Create(CultureInfo.InvariantCulture, $"{outside} measurements lie outside their limits, and none of the ")
            + string.Create(CultureInfo.InvariantCulture, $"{judged.Count} codes of TestResultType keeps them apart from those inside: ")
            + "it is no verdict, so the limits judge.";
        // Planted contradictions are rare; a column without a verdict has all that fails among what passes.
        return judged.Count > 0 && outside >= 5 && failing < 0.3 * outside;
    }

    private IEnumerable<SiteDecision> ByAgreement()
    {
        foreach (var (code, counts) in _tally.Codes)
        {
            if (counts.Judged >= Enough && counts.OutsideShare <= Passing) _known[code] = "P";
            else if (counts.Outside >= 2 && counts.OutsideShare >= Failing) _known[code] = "F";
        }
        var standard = _known.Count > 0 && _known.All(k => Standard.StepResultCodes.GetValueOrDefault(k.Key) == k.Value);
        foreach (var (code, counts) in _tally.Codes.Where(c => !_known.ContainsKey(c.Code)))
        {
            if (standard && Standard.StepResultCodes.TryGetValue(code, out var usual) && Allows(counts, usual)) _known[code] = usual;
            else if (counts.Numbers > 0 && counts.WithLimits <= 0.02 * counts.Numbers && counts.Unusable < 0.5 * counts.Numbers
                && counts.Rows >= Enough) _known[code] = "D";
            else _open.Add(Unknown(code, counts));
        }
        var certain = _known.ContainsValue("P") && _known.ContainsValue("F");
        var table = standard ? new SortedDictionary<int, string>(Standard.StepResultCodes.ToDictionary()) : _known;
        if (standard) foreach (var (code, letter) in _known) table[code] = letter;
        if (table.Count > 0) yield return new SiteDecision
        {
            Decision = Codes, Json = Letters(table), Table = _tally.Table(_known),
            Certainty = certain ? DecisionCertainty.Certain : DecisionCertainty.Likely,
            Evidence = string.Join(" ", _tally.Codes.Where(c => _known.ContainsKey(c.Code)).Select(c => Sentence(c.Code, c.Counts)))
                + (standard ? " These are the usual codes." : ""),
        };
        foreach (var open in _open) yield return open;
    }

    // What the usual meaning of a code asks of its rows.
    private static bool Allows(CodeTally.Counts counts, string letter) => letter switch
    {
        "P" => counts.OutsideShare <= 0.5,
        "F" => counts.Inside <= counts.Outside,
        _ => counts.WithLimits <= 0.3 * Math.Max(1, counts.Numbers),
    };

    private string Sentence(int code, CodeTally.Counts counts) =>
        string.Create(CultureInfo.InvariantCulture, $"{code} is {_known[code]}: {counts.Rows} rows, ")
        + (counts.Judged > 0 ? string.Create(CultureInfo.InvariantCulture, $"{counts.Inside} inside and {counts.Outside} outside limits.")
            : "none with limits.");

    private static SiteDecision Unknown(int code, CodeTally.Counts counts)
    {
        var unusable = counts.Numbers > 0 && counts.Unusable >= 0.5 * counts.Numbers;
        string[] letters = unusable ? ["E", "S", "T", "F"] : counts.Judged == 0 ? ["P", "D", "F", "S"] : ["D", "P", "F", "E"];
        return new SiteDecision
        {
            Decision = string.Create(CultureInfo.InvariantCulture, $"{Codes}.{code}"), Certainty = DecisionCertainty.Open,
            Evidence = string.Create(CultureInfo.InvariantCulture,
                $"TestResultType {code}: {counts.Rows} rows, {counts.Inside} inside and ")
                + string.Create(CultureInfo.InvariantCulture, $"{counts.Outside} outside limits")
                + (unusable ? ", mostly without a usable value." : ". The limits do not tell what it means."),
            Choices = [.. letters.Select(CodeWords.Choice)],
        };
    }

    private SiteDecision? Nulls()
    {
        var rows = _tally.Null;
        if (rows.Rows == 0) return null;
        var all = switchedOff || !_tally.Codes.Any();
        var evidence = string.Create(CultureInfo.InvariantCulture,
            $"{rows.Rows} rows have no verdict, of them {rows.Judged} with limits that judge them ({rows.Outside} outside).");
        const string Key = "mapping.missingStepResult";
        if (rows.Judged == 0) return Choice(Key, "D", all ? DecisionCertainty.Likely : DecisionCertainty.Certain,
            evidence + " Nothing says that they passed or failed.");
        return Choice(Key, MappingOptions.ByLimits, DecisionCertainty.Likely, evidence + (all
            ? " There is no other verdict than the limits'." : " Where there is a verdict it is the limits'."));
    }

    private static SiteDecision Choice(string key, string value, DecisionCertainty certainty, string evidence) =>
        new() { Decision = key, Json = JsonValue.Create(value), Certainty = certainty, Evidence = evidence };

    internal static JsonObject Letters(IEnumerable<KeyValuePair<int, string>> table) => new(table.Select(p =>
        KeyValuePair.Create(p.Key.ToString(CultureInfo.InvariantCulture), (JsonNode?)JsonValue.Create(p.Value))));
}
