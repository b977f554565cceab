using VteWats.Core.Diagnostics;
using VteWats.Core.Vte.Reading;

namespace VteWats.Core.Sync;

/// <summary>Writes into the log what a sync did.</summary>
public static class SyncLog
{
    /// <summary>An attempt to reach the database: each one for who watches, what failed for the file, too.</summary>
    public static void Write(VteWatsLog log, ConnectionAttempt attempt)
    {
        if (attempt.Failure is null) log.Tell($"{attempt}");
        else log.For<VteSource>().Information("{Attempt}", attempt);
    }

    internal static void Write(VteWatsLog log, SyncSummary s)
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
