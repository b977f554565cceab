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

    /// <summary>What became of the last runs: most of them refused stops the pipeline. Shared with whoever makes the reports.</summary>
    public RejectionWindow Rejections { get; init; } = new(0.5);

    /// <summary>Where reports go that do not get through. Without it their runs are not acknowledged, and a watermark does not pass
    /// them.</summary>
    public IRejectedReports? Rejected { get; init; }

    /// <summary>Remembers reports that failed alone from one sending to the next; null for nobody: such a report always stops the
    /// sending.</summary>
    internal ISuspectHistory? SuspectHistory { get; init; }

    /// <summary>Told of each batch before any of its reports is posted; null for nobody.</summary>
    internal IPostJournal? BeforePost { get; init; }

    /// <summary>How long posts that are under way may go on after sending was stopped.</summary>
    internal TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(1);

    public static SendOptions From(WatsOptions wats) => new()
    {
        ThrottleLimit = wats.ThrottleLimit,
        Rejections = new RejectionWindow(wats.MassRejectionShare),
    };
}
