using Polly;
using Polly.Retry;

namespace VteWats.Core.Vte.Reading;

/// <summary>How often, and after which pauses, a database call that failed for a passing reason is made again.</summary>
internal static class Retry
{
    /// <summary>For the first connection: short, because a wrong address should be told soon.</summary>
    public static readonly ResiliencePipeline Opening = new ResiliencePipelineBuilder()
        .AddRetry(Options(2, TimeSpan.FromMilliseconds(500), SqlTransience.IsTransientAtOpen, null))
        .Build();

    /// <summary>For a page in the middle of a reading: long enough for a failover or a restart of the server.</summary>
    /// <param name="firstDelay">Pause before the second attempt; each further one is about twice as long, at most 15 s.</param>
    /// <param name="failed">Told of each failure that is tried again.</param>
    public static ResiliencePipeline Page(TimeSpan firstDelay, Func<Exception, ValueTask> failed) => new ResiliencePipelineBuilder()
        .AddRetry(Options(6, firstDelay, SqlTransience.IsTransient, failed))
        .Build();

    private static RetryStrategyOptions Options(int retries, TimeSpan delay, Func<Exception, bool> transient,
        Func<Exception, ValueTask>? failed) => new()
        {
            MaxRetryAttempts = retries,
            Delay = delay,
            MaxDelay = TimeSpan.FromSeconds(15),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is { } e && transient(e)),
            OnRetry = args => failed is null || args.Outcome.Exception is not { } e ? default : failed(e),
        };
}
