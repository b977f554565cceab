using System.Diagnostics;

namespace VteWats.Core.Wats.Client;

/// <summary>The time that a call may take with all its attempts and pauses. It stands still while the call waits for our own limit of
/// requests.</summary>
internal sealed class CallBudget(TimeSpan total)
{
    private readonly long _since = Stopwatch.GetTimestamp();
    private TimeSpan _waited;

    public TimeSpan Left => total - (Stopwatch.GetElapsedTime(_since) - _waited);

    /// <summary>Does something that takes nothing from the budget.</summary>
    public async ValueTask WithoutAsync(Func<ValueTask> wait)
    {
        var began = Stopwatch.GetTimestamp();
        await wait().ConfigureAwait(false);
        _waited += Stopwatch.GetElapsedTime(began);
    }
}
