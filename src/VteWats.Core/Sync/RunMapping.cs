using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Core.Sync;

/// <summary>Makes the report of a run, or its dead letter: the one place where a run that no report can be made of is acknowledged.</summary>
/// <param name="mapper">The site's mapper.</param>
/// <param name="letters">Where unmappable runs go; null to keep none and acknowledge none.</param>
public sealed class RunMapping(ReportMapper mapper, DeadLetterStore? letters)
{
    /// <summary>The report; or, when none can be made, the error, after the letter was written.</summary>
    /// <exception cref="VteWatsException">The letter cannot be written, or the mapping itself is wrong.</exception>
    public async Task<(WatsReport? Report, VteWatsException? Error)> MapAsync(VteTestRun run)
    {
        try
        {
            return (mapper.Map(run), null);
        }
        catch (VteWatsException e) when (!e.Error.Terminates)
        {
            // A run that was read without its steps is no dead letter: read as a whole it may well be mapped.
            if (letters is not null && e.Error == ErrorKind.RunUnmappable)
            {
                await letters.WriteAsync(DeadLetter.Of(run, DeadLetter.Mapping, [e.Message])).ConfigureAwait(false);
                run.Mark?.Reading.Acknowledge(run.Mark.Ordinal);
            }
            return (null, e);
        }
    }
}
