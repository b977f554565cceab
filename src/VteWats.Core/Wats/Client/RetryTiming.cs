namespace VteWats.Core.Wats.Client;

/// <summary>Pauses between attempts: full jitter, a uniform draw from zero to <paramref name="Base"/> × 2ⁿ, capped.</summary>
internal sealed record RetryTiming(TimeSpan Base, TimeSpan Cap)
{
    public static readonly RetryTiming Default = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    public TimeSpan Pause(int attempt) => Random.Shared.NextDouble() * Min(Base * Math.Pow(2, Math.Min(attempt, 16)), Cap);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
