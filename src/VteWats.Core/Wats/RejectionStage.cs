namespace VteWats.Core.Wats;

/// <summary>Why a report did not get into WATS.</summary>
public enum RejectionStage
{
    /// <summary>WATS refuses its content.</summary>
    Sending,

    /// <summary>It alone does not get through, whatever is answered, while others do.</summary>
    Suspect,
}
