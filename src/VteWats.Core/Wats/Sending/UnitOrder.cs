namespace VteWats.Core.Wats.Sending;

/// <summary>Keeps the reports of one unit in order: each waits until the one before it has ended, however it ended.</summary>
internal sealed class UnitOrder
{
    private readonly object _gate = new();
    private readonly Dictionary<string, Task> _last = new(StringComparer.Ordinal);

    public Task<T> AfterEarlierOf<T>(string unit, Func<Task<T>> work)
    {
        lock (_gate)
        {
            var task = RunAsync(_last.GetValueOrDefault(unit), work);
            if (task.IsCompleted) return task;
            _last[unit] = task;
            _ = task.ContinueWith(
                _ => { lock (_gate) if (_last.GetValueOrDefault(unit) == task) _last.Remove(unit); },
                CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return task;
        }
    }

    private static async Task<T> RunAsync<T>(Task? earlier, Func<Task<T>> work)
    {
        await Task.Yield();
        if (earlier is not null)
            await ((Task)earlier.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.None,
                TaskScheduler.Default)).ConfigureAwait(false);
        return await work().ConfigureAwait(false);
    }
}
