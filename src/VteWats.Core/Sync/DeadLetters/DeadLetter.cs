using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Core.Sync.DeadLetters;

/// <summary>Where a run got stuck on its way into WATS.</summary>
public enum DeadLetterStage
{
    /// <summary>No report could be made of it.</summary>
    Mapping,

    /// <summary>WATS refused its report.</summary>
    Sending,

    /// <summary>Its rows in VTE cannot be read.</summary>
    Reading,

    /// <summary>WATS or something before it fails at this report alone, whatever the answer: it is tried again by itself.</summary>
    Suspect,

    /// <summary>WATS has taken its report and does not show it after a day.</summary>
    NotVisible,

    /// <summary>It is stamped ahead of the database's clock, and has been for a day.</summary>
    FromFuture,

    /// <summary>A person put it aside.</summary>
    Manual,
}

/// <summary>A run that could not be put into WATS, with all that is needed to see why and to send it later.</summary>
public sealed record DeadLetter
{
    /// <summary><c>IndexData.Index_GUID</c>, the id of the report.</summary>
    public required Guid RunId { get; init; }

    public required string Site { get; init; }

    /// <summary>Which server and database the run was read from; null when it came from a file.</summary>
    public string? Source { get; init; }

    /// <summary>Site-local time of the run; null when there was no run, only a report.</summary>
    public DateTime? Timestamp { get; init; }

    public string? SerialNumber { get; init; }
    public string? ProductName { get; init; }

    /// <summary>Where it got stuck.</summary>
    public required DeadLetterStage Stage { get; init; }

    /// <summary>What was found, in full, one finding an entry.</summary>
    public required IReadOnlyList<string> Findings { get; init; }

    /// <summary>The run as it was read.</summary>
    public VteTestRun? Run { get; init; }

    /// <summary>The report; null when none could be made.</summary>
    public WatsReport? Report { get; init; }

    /// <summary>How often it was tried in all. The store adds up.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>When it is tried again by itself; null when only people do. A suspect is: an hour, four hours and a day after it failed
    /// first.</summary>
    internal DateTimeOffset? NextTryAfter(DateTimeOffset now) => Stage != DeadLetterStage.Suspect ? null
        : SuspectPauses.Select(pause => (DateTimeOffset?)(FirstFailed + pause)).FirstOrDefault(next => next > now);

    private static readonly TimeSpan[] SuspectPauses = [TimeSpan.FromHours(1), TimeSpan.FromHours(4), TimeSpan.FromHours(24)];

    /// <summary>When it failed first. The store keeps it.</summary>
    public DateTimeOffset FirstFailed { get; init; }

    /// <summary>When it failed last. The store sets it.</summary>
    public DateTimeOffset LastFailed { get; init; }

    /// <summary>Release of VteWats that wrote the letter. The store sets it.</summary>
    public string? Version { get; init; }

    /// <summary>A letter about a run.</summary>
    public static DeadLetter From(VteTestRun run, DeadLetterStage stage, IReadOnlyList<string> findings, WatsReport? report = null) => new()
    {
        RunId = run.Id,
        Site = run.Site,
        Source = run.Mark?.Session.SourceIdentity,
        Timestamp = run.Timestamp,
        SerialNumber = run.SerialNumber,
        ProductName = run.ProductName,
        Stage = stage,
        Findings = findings,
        Run = run,
        Report = report,
    };

    /// <summary>A letter about a row that no run can be made of.</summary>
    public static DeadLetter From(UnreadableRun run) => new()
    {
        RunId = run.Id,
        Site = run.Site,
        Source = run.Mark.Session.SourceIdentity,
        Timestamp = run.Timestamp,
        Stage = DeadLetterStage.Reading,
        Findings = [$"{run.Reason} {run.ToError().Advice}"],
    };
}

/// <summary>How many dead letters of a site have a finding.</summary>
public sealed record DeadLetterCount
{
    public int Count { get; init; }
    public required string Site { get; init; }
    public required DeadLetterStage Stage { get; init; }
    public required string Finding { get; init; }

    /// <summary>When the youngest of them failed last.</summary>
    public DateTimeOffset Newest { get; init; }
}
