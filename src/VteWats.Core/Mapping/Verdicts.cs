using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Core.Mapping;

/// <summary>How the verdict on the run and those on its steps go together. Neither is changed: VTE has the word.</summary>
internal static class Verdicts
{
    /// <summary>
    /// The row that ended the run's hopes: the first with the run's own verdict, else the first that did not pass. None in a passed run,
    /// because WATS would take the mark for the unit's failure.
    /// </summary>
    public static VteStep? FirstFailure(StepScope root, string result)
    {
        if (result == "P") return null;
        VteStep? failing = null;
        foreach (var (_, place) in root.Rows())
        {
            if (place.Verdict == result) return place.Row;
            if (failing is null && IsFailing(place.Verdict)) failing = place.Row;
        }
        return failing;
    }

    /// <summary>Notes where the verdict on the run does not follow from those on its steps.</summary>
    public static void NoteContradictions(StepScope root, ReadOnlySpan<string?> verdicts, string result, ReportNotes notes)
    {
        if (verdicts.Length == 0) notes.Add(NoteRules.NoSteps, ReportPath.Root, "VTE holds no step results of this run.");
        var failing = 0;
        foreach (var verdict in verdicts) failing += IsFailing(verdict) ? 1 : 0;
        if (result == "P" && failing > 0)
        {
            var (scope, place) = root.Rows().First(row => IsFailing(row.Place.Verdict));
            notes.Add(NoteRules.VerdictContradiction, scope.Path.Child($"step {place.Name}"),
                $"VTE passed the run, but {failing} of its steps did not pass.");
        }
        else if (result == "F" && failing == 0 && verdicts.Length > 0)
        {
            notes.Add(NoteRules.VerdictContradiction, ReportPath.Root, "VTE failed the run, but none of its steps.");
        }
    }

    /// <summary>The verdict that follows from those of steps: E over T over F, passed where at least one passed; null where none was
    /// judged.</summary>
    public static string? Together(ReadOnlySpan<string?> verdicts)
    {
        var passed = false;
        var worst = 0;
        foreach (var verdict in verdicts)
        {
            worst = Math.Max(worst, verdict switch { "E" => 3, "T" => 2, "F" => 1, _ => 0 });
            passed |= verdict == "P";
        }
        return worst switch { 3 => "E", 2 => "T", 1 => "F", _ => passed ? "P" : null };
    }

    private static bool IsFailing(string? status) => status is "F" or "E" or "T";
}
