using VteWats.Core.Diagnostics;

namespace VteWats.Core.Sync;

/// <summary>How a sync ended.</summary>
public enum SyncResult
{
    /// <summary>Everything was sent, or there was nothing to do.</summary>
    Completed,

    /// <summary>Some runs did not get through; they are in the dead letters.</summary>
    CompletedWithDeadLetters,

    /// <summary>Another sync of the site is at work, or somebody has suspended it.</summary>
    Skipped,

    /// <summary>A stop was asked for before the end.</summary>
    Stopped,

    /// <summary>A failure ended it.</summary>
    Failed,
}

/// <summary>What a sync of one site did.</summary>
public sealed record SyncSummary
{
    public const int Stopped = 130;
    public const int WithDeadLetters = 10;
    public const int LoginRefused = 32;
    public const int Misconfigured = 50;

    public required string Site { get; init; }

    /// <summary>What its events in the log are found by.</summary>
    public string? SyncId { get; init; }

    /// <summary>How it ended.</summary>
    public SyncResult Result => Error switch
    {
        { } e when e.Error == ErrorKind.SyncAlreadyRunning || e.Error == ErrorKind.SyncSuspended => SyncResult.Skipped,
        not null => SyncResult.Failed,
        null when WasStopped => SyncResult.Stopped,
        null when DeadLetters > 0 || UnconfirmedForADay > 0 => SyncResult.CompletedWithDeadLetters,
        _ => SyncResult.Completed,
    };

    /// <summary>0 done; 10 with dead letters; 20 another one is at work, or the site is suspended; 30 to 32 database or WATS not to be
    /// had; 40, 41 state or mass
    /// rejection; 50 configuration; 130 stopped.</summary>
    public int ExitCode => Error?.Error.ExitCode
        ?? (WasStopped ? Stopped : DeadLetters > 0 || UnconfirmedForADay > 0 ? WithDeadLetters : 0);

    /// <summary>True for a dry run: nothing was changed.</summary>
    public bool DryRun { get; init; }

    /// <summary>True for a backfill.</summary>
    public bool Backfill { get; init; }

    /// <summary>Runs that the database held from the guard band on.</summary>
    public long Read { get; init; }

    public long Uploaded { get; init; }

    /// <summary>Already in WATS.</summary>
    public long AlreadyInWats { get; init; }

    /// <summary>In a dry run: would be sent.</summary>
    public long WouldUpload { get; init; }

    /// <summary>Acknowledged before with the same content: passed over without a request.</summary>
    public long Known { get; init; }

    /// <summary>Acknowledged before and changed since: sent again.</summary>
    public long Changed { get; init; }

    /// <summary>Sent under another mapping, and different under today's: sent again.</summary>
    public long Remapped { get; init; }

    /// <summary>Sent under another mapping, and the same under today's: nothing was sent.</summary>
    public long Unaffected { get; init; }

    /// <summary>New, but behind the watermark.</summary>
    public long Late { get; init; }

    /// <summary>How far behind the watermark the latest of them was.</summary>
    public TimeSpan MostLate { get; init; }

    /// <summary>Runs that went to the dead letters; in a dry run, those no report can be made of.</summary>
    public long DeadLetters { get; init; }

    /// <summary>Runs of them that did not get through while others did: WATS, or something before it, fails at these alone.</summary>
    public long Suspects { get; init; }

    /// <summary>Runs that are kept back: not finished, or held by a person.</summary>
    public long Held { get; init; }

    /// <summary>Runs stamped ahead of the database's clock: they are not sent until it reaches them.</summary>
    public long Ahead { get; init; }

    /// <summary>Runs that WATS has taken and does not show yet.</summary>
    public long Unconfirmed { get; init; }

    /// <summary>Those of them that were sent more than a day ago.</summary>
    public long UnconfirmedForADay { get; init; }

    /// <summary>Dead letters of the site, old and new.</summary>
    public long LettersWaiting { get; init; }

    /// <summary>Hours behind the guard band whose runs were counted.</summary>
    public long CensusHours { get; init; }

    /// <summary>Hours of them in which VTE and the ledger differed.</summary>
    public long CensusDiffering { get; init; }

    /// <summary>Runs that were sent once and are no longer in VTE.</summary>
    public long GoneFromVte { get; init; }

    /// <summary>How far the database's clock was ahead of what it shows now; null where it was not. Everything since is read again until it
    /// has caught up.</summary>
    public TimeSpan? ClockWasAheadBy { get; init; }

    /// <summary>Runs in an hour that occurs twice: taken for the earlier instant.</summary>
    public long AmbiguousTimes { get; init; }

    /// <summary>Runs at a local time that never occurs, taken with the offset before the gap. Is the time zone right?</summary>
    public long MissingTimes { get; init; }

    /// <summary>The watermark (or the place of the backfill) before and after; site-local time.</summary>
    public DateTime? From { get; init; }

    public DateTime? To { get; init; }
    public DateTimeOffset Started { get; init; }
    public TimeSpan Duration { get; init; }

    /// <summary>Time that the pipeline waited for the database.</summary>
    public TimeSpan ReadTime { get; init; }

    /// <summary>Time that it made reports.</summary>
    public TimeSpan MapTime { get; init; }

    /// <summary>The rest: time that it waited for WATS.</summary>
    public TimeSpan SendTime => Duration > ReadTime + MapTime ? Duration - ReadTime - MapTime : TimeSpan.Zero;

    /// <summary>Runs a second, those that were passed over left out.</summary>
    public double Rate => Duration > TimeSpan.Zero ? (Read - Known - Held - Unaffected) / Duration.TotalSeconds : 0;

    /// <summary>True when a stop was asked for before the end.</summary>
    public bool WasStopped { get; init; }

    /// <summary>Why runs went to the dead letters, one for each kind of finding.</summary>
    public IReadOnlyList<SyncFinding> Findings { get; init; } = [];

    /// <summary>What is to be looked at although nothing failed: clocks that are wrong, a time zone that puts runs into the future, runs
    /// that come late or were deleted.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>True when something got on: reports were taken, found, or put into the dead letters.</summary>
    public bool MovedAnything => Uploaded + AlreadyInWats + DeadLetters > 0;

    /// <summary>What ended it, when it was a failure.</summary>
    public VteWatsException? Error { get; init; }

    /// <summary>What to do about <see cref="Error"/>.</summary>
    public string? Advice => Error?.Advice;
}
