using System.Text.Json.Serialization;

namespace VteWats.Core.Sync.State;

/// <summary>How a site stands, as its syncs have written it down. Times of the source are the stations' local times; all others are
/// instants.</summary>
public sealed record SiteStatus
{
    public required string Site { get; init; }

    /// <summary>Result of the last sync, or <c>Running</c>; null before the first one.</summary>
    public string? Result { get; init; }

    /// <summary>Exit code of the last sync that ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>When the last sync began.</summary>
    public DateTimeOffset? LastAttempt { get; init; }

    /// <summary>When the last sync that had no failure ended.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>When a run was last safe in WATS or in the dead letters.</summary>
    public DateTimeOffset? LastProgress { get; init; }

    /// <summary>When the sync last showed that it is alive.</summary>
    public DateTimeOffset? LastBeat { get; init; }

    /// <summary>When the last sync ended.</summary>
    public DateTimeOffset? LastEnd { get; init; }

    /// <summary>When the next sync is due; null where nobody said.</summary>
    public DateTimeOffset? NextDue { get; init; }

    /// <summary>Minutes between two syncs.</summary>
    public double IntervalMinutes { get; init; }

    /// <summary>Age of the oldest run that is in VTE, settled, and neither in WATS nor in the dead letters, by the database's clock. Zero
    /// where there is none. Runs that are held back do not count.</summary>
    [JsonIgnore] public TimeSpan Lag { get; init; }

    /// <summary>The oldest run that is not safe.</summary>
    public DateTimeOffset? OldestWaiting { get; init; }

    /// <summary>Since when runs wait: seen by the first sync that did not get them through.</summary>
    public DateTimeOffset? WaitingSince { get; init; }

    /// <summary>Settled runs behind the watermark when the last sync began; null where they could not be counted.</summary>
    public long? Waiting { get; init; }

    /// <summary>The newest settled run of the source when the last sync began that could look, as site-local time.</summary>
    public DateTime? NewestInSource { get; init; }

    /// <summary>Position of the watermark, as site-local time.</summary>
    public DateTime? SafeUpTo { get; init; }

    /// <summary>How far the database's clock was ahead of this machine's.</summary>
    public TimeSpan? ClockDifference { get; init; }

    /// <summary>True when the last sync could open the source.</summary>
    public bool? SourceConnected { get; init; }

    /// <summary>Counts of the last sync.</summary>
    public long Read { get; init; }
    public long Uploaded { get; init; }
    public long AlreadyInWats { get; init; }
    public long Changed { get; init; }
    public long Late { get; init; }
    public long Held { get; init; }
    public long Ahead { get; init; }

    /// <summary>Dead letters that the last sync wrote.</summary>
    public long NewLetters { get; init; }

    /// <summary>Dead letters that wait.</summary>
    public long Letters { get; init; }

    /// <summary>Dead letters that are kept at most.</summary>
    public long LetterCapacity { get; init; }

    /// <summary>Dead letters that waited some time within the last two days, and when that was: what growth is measured by.</summary>
    public long LettersBefore { get; init; }
    public DateTimeOffset? LettersBeforeAt { get; init; }

    /// <summary>Runs that WATS has taken and does not show yet, and those of them that were sent more than a day ago.</summary>
    public long Unconfirmed { get; init; }
    public long UnconfirmedForADay { get; init; }

    /// <summary>Runs a second of the last sync.</summary>
    public double Rate { get; init; }
    public TimeSpan Duration { get; init; }

    /// <summary>Requests that the limit of the token had left; null where there is no limit.</summary>
    public long? RequestsLeft { get; init; }

    /// <summary>Error of the last sync; null where it had none.</summary>
    public string? ErrorId { get; init; }
    public string? Error { get; init; }
    public string? Advice { get; init; }

    /// <summary>Which process syncs or did it last.</summary>
    public string? Owner { get; init; }

    /// <summary>Release of VteWats, of .NET, and the system.</summary>
    public string? Version { get; init; }
    public string? Runtime { get; init; }
    public string? System { get; init; }

    /// <summary>Runs of all backfills under way that are not done yet; null where none is.</summary>
    [JsonIgnore] public long? BackfillRemaining { get; init; }

    /// <summary>The last comparison of VTE with WATS.</summary>
    [JsonIgnore] public ComparisonStatus? Comparison { get; init; }

    /// <summary>Source, Map, Send and Confirm.</summary>
    [JsonIgnore] public IReadOnlyList<StageStatus> Stages { get; init; } = [];

    /// <summary>Errors that ended syncs, by id, the latest first.</summary>
    [JsonIgnore] public IReadOnlyList<ErrorStatus> Errors { get; init; } = [];

    /// <summary>Who has suspended the site; null where nobody has.</summary>
    [JsonIgnore] public SitePause? Suspended { get; init; }

    /// <summary>Totals of all syncs since the state was made, by name.</summary>
    [JsonIgnore] internal IReadOnlyDictionary<string, double> Totals { get; init; } = new Dictionary<string, double>();
}

/// <summary>How one stage of a site stands.</summary>
/// <param name="Stage">Source, Map, Send or Confirm.</param>
/// <param name="LastAttempt">When it was tried last.</param>
/// <param name="LastSuccess">When it succeeded last.</param>
/// <param name="WaitsFor">What it waits for; null where it does not.</param>
public sealed record StageStatus(string Stage, DateTimeOffset? LastAttempt, DateTimeOffset? LastSuccess, string? WaitsFor);

/// <summary>An error that ended syncs of a site.</summary>
public sealed record ErrorStatus(string ErrorId, long Count, DateTimeOffset First, DateTimeOffset Last, string Message, string Advice);

/// <summary>What the last comparison came to.</summary>
public sealed record ComparisonStatus
{
    public DateTimeOffset At { get; init; }

    /// <summary>Begin of the stretch.</summary>
    public DateTimeOffset Since { get; init; }
    public bool IsEqual { get; init; }
    public long Runs { get; init; }
    public long Missing { get; init; }
    public long OtherVerdict { get; init; }
    public long OtherSteps { get; init; }
    public long NotInVte { get; init; }
    public long Repaired { get; init; }
}

/// <summary>How far the backfill that wrote it is.</summary>
internal sealed record BackfillStatus(long Remaining, DateTimeOffset Beat);
