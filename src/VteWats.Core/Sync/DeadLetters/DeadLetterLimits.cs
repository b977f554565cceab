namespace VteWats.Core.Sync.DeadLetters;

/// <summary>How many dead letters a site may have. Over it a sync stops rather than lose one.</summary>
/// <param name="Count">Letters, at least 1.</param>
/// <param name="Bytes">Bytes of all of them.</param>
public sealed record DeadLetterLimits(int Count = 10_000, long Bytes = 1024L << 20);
