using System.Globalization;
using System.Text.RegularExpressions;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Core.Mapping;

/// <content>The root with its steps, and the verdicts that it bears.</content>
public sealed partial class ReportMapper
{
    /// <summary>The path of the step that each row of a run becomes, in the order of the rows.</summary>
    /// <exception cref="RegexMatchTimeoutException">A regular expression took longer than a second.</exception>
    internal IReadOnlyList<string> PathsOf(IReadOnlyList<VteStep> steps)
    {
        var rows = StepPlaces.InOrder(steps);
        var verdicts = new string?[rows.Length];
        Array.Fill(verdicts, "D");
        var paths = new Dictionary<VteStep, string>(rows.Length, ReferenceEqualityComparer.Instance);
        foreach (var (scope, place) in new StepPlaces().Place(rows, verdicts, _steps).Rows())
            paths[place.Row!] = scope.Path.Child($"step {place.Name}").ToString();
        var ordered = new string[rows.Length];
        for (var i = 0; i < ordered.Length; i++) ordered[i] = paths[rows[i]];
        return ordered;
    }

    private WatsStep Root(VteTestRun run, ReadOnlySpan<VteStep> rows, ReadOnlySpan<string?> verdicts, string result, double? seconds,
        HeaderMapper header, ReportNotes notes, Desk desk)
    {
        var plan = run.Testplan;
        var name = LegalText.Clean(plan.Name) is null ? header.Placeholder("Unknown", "Test plan") : plan.Name;
        var path = LegalText.Clean(plan.Variant) is null ? $"VTE/{name!.Trim()}" : $"VTE/{name!.Trim()}/{plan.Variant!.Trim()}";
        var call = new WatsSeqCall
        {
            Path = FieldText.Fit(path, WsjfLimits.SeqCallPath).Text,
            Name = FieldText.Fit(name, WsjfLimits.SeqCallName).Text,
            Version = header.Fit(plan.Revision, WsjfLimits.SeqCallVersion, "Test plan revision") ?? "-",
        };
        var steps = Steps(run, rows, verdicts, result, call, notes, desk);
        return new WatsStep
        {
            Id = 1,
            Group = "M",
            StepType = "SequenceCall",
            Name = header.Fit(name, WsjfLimits.StepName, "Test plan"),
            Status = result,
            TotTime = seconds,
            SeqCall = call,
            Steps = steps.Length == 0 ? null : steps,
            // The fields of the header have overflowed into it by now.
            ReportText = header.OverflowText(),
        };
    }

    private WatsStep[] Steps(VteTestRun run, ReadOnlySpan<VteStep> rows, ReadOnlySpan<string?> verdicts, string result, WatsSeqCall call,
        ReportNotes notes, Desk desk)
    {
        try
        {
            var places = desk.Places.Place(rows, verdicts, _steps);
            Verdicts.NoteContradictions(places, verdicts, result, notes);
            var cause = Verdicts.FirstFailure(places, result);
            var steps = desk.Steps.Map(places, _steps, notes, call, cause, ReportBudget.LeftOut(rows, _options, notes));
            // The desk outlives the run, which may be a large one.
            places.Forget();
            return steps;
        }
        catch (RegexMatchTimeoutException e)
        {
            var refusal = new MappingErrors(run);
            refusal.Add($"the regular expression {e.Pattern} took too long on one of its steps",
                $"Simplify it in {_key}.stepGroups, {_key}.sequences or {_key}.charts.");
            refusal.ThrowIfAny(e);
            throw;
        }
    }

    private string? ResultOf(VteTestRun run, ReadOnlySpan<string?> verdicts, ReportNotes notes, MappingErrors refusal)
    {
        if (run.ResultCode is { } code)
        {
            if (_options.ResultCodes.TryGetValue(code, out var result)) return result;
            refusal.Add(string.Create(CultureInfo.InvariantCulture, $"its Result {code} is unknown"),
                string.Create(CultureInfo.InvariantCulture, $"Add \"{code}\" with P, F, E or T to {_key}.resultCodes."));
            return null;
        }
        var stand = _options.MissingResult switch
        {
            MappingOptions.Refuse => null,
            MappingOptions.ByLimits => Verdicts.Together(verdicts),
            var letter => letter,
        };
        if (stand is not null)
        {
            notes.Add(NoteRules.VerdictMissing, ReportPath.Report,
                $"VTE holds no verdict on the run; {VteResultCodes.NameOfLetter(stand)} stands for it.");
            return stand;
        }
        var judged = _options.MissingResult == MappingOptions.ByLimits;
        refusal.Add(judged ? "its Result is NULL, and none of its steps was judged" : "its Result is NULL",
            judged ? "Complete the run in VTE." : $"Set {_key}.missingResult to what stands for it, or complete the run in VTE.");
        return null;
    }

    // Every row's verdict, or the reasons why there is none. What was assumed is told once, not with every row.
    private void VerdictsOf(ReadOnlySpan<VteStep> rows, Span<string?> verdicts, ReportNotes notes, MappingErrors refusal)
    {
        var assumed = 0;
        for (var i = 0; i < verdicts.Length; i++)
        {
            var row = rows[i];
            if ((verdicts[i] = _steps.Verdicts.Verdict(row)) is not null)
            {
                if (row.ResultCode is null) assumed++;
                continue;
            }
            refusal.Add(
                row.ResultCode is null
                    ? string.Create(CultureInfo.InvariantCulture, $"the TestResultType of step {row.StepNumber} is NULL")
                    : string.Create(CultureInfo.InvariantCulture, $"the TestResultType {row.ResultCode} of a step is unknown"),
                row.ResultCode is null
                    ? $"Set {_key}.missingStepResult to D (not judged) or to limits, or complete the step in VTE."
                    : string.Create(CultureInfo.InvariantCulture,
                    $"Add \"{row.ResultCode}\" with P, F, D, S, E or T to {_key}.stepResultCodes."));
        }
        if (assumed > 0 && _options.StepVerdict == MappingOptions.ByColumn)
            notes.Add(NoteRules.VerdictMissing, ReportPath.Root,
                $"VTE holds no verdict on {assumed} steps; missingStepResult ({_options.MissingStepResult}) stands for it.");
    }
}
