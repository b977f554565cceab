using VteWats.Core.Diagnostics;

namespace VteWats.Core.Sync;

/// <summary>Writes into the log what a sync did.</summary>
internal static class SyncLog
{
    public static void Write(VteWatsLog log, SyncSummary s)
    {
        if (s.Error is { } e)
            log.Error(null, "{Site}: {Result} with {Id}: {Problem} {Advice}", s.Site, s.Result, e.Error.Id, e.Message, e.Advice);
        foreach (var warning in s.Warnings) log.Warning("{Site}: {Warning}", s.Site, warning);
        log.Information(
            "{Site}: {Result}. Read {Read}, uploaded {Uploaded}, in WATS already {Skipped}, known {Known}, changed {Changed}, late "
            + "{Late} (at most {MostLate}), remapped {Remapped}, unaffected {Unaffected}, dead letters {DeadLetters}. "
            + "Watermark from {From} to {To}. {Seconds} s, exit code {ExitCode}",
            s.Site, s.Result, s.Read, s.Uploaded, s.AlreadyInWats, s.Known, s.Changed, s.Late, s.MostLate, s.Remapped, s.Unaffected,
            s.DeadLetters, s.From, s.To,
            s.Duration.TotalSeconds, s.ExitCode);
        log.Information(
            "{Site}: held {Held}, ahead {Ahead}, suspects {Suspects}, unconfirmed {Unconfirmed}, letters waiting {LettersWaiting}, census "
            + "of {CensusHours} hours with {CensusDiffering} that differ, ambiguous times {AmbiguousTimes}, missing times {MissingTimes}",
            s.Site, s.Held, s.Ahead, s.Suspects, s.Unconfirmed, s.LettersWaiting, s.CensusHours, s.CensusDiffering, s.AmbiguousTimes,
            s.MissingTimes);
    }
}
