using VteWats.Core.Diagnostics;

namespace VteWats.Core.Wats.Client;

/// <summary>How a post ended.</summary>
internal enum PostOutcome
{
    /// <summary>WATS has said that it took the report.</summary>
    Accepted,

    /// <summary>WATS refuses the content of the report.</summary>
    Refused,

    /// <summary>It did not get through, and whether that is the report or the server is not to be seen from this one.</summary>
    Failed,
}

/// <summary>What became of a post.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Attempts">How often it was posted.</param>
/// <param name="Correlation">Id of the request, as the log and the server's own log have it.</param>
internal sealed record PostResult(PostOutcome Outcome, int Attempts, string Correlation)
{
    /// <summary>HTTP status of the last attempt; null when there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>True when the answer, or the lack of one, is of the kind that comes and goes: 408, 429, 5xx, a cut connection, no answer
    /// in time. False for an answer that will be the same the next time.</summary>
    public bool MayPass { get; init; }

    /// <summary>The server's text in full; null when the report was accepted.</summary>
    public string? Findings { get; init; }

    /// <summary>The failure, which names the run, if it is the server's; null unless it failed.</summary>
    public VteWatsException? Failure { get; init; }
}
