using VteWats.Core.Wats.Client;

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

    /// <summary>Where refused reports go. Without it a refused run is not acknowledged, and a watermark does not pass it.</summary>
    public IRejectedReports? Rejected { get; init; }

    /// <summary>How long posts that are under way may go on after sending was stopped.</summary>
    internal TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(1.5);

    public static SendOptions From(WatsOptions wats) => new()
    {
        ThrottleLimit = wats.ThrottleLimit,
        MassRejectionCount = wats.MassRejectionCount,
        MassRejectionShare = wats.MassRejectionShare,
    };
}
