namespace VteWats.Core.Vte;

/// <summary>Where a run was put so that it cannot be lost.</summary>
public enum RunOutcome
{
    /// <summary>It was there before, with the same content.</summary>
    Known,

    /// <summary>WATS has taken its report.</summary>
    Sent,

    /// <summary>WATS had its report already.</summary>
    InWats,

    /// <summary>It has a dead letter.</summary>
    Letter,

    /// <summary>It is kept back, and looked at again each time.</summary>
    Held,
}
