namespace VteWats.Core.Wats.Sending;

/// <summary>Keeps the reports of one unit in order: each waits until the one before it has ended, however it ended.</summary>
internal sealed class UnitOrder
{
    private readonly object _gate = new();
    private readonly Dictionary<string, Task> _last = new(StringComparer.Ordinal);

    /// <summary>Begins the work at once, up to where it waits first, when no earlier one of the unit is under way.</summary>
    public Task<T> AfterEarlierOf<T>(string unit, Func<Task<T>> work)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task? earlier;
        lock (_gate)
        {
            earlier = _last.GetValueOrDefault(unit);
            _last[unit] = ended.Task;
        }
        return RunAsync(unit, earlier, ended, work);
    }

    private async Task<T> RunAsync<T>(string unit, Task? earlier, TaskCompletionSource ended, Func<Task<T>> work)
    {
        if (earlier is not null) await earlier.ConfigureAwait(false);
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                if (_last.GetValueOrDefault(unit) == ended.Task) _last.Remove(unit);
            }
            ended.SetResult();
        }
    }
}
