using VteWats.Core.Sync.State;

namespace VteWats.Core.Operating;

/// <summary>How a site is.</summary>
public enum HealthState
{
    /// <summary>Runs move, or there are none to move.</summary>
    Healthy,

    /// <summary>Runs move, and something needs a look.</summary>
    Degraded,

    /// <summary>Runs do not move, or soon will not.</summary>
    Unhealthy,
}

/// <summary>One reason why a site is not healthy.</summary>
/// <param name="Condition">Stable name of the reason, such as <c>NoProgress</c>.</param>
/// <param name="State">How much it weighs.</param>
/// <param name="Message">What was seen.</param>
/// <param name="Advice">What to do.</param>
public sealed record HealthReason(string Condition, HealthState State, string Message, string Advice)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Condition}: {Message}";
}

/// <summary>How a site is, and why.</summary>
public sealed record SiteHealth
{
    public required string Site { get; init; }

    /// <summary>The worst of its reasons.</summary>
    public HealthState State => Reasons.Count == 0 ? HealthState.Healthy : Reasons.Max(reason => reason.State);

    /// <summary>Why, the worst first; nothing for a healthy site.</summary>
    public IReadOnlyList<HealthReason> Reasons { get; init; } = [];

    /// <summary>Age of the oldest run that is not safe.</summary>
    public TimeSpan Lag => Status?.Lag ?? TimeSpan.Zero;

    public DateTimeOffset? LastSuccess => Status?.LastSuccess;

    public DateTimeOffset? LastProgress => Status?.LastProgress;

    /// <summary>When it was judged.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>What it was judged by; null where the state cannot be read.</summary>
    public SiteStatus? Status { get; init; }
}
