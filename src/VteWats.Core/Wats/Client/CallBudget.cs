using System.Diagnostics;

namespace VteWats.Core.Wats.Client;

/// <summary>The seconds that a call may take with all its attempts and pauses. They stand still while the call waits for our own limit of requests.</summary>
internal sealed class CallBudget : IDisposable
{
    private readonly TimeSpan _total;
    private readonly CancellationToken _stop;
    private readonly CancellationTokenSource _end;
    private readonly long _since = Stopwatch.GetTimestamp();
    private TimeSpan _waited;

    public CallBudget(TimeSpan total, CancellationToken stop)
    {
        _total = total;
        _stop = stop;
        _end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _end.CancelAfter(total);
    }

    /// <summary>Cancelled when the time is over, or by whoever stops the call.</summary>
    public CancellationToken Token => _end.Token;

    public TimeSpan Left => _total - (Stopwatch.GetElapsedTime(_since) - _waited);

    /// <summary>Does something that takes nothing from the budget.</summary>
    public async Task WithoutAsync(Func<CancellationToken, ValueTask> wait)
    {
        var began = Stopwatch.GetTimestamp();
        _end.CancelAfter(Timeout.InfiniteTimeSpan);
        await wait(_stop).ConfigureAwait(false);
        _waited += Stopwatch.GetElapsedTime(began);
        _end.CancelAfter(Left > TimeSpan.Zero ? Left : TimeSpan.Zero);
    }

    public void Dispose() => _end.Dispose();
}
