using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Core.Sync.DeadLetters;

/// <summary>Makes the report of a run, or its dead letter: the one place where a run that no report can be made of is
/// acknowledged.</summary>
/// <param name="mapper">The site's mapper.</param>
/// <param name="letters">Where unmappable runs go; null to keep none and acknowledge none.</param>
public sealed class RunMapping(ReportMapper mapper, DeadLetterStore? letters)
{
    /// <summary>Operations that are switched off in WATS: it would refuse every report with one of them.</summary>
    public IReadOnlySet<int> SwitchedOff { get; set; } = new HashSet<int>();

    /// <summary>The report; or, when none can be made, the error, after the letter was written.</summary>
    /// <exception cref="VteWatsException">The letter cannot be written, or the mapping itself is wrong.</exception>
    public async Task<(WatsReport? Report, VteWatsException? Error)> MapAsync(VteTestRun run)
    {
        try
        {
            var report = mapper.Map(run);
            if (report.ProcessCode is { } code && SwitchedOff.Contains(code))
                return (null, await PutAwayAsync(run, SwitchedOffError(run.Id, code)).ConfigureAwait(false));
            return (report, null);
        }
        catch (VteWatsException e) when (!e.Error.Terminates)
        {
            // A run that was read without its steps is not a dead letter: read as a whole it may well be mapped.
            return (null, e.Error == ErrorKind.RunUnmappable ? await PutAwayAsync(run, e).ConfigureAwait(false) : e);
        }
        catch (Exception e) when (e is not VteWatsException)
        {
            // A run that the mapper was not made for must not hold up all that come after it.
            const string Advice = "This is a defect in VteWats. Report it with the dead letter of the run; Send-VteDeadLetter sends it "
                + "with a release that can.";
            var failure = $"unexpected failure: {e.GetType().Name}: {e.Message}";
            return (null, await PutAwayAsync(run, new VteWatsException(
                ErrorKind.RunUnmappable, $"No report can be made of test run {run.Id:D}: {failure}", Advice, run.Id,
                e)
            { Findings = [$"U{failure[1..]} {Advice}"] }).ConfigureAwait(false));
        }
    }

    private static VteWatsException SwitchedOffError(Guid id, int code)
    {
        var finding = FormattableString.Invariant(
            $"The operation {code} that the mapping gives it is not an active test operation in WATS. ");
        const string Advice = "Activate it in WATS or correct mapping.operations, then Send-VteDeadLetter.";
        return new VteWatsException(ErrorKind.RunUnmappable, $"No report can be made of test run {id:D}: {finding}", Advice,
            id)
        { Findings = [finding + Advice] };
    }

    private async Task<VteWatsException> PutAwayAsync(VteTestRun run, VteWatsException error)
    {
        if (letters is not null)
        {
            await letters.WriteAsync(DeadLetter.From(run, DeadLetterStage.Mapping, error.Findings)).ConfigureAwait(false);
            run.Mark?.Acknowledge(RunOutcome.Letter);
        }
        return error;
    }
}
