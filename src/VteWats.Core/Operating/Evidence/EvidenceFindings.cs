using System.Globalization;
using VteWats.Core.Diagnostics;
using VteWats.Core.Inspection;
using VteWats.Core.Mapping;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Vte.Schema;
using static System.FormattableString;

namespace VteWats.Core.Operating.Evidence;

/// <summary>What of the evidence is not as it should be.</summary>
internal static class EvidenceFindings
{
    /// <param name="data">The rest of the evidence.</param>
    /// <param name="schema">In what the database is not as the profile says. What a site need not have is no finding.</param>
    /// <param name="letters">The dead letters that wait.</param>
    /// <param name="mapping">What the site has decided.</param>
    public static IReadOnlyList<EvidenceLine> Of(EvidenceData data, IReadOnlyList<SchemaFinding> schema,
        IReadOnlyList<DeadLetterCount> letters, MappingOptions mapping) =>
    [
        .. schema.Where(f => f.Severity == FindingSeverity.Error || f is
            { Severity: FindingSeverity.Warning, Kind: not SchemaFindingKind.MissingOptional }).Select(f =>
            new EvidenceLine("Schema", f.Message, f.Fix)),
        .. Codes(data, mapping),
        .. Accuracy(data.Accuracy),
        .. Places(data),
        .. data.ClockChanges.SelectMany(change => change.Runs).Where(run => run is { Wats: not null, IsRight: false }).Select(run =>
            new EvidenceLine("Clock change",
                Invariant($"Run {run.RunId:D} at {run.Local:yyyy-MM-dd HH:mm:ss} began at {run.Expected:u}, and ")
                + Invariant($"WATS has {run.Wats:u}."), "Correct timeZone or timestampIs, then Invoke-VteWatsSync -Remapped.")),
        .. letters.Select(letter => new EvidenceLine("Dead letters", Invariant($"{letter.Count} ({letter.Stage}): {letter.Finding}"),
            "Get-VteDeadLetter says what to do about each.")),
    ];

    // What stands for a verdict that is NULL is a decision, too.
    private static IEnumerable<EvidenceLine> Codes(EvidenceData data, MappingOptions mapping) =>
        data.Quality.Results
        .Where(code => !code.Known && (code.Code is not null || mapping.MissingResult == MappingOptions.Refuse))
        .Select(code => new EvidenceLine("Result code",
            Invariant($"{code.Count} runs have the result {Code(code)}, which the mapping does not know."),
            "Set mapping.resultCodes or mapping.missingResult."))
        .Concat(data.Quality.StepResults.Where(code => !code.Known && mapping.StepVerdict == MappingOptions.ByColumn
            && (code.Code is not null || mapping.MissingStepResult == MappingOptions.Refuse))
            .Select(code => new EvidenceLine("Step result code",
            Invariant($"{code.Count} steps have the code {Code(code)}, which the mapping does not know."),
            "Set mapping.stepResultCodes or mapping.missingStepResult.")));

    private static IEnumerable<EvidenceLine> Accuracy(EvidenceAccuracy accuracy)
    {
        // By the field, without the name of the step: a wrong unit is one finding, however many steps have it.
        foreach (var field in accuracy.Findings.GroupBy(finding => KindOf(finding.Field)))
        {
            var first = field.First();
            yield return new EvidenceLine("Accuracy",
                Invariant($"{field.Count()} times {field.Key} differs. For example run {first.RunId:D}, ")
                + Invariant($"{first.Field}: VTE {first.Vte ?? "nothing"}, WATS {first.Wats ?? "nothing"}."),
                "Compare-WatsReport shows all of a run's differences.");
        }
        foreach (var (what, judged) in new[] { ("measurements contradict their limits", accuracy.Steps),
            ("runs contradict their measurements", accuracy.Runs), ("ranges have the low limit above the high one", accuracy.Limits) })
        {
            if (judged.IsTooMuch) yield return new EvidenceLine("Judged anew",
                Invariant($"{judged.Against} of {judged.Judged} {what}. {string.Join(" ", judged.Examples)}"),
                "The codes, or the columns of the limits, mean something else than the configuration says.");
        }
    }

    private static IEnumerable<EvidenceLine> Places(EvidenceData data)
    {
        var wrong = data.Days.Where(day => day.Missing != 0).ToList();
        if (wrong.Count > 0) yield return new EvidenceLine("Completeness",
            Invariant($"{wrong.Sum(day => day.Missing)} runs of {wrong.Count} days are neither in WATS nor in the ")
            + Invariant($"dead letters, nor held or ")
            + Invariant($"waiting; the first day is {wrong[0].Day:yyyy-MM-dd}."), "Compare-VteWatsSync -Repair sends what is missing.");
    }

    private static string KindOf(string field)
    {
        if (field.StartsWith("step ", StringComparison.Ordinal)) return "step";
        return field[(field.LastIndexOf(':') + 1)..].Trim();
    }

    private static string Code(CodeCount code) => code.Code is { } known ? known.ToString(CultureInfo.InvariantCulture) : "NULL";
}
