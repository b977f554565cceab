using System.Globalization;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Sync.State;

namespace VteWats.Core.Operating;

/// <summary>What sites are judged by, besides their status.</summary>
public sealed record HealthMeasure
{
    public HealthOptions Health { get; init; } = new();
    public SyncOptions Sync { get; init; } = new();

    /// <summary>Day on which the token runs out, <c>yyyy-MM-dd</c>; null where nobody said.</summary>
    public string? TokenExpires { get; init; }

    /// <summary>Free bytes on the disk of the state; null where it does not tell.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>The instant at which the token runs out.</summary>
    public DateTimeOffset? Expires => DateTime.TryParseExact(TokenExpires, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None,
        out var day) ? new DateTimeOffset(day, TimeSpan.Zero) : null;

    /// <summary>The same with the room that the disk of a folder has now.</summary>
    public HealthMeasure On(string folder)
    {
        try
        {
            return this with { FreeBytes = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return this with { FreeBytes = null };
        }
    }
}

/// <summary>
/// Says how a site is by what moves, not by what runs: a process that is alive and gets nothing through is as good as none.
/// </summary>
public sealed class HealthEvaluator(string stateFolder, HealthMeasure measure, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>How a site is by its status in the state. A state that cannot be read is a reason of its own.</summary>
    public SiteHealth Evaluate(string site)
    {
        var now = _time.GetUtcNow();
        try
        {
            return Evaluate(new StatusStore(stateFolder, site).Read(now), now);
        }
        catch (VteWatsException e)
        {
            return new SiteHealth { Site = site, At = now, Reasons = [new("State", HealthState.Unhealthy, e.Message, e.Advice)] };
        }
    }

    /// <summary>How a site with this status is.</summary>
    public SiteHealth Evaluate(SiteStatus status, DateTimeOffset now)
    {
        var reasons = (status.LastAttempt is null ? Never(status) : status.Suspended is not null ? Suspended(status) : Movement(status,
            now))
            .Concat(Stock(status)).Concat(Surroundings(status, now)).OrderByDescending(reason => reason.State).ToList();
        return new SiteHealth { Site = status.Site, At = now, Status = status, Reasons = reasons };
    }

    private static IEnumerable<HealthReason> Never(SiteStatus status) => status.Suspended is not null ? Suspended(status) :
    [
        new("NeverSynced", HealthState.Degraded, "No sync has run yet.",
            "Register-VteWatsTask or Start-VteWatsSync makes it run again and again; Invoke-VteWatsSync runs it once."),
    ];

    private static IEnumerable<HealthReason> Suspended(SiteStatus status) =>
    [
        new("Suspended", HealthState.Degraded,
            $"{status.Suspended!.Who} suspended it at {Text(status.Suspended.At)}: {status.Suspended.Reason}",
            $"Resume-VteWatsSync -Site '{status.Site}' lets it go on."),
    ];

    private IEnumerable<HealthReason> Movement(SiteStatus status, DateTimeOffset now)
    {
        var patience = TimeSpan.FromMinutes(measure.Health.NoProgressMinutes);
        var beat = status.LastBeat ?? status.LastAttempt;
        if (now - beat > Silence(status)) yield return new("NoHeartbeat", HealthState.Unhealthy,
            $"Nothing has been heard of a sync since {Text(beat)}.",
            "Look whether the scheduled task or the service runs, and under which account: Get-ScheduledTask, or systemctl status.");
        else if (status.Result == "Running" && Hanging(status, now) is { } stage) yield return new("StageSilent", HealthState.Unhealthy,
            $"A sync runs, and its stage {stage.Stage} has shown nothing since {Text(stage.LastAttempt)}. It waits for {stage.WaitsFor}.",
            "End that process: the next sync goes on where it was, and nothing is lost.");
        var moved = Latest(status.LastProgress, status.WaitingSince);
        if (status.OldestWaiting is not null && now - moved > patience) yield return new("NoProgress", HealthState.Unhealthy,
            $"{Number(status.Waiting)} run(s) wait in VTE, and none has got through since {Text(status.LastProgress)}.",
            status.Advice ?? "Get-VteWatsStatus shows what each stage waits for.");
        if (status.ErrorId is not null)
        {
            var unbearable = now - (status.LastSuccess ?? FirstError(status)) > patience;
            yield return new("SyncFails", unbearable ? HealthState.Unhealthy : HealthState.Degraded,
                $"{status.ErrorId}: {status.Error}", status.Advice ?? "");
        }
        else if (status is { Read: 0, Waiting: > 0, OldestWaiting: not null, LastEnd: not null } && status.Result != "Running")
        {
            yield return new("ReadNothing", HealthState.Degraded,
                $"The last sync read nothing, although {Number(status.Waiting)} run(s) wait in VTE; the newest is of "
                + $"{status.NewestInSource:yyyy-MM-dd HH:mm:ss} (site time).",
                "Compare-VteWatsSync shows what is missing in WATS. Look at the site's time zone and at connection.settleSeconds.");
        }
        if (status.Lag > TimeSpan.FromMinutes(measure.Health.LagMinutes)) yield return new("Lag", HealthState.Degraded,
            $"The oldest run that is not in WATS yet is {Long(status.Lag)} old.",
            "After a standstill it goes down by itself. If it stays: Get-VteWatsStatus shows which stage is slow.");
    }

    private static IEnumerable<HealthReason> Stock(SiteStatus status)
    {
        if (status.LetterCapacity > 0 && status.Letters >= status.LetterCapacity) yield return new("LettersFull", HealthState.Unhealthy,
            $"{Number(status.Letters)} dead letters wait, and no more are kept: the next one stops the sync.", LetterAdvice(status));
        else if (status.LetterCapacity > 0 && status.Letters >= status.LetterCapacity * 0.8)
            yield return new("LettersFull", HealthState.Degraded,
                $"{Number(status.Letters)} dead letters wait, of {Number(status.LetterCapacity)} at most.", LetterAdvice(status));
        if (status.Letters > status.LettersBefore && status.LettersBeforeAt is not null) yield return new("LettersGrow",
            HealthState.Degraded,
            $"{Number(status.Letters)} dead letters wait; {Number(status.LettersBefore)} did at {Text(status.LettersBeforeAt)}.",
            LetterAdvice(status));
        if (status.UnconfirmedForADay > 0) yield return new("Unconfirmed", HealthState.Degraded,
            $"WATS took {Number(status.UnconfirmedForADay)} report(s) more than a day ago and does not show them.",
            "Look at the quarantine of WATS. Runs that do not appear become dead letters.");
        if (status.Comparison is { IsEqual: false } differing) yield return new("ComparisonDiffers", HealthState.Degraded,
            $"The comparison of {Text(differing.At)} found {Number(differing.Missing)} missing, {Number(differing.OtherVerdict)} with "
            + $"another verdict, {Number(differing.OtherSteps)} with other steps, {Number(differing.NotInVte)} not in VTE; "
            + $"{Number(differing.Repaired)} repaired.",
            $"Compare-VteWatsSync -Site '{status.Site}' lists them; -Repair sends what is missing.");
    }

    private IEnumerable<HealthReason> Surroundings(SiteStatus status, DateTimeOffset now)
    {
        if (measure.Sync.CompareDays > 0 && status.Comparison is { } comparison
            && now - comparison.At > TimeSpan.FromDays(2 * measure.Sync.CompareDays))
            yield return new("ComparisonOverdue", HealthState.Degraded, $"VTE and WATS were compared last at {Text(comparison.At)}.",
                $"Start-VteWatsSync compares by itself; Compare-VteWatsSync -Site '{status.Site}' does it now.");
        if (status.ClockDifference is { } clock && clock.Duration() > TimeSpan.FromSeconds(measure.Health.ClockSeconds))
            yield return new("Clock", HealthState.Degraded,
                $"The database's clock is {Long(clock.Duration())} {(clock > TimeSpan.Zero ? "ahead of" : "behind")} this machine's.",
                "Let both take their time from the same server (NTP).");
        if (measure.Expires is { } end && (end - now).TotalDays is var days and <= 30) yield return new("TokenExpires",
            days <= 7 ? HealthState.Unhealthy : HealthState.Degraded,
            days < 0 ? $"The token ran out on {measure.TokenExpires}." : $"The token runs out on {measure.TokenExpires}.",
            "Make a new one in WATS, put it where wats.token refers to, and correct wats.tokenExpires.");
        if (measure.FreeBytes is { } free && free < measure.Health.DiskMegabytes * 1048576L)
            yield return new("Disk", free < measure.Health.DiskMegabytes * 104858L ? HealthState.Unhealthy : HealthState.Degraded,
                $"{Number(free / 1048576)} MB are free on the disk of {stateFolder}.",
                "Make room: without it the state cannot be written, and the sync stops.");
    }

    // A loop that fails pauses for up to an hour.
    private static TimeSpan Silence(SiteStatus status)
    {
        var minutes = Math.Max(15, 3 * Math.Max(1, status.IntervalMinutes));
        return TimeSpan.FromMinutes(status.ErrorId is null ? minutes : Math.Max(75, minutes));
    }

    private StageStatus? Hanging(SiteStatus status, DateTimeOffset now)
    {
        var current = status.Stages.Where(stage => stage.WaitsFor is not null).MaxBy(stage => stage.LastAttempt);
        var heard = Latest(status.Stages.Max(stage => stage.LastAttempt), status.Stages.Max(stage => stage.LastSuccess));
        return now - heard > TimeSpan.FromMinutes(measure.Health.NoProgressMinutes) ? current : null;
    }

    private static DateTimeOffset FirstError(SiteStatus status) =>
        status.Errors.Count > 0 ? status.Errors.Min(error => error.First) : status.LastEnd ?? DateTimeOffset.MaxValue;

    private static string LetterAdvice(SiteStatus status) =>
        $"Get-VteDeadLetter -Site '{status.Site}' -Count shows why. Correct the mapping and send them with Send-VteDeadLetter.";

    private static DateTimeOffset? Latest(DateTimeOffset? a, DateTimeOffset? b) => a is null ? b : b is null || a > b ? a : b;

    private static string Text(DateTimeOffset? at) =>
        at is { } instant ? instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) : "the beginning";

    private static string Number(long? number) => (number ?? 0).ToString(CultureInfo.InvariantCulture);

    private static string Long(TimeSpan time) => time.TotalDays >= 2 ? FormattableString.Invariant($"{time.TotalDays:0.#} days")
        : time.TotalHours >= 2 ? FormattableString.Invariant($"{time.TotalHours:0.#} hours")
        : time.TotalMinutes >= 2 ? FormattableString.Invariant($"{time.TotalMinutes:0} minutes")
        : FormattableString.Invariant($"{time.TotalSeconds:0} seconds");
}
