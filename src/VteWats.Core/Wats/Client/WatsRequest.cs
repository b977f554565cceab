using VteWats.Core.Diagnostics;

namespace VteWats.Core.Wats.Client;

/// <summary>One request, as often as it takes.</summary>
/// <param name="Make">Makes the request anew for each attempt.</param>
internal sealed record WatsRequest(Func<HttpRequestMessage> Make)
{
    /// <summary>Answers that count as broken and are tried again, of those that say success; null for none.</summary>
    public Func<WatsResponse, bool>? IsBroken { get; init; }

    /// <summary>Told of every attempt.</summary>
    public IAttemptObserver? Observer { get; init; }

    /// <summary>Bytes that the answer may have; a longer one is broken.</summary>
    public required int Longest { get; init; }

    /// <summary>Attempts in all, where they are fewer than those of the configuration.</summary>
    public int? MaxAttempts { get; init; }
}

/// <summary>How a request ended: with an answer of whatever status, or with the failure to get one.</summary>
/// <param name="Answer">The answer; null when there was none that can be used.</param>
/// <param name="Failure">Why there is no answer.</param>
/// <param name="Attempts">How often it was sent.</param>
/// <param name="Correlation">Id of the request.</param>
internal sealed record WatsOutcome(WatsResponse? Answer, VteWatsException? Failure, int Attempts, string Correlation)
{
    /// <summary>HTTP status of the last attempt; null when it had no answer at all.</summary>
    public int? Status { get; init; }

    /// <summary>True when the same request may have better luck another time: the answer, or the lack of one, is not final.</summary>
    public bool MayPass { get; init; }

    /// <summary>The answer, or the failure thrown.</summary>
    public WatsResponse Required() => Answer ?? throw Failure!;
}
