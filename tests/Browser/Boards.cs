using VteWats.Core.Operating;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;

namespace VteWats.Browser;

/// <summary>Three sites as a plant may have them: one well, one with letters, one whose server is away.</summary>
internal static class Boards
{
    public static readonly DateTimeOffset Now = new(2026, 11, 20, 3, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<SiteBoard> Three =>
        [Board("Bergen", Unreachable), Board("Oslo plant 2", Letters, 7), Board("Trondheim", [])];

    public static IReadOnlyList<SiteBoard> Well => [Board("Bergen", []), Board("Oslo plant 2", [], 7), Board("Trondheim", [])];

    private static HealthReason[] Unreachable =>
    [
        new("NoProgress", HealthState.Unhealthy, "412 run(s) wait in VTE, and none has got through since 2026-11-20 01:12 UTC.",
            "Look whether the server is up and can be reached from this machine."),
        new("SyncFails", HealthState.Unhealthy, "VteWats.WatsUnreachable: https://plant.wats.example does not answer: refused.",
            "Look whether the server is up and can be reached from this machine."),
        new("Lag", HealthState.Degraded, "The oldest run that is not in WATS yet is 108 minutes old.", "After a standstill it goes down."),
    ];

    private static HealthReason[] Letters =>
    [
        new("LettersGrow", HealthState.Degraded, "31 dead letters wait; 2 did at 2026-11-19 02:00 UTC.",
            "Get-VteDeadLetter -Site 'Oslo plant 2' -Count shows why."),
    ];

    private static SiteBoard Board(string site, HealthReason[] reasons, int seed = 3)
    {
        var fails = Array.Exists(reasons, reason => reason.Condition == "SyncFails");
        var status = new SiteStatus
        {
            Site = site, Result = fails ? "Failed" : "Completed", LastAttempt = Now.AddMinutes(-4), LastBeat = Now.AddMinutes(-4),
            LastSuccess = fails ? Now.AddMinutes(-108) : Now.AddMinutes(-4),
            LastProgress = fails ? Now.AddMinutes(-108) : Now.AddMinutes(-9),
            NextDue = Now.AddMinutes(1), Lag = fails ? TimeSpan.FromMinutes(108) : TimeSpan.Zero, Waiting = fails ? 412 : 0,
            OldestWaiting = fails ? Now.AddMinutes(-108) : null, Letters = reasons.Length == 1 ? 31 : 2, Unconfirmed = 18,
            SafeUpTo = Now.DateTime.AddMinutes(-52),
            Stages =
            [
                new("Source", Now.AddMinutes(-4), Now.AddMinutes(-4), null), new("Map", Now.AddMinutes(-4), Now.AddMinutes(-4), null),
                new("Send", Now.AddMinutes(-4), fails ? Now.AddMinutes(-108) : Now.AddMinutes(-4), fails ? "WATS to take reports" : null),
            ],
            Errors = fails ? [new("VteWats.WatsUnreachable", 21, Now.AddMinutes(-108), Now.AddMinutes(-4),
                "https://plant.wats.example does not answer: refused.", "Look whether the server is up.")] : [],
            Comparison = new ComparisonStatus { At = Now.AddDays(-2), IsEqual = reasons.Length != 1, Runs = 18_250, Missing = 3 },
        };
        var hours = Enumerable.Range(0, SiteBoard.HoursShown).Select(i => new HourOutcome(
            new DateTime(2026, 11, 18, 4, 0, 0).AddHours(i), fails && i > 45 ? 0 : (i * seed * 37 % 120) + 20, i % 9 == seed % 9 ? 4 : 0,
            i > 46 ? 6 : 0));
        DeadLetterCount[] letters = reasons.Length != 1 ? [] :
        [
            new() { Site = site, Stage = DeadLetterStage.Sending, Count = 29, Newest = Now,
                Finding = "WATS: report -> process code 7711 is not an active test operation." },
            new() { Site = site, Stage = DeadLetterStage.Mapping, Count = 2, Newest = Now, Finding = "The run has no serial number." },
        ];
        return new SiteBoard(new SiteHealth { Site = site, At = Now, Status = status, Reasons = reasons }, [.. hours], letters);
    }
}
