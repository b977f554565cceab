using VteWats.Core.Configuration;

namespace VteWats.Core.Wats.Sending;

/// <summary>How reports are sent.</summary>
public sealed record SendOptions
{
    /// <summary>Posts at once, 1 to 64.</summary>
    public int ThrottleLimit { get; init; } = 4;

    /// <summary>Send what WATS already has, too; it is overwritten.</summary>
    public bool Force { get; init; }

    /// <summary>Ask what WATS has and say what would be sent, but post nothing.</summary>
    public bool WhatIf { get; init; }

    /// <summary>Refused reports after which the pipeline stops; 0 for never.</summary>
    public int MassRejectionCount { get; init; } = 100;

    /// <summary>Share of refused reports, among at least 20, from which on the pipeline stops; 0 for never.</summary>
    public double MassRejectionShare { get; init; } = 0.5;

    /// <summary>
    /// Keeps a refused report (with the findings of WATS and the number of attempts) where it cannot be lost, before its receipt is given.
    /// Null, or false from it, when there is no such place: the run then is not acknowledged, and a watermark does not pass it.
    /// </summary>
    public Func<WatsReport, string, int, Task<bool>>? Keep { get; init; }

    /// <summary>Removes what <see cref="Keep"/> once kept, of a report that got through; null for nothing to remove.</summary>
    public Func<WatsReport, Task>? Forget { get; init; }

    /// <summary>
    /// True while <see cref="Keep"/> holds an earlier failure of a report: what WATS has of it is then out of date, and "already in WATS" no reason to skip it.
    /// </summary>
    public Func<WatsReport, bool>? Keeps { get; init; }

    /// <summary>How long posts that are under way may go on after sending was stopped.</summary>
    internal TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(1.5);

    public static SendOptions From(WatsOptions wats) => new()
    {
        ThrottleLimit = wats.ThrottleLimit,
        MassRejectionCount = wats.MassRejectionCount,
        MassRejectionShare = wats.MassRejectionShare,
    };
}
