namespace VteWats.Core.Vte;

/// <summary>How a run that is read stands to what was acknowledged before.</summary>
public enum RunChange
{
    /// <summary>Not acknowledged before.</summary>
    New,

    /// <summary>New, but its place is behind the watermark: it was written or committed late.</summary>
    Late,

    /// <summary>Acknowledged before with the same content.</summary>
    Known,

    /// <summary>Acknowledged before with another content.</summary>
    Changed,

    /// <summary>To be kept back: it is not finished, or a person holds it.</summary>
    Held,
}

/// <summary>What is known of a run when it is read.</summary>
/// <param name="Change">How it stands to what was acknowledged before.</param>
/// <param name="Resend">True when WATS may hold an older content of it.</param>
/// <param name="Lateness">How far behind the watermark it is.</param>
/// <param name="Reason">Why it is held, or why it was held until now and does not look finished still.</param>
/// <param name="Follows">Another part of the same reading has it on its way: acknowledged there, it is acknowledged here.</param>
public readonly record struct RunClassification(RunChange Change, bool Resend = false, TimeSpan Lateness = default, string? Reason = null,
    ReadMark? Follows = null);
