using VteWats.Core.Wats;

namespace VteWats.Core.Mapping;

/// <summary>How the verdict on the run and those on its steps go together. Neither is changed: VTE has the word.</summary>
internal static class Verdicts
{
    /// <summary>
    /// Marks the step that ended the run's hopes: the first with the run's own verdict, else the first that did not pass. In a
    /// passed run nothing is marked, because WATS would take the mark for the unit's failure.
    /// </summary>
    public static void MarkFirstFailure(List<WatsStep> steps, string result)
    {
        if (result == "P") return;
        var first = steps.FindIndex(s => s.Status == result);
        if (first < 0) first = steps.FindIndex(s => IsFailing(s.Status));
        if (first >= 0) steps[first] = steps[first] with { CausedSeqFailure = true };
    }

    public static void NoteContradictions(List<WatsStep> steps, string result, ReportNotes notes)
    {
        if (steps.Count == 0) notes.Add(NoteRules.NoSteps, ReportPath.Root, "VTE holds no step results of this run.");
        if (result == "P")
        {
            var failing = steps.FindAll(s => IsFailing(s.Status));
            if (failing.Count > 0)
                notes.Add(NoteRules.VerdictContradiction, ReportPath.Step(failing[0].Name!),
                    $"VTE passed the run, but {failing.Count} of its steps did not pass.");
        }
        else if (result == "F" && steps.Count > 0 && !steps.Exists(s => IsFailing(s.Status)))
        {
            notes.Add(NoteRules.VerdictContradiction, ReportPath.Root, "VTE failed the run, but none of its steps.");
        }
    }

    private static bool IsFailing(string? status) => status is "F" or "E" or "T";
}
