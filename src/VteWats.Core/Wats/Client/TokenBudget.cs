using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;

namespace VteWats.Core.Wats.Client;

/// <summary>
/// The requests a minute that one token has at one server. WATS counts by token, so all clients of this process with the same token share
/// it. A budget that several processes share would take its place here.
/// </summary>
internal sealed class TokenBudget
{
    private static readonly ConcurrentDictionary<(string Server, string Token), TokenBudget> All = new();

    private readonly object _gate = new();
    private RateLimiter? _limiter;
    private int _perMinute;
    private int _waiting;

    private TokenBudget() { }

    /// <param name="baseUrl">The server.</param>
    /// <param name="token">The token; only its hash is kept.</param>
    /// <param name="requestsPerMinute">Requests a minute; 0 for no limit. Of different numbers for one token the last counts.</param>
    public static TokenBudget For(Uri baseUrl, string token, int requestsPerMinute)
    {
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        var budget = All.GetOrAdd((baseUrl.GetLeftPart(UriPartial.Authority), hash), static _ => new TokenBudget());
        budget.Limit(requestsPerMinute);
        return budget;
    }

    /// <summary>Waits until one more request may be made.</summary>
    public async ValueTask TakeAsync(CancellationToken ct)
    {
        RateLimiter? limiter;
        lock (_gate) limiter = _limiter;
        if (limiter is null) return;
        using var at = limiter.AttemptAcquire();
        if (at.IsAcquired) return;
        Interlocked.Increment(ref _waiting);
        try
        {
            using var lease = await limiter.AcquireAsync(1, ct).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>What requests wait for; null where none waits.</summary>
    public string? WaitsFor => Volatile.Read(ref _waiting) == 0 ? null
        : FormattableString.Invariant($"the limit of {_perMinute} requests a minute");

    /// <summary>How long so many requests take at least; zero where there is no limit.</summary>
    public TimeSpan LeastTime(long requests)
    {
        lock (_gate)
        {
            if (_limiter is null) return TimeSpan.Zero;
            var more = requests - (_limiter.GetStatistics()?.CurrentAvailablePermits ?? 0);
            return more <= 0 ? TimeSpan.Zero : TimeSpan.FromMinutes((double)more / _perMinute);
        }
    }

    /// <summary>Requests that may be made at once; null where there is no limit.</summary>
    public long? Left
    {
        get { lock (_gate) return _limiter?.GetStatistics()?.CurrentAvailablePermits; }
    }

    private void Limit(int perMinute)
    {
        lock (_gate)
        {
            if (perMinute == _perMinute) return;
            // Who waits at the old limiter is let through by it.
            _perMinute = perMinute;
            _limiter = perMinute <= 0 ? null : new SlidingWindowRateLimiter(new SlidingWindowRateLimiterOptions
            {
                PermitLimit = perMinute,
                Window = TimeSpan.FromMinutes(1),
                SegmentsPerWindow = 60,
                QueueLimit = int.MaxValue,
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
                AutoReplenishment = true,
            });
        }
    }
}
