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

    /// <summary>Its report did not get through while others did.</summary>
    Suspect,
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
