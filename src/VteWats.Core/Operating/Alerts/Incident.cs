namespace VteWats.Core.Operating.Alerts;

/// <summary>A condition of a site that lasts, or lasted, from one time to another.</summary>
public sealed record Incident
{
    public required string Site { get; init; }

    /// <summary>Stable name of the condition, such as <c>NoProgress</c>.</summary>
    public required string Condition { get; init; }
    public HealthState State { get; init; }
    public required string Message { get; init; }
    public required string Advice { get; init; }
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>When it was seen last.</summary>
    public DateTimeOffset SeenAt { get; init; }

    /// <summary>When it was told; null where it was not: it waits, it passed by itself, or another incident explains it.</summary>
    public DateTimeOffset? ToldAt { get; init; }

    /// <summary>When it was told again.</summary>
    public DateTimeOffset? RemindedAt { get; init; }

    /// <summary>When it was over; null while it lasts.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    internal string Id { get; init; } = "";

    /// <summary>Since when it waits to be told.</summary>
    internal DateTimeOffset WaitsSince { get; init; }

    /// <summary>When its end was told.</summary>
    internal DateTimeOffset? EndToldAt { get; init; }
}
