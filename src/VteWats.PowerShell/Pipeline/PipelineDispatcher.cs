using System.Collections.Concurrent;
using System.Management.Automation;

namespace VteWats.PowerShell.Pipeline;

/// <summary>
/// Requests of the worker to the pipeline thread, the only one that may write. One request is under way at a time for each awaiting
/// producer, so the queue is as short as there are producers.
/// </summary>
internal sealed class PipelineDispatcher : IPipelineWriter, IDisposable
{
    private readonly BlockingCollection<Action> _requests = [];
    private readonly Cmdlet _cmdlet;
    private readonly CancellationToken _stop;
    private volatile bool _aborted;

    public PipelineDispatcher(Cmdlet cmdlet, CancellationToken stop)
    {
        _cmdlet = cmdlet;
        _stop = stop;
    }

    public Task WriteObjectAsync(object value) => WriteAsync(() => _cmdlet.WriteObject(value));
    public Task WriteErrorAsync(ErrorRecord record) => WriteAsync(() => _cmdlet.WriteError(record));
    public Task WriteWarningAsync(string message) => WriteAsync(() => _cmdlet.WriteWarning(message));
    public Task WriteVerboseAsync(string message) => WriteAsync(() => _cmdlet.WriteVerbose(message));
    public Task WriteDebugAsync(string message) => WriteAsync(() => _cmdlet.WriteDebug(message));
    public Task WriteProgressAsync(ProgressRecord progress) => WriteAsync(() => _cmdlet.WriteProgress(progress));

    public Task<T> OnPipelineThreadAsync<T>(Func<T> action) => Post(action, unwinds: false);

    /// <summary>No more requests: the pipeline thread may leave <see cref="Run"/>.</summary>
    public void Close() => _requests.CompleteAdding();

    /// <summary>The pipeline thread is gone: every request that waits, and every later one, is cancelled, so that no producer hangs on
    /// it.</summary>
    public void Abort()
    {
        _aborted = true;
        _requests.CompleteAdding();
        while (_requests.TryTake(out var request)) request();
    }

    /// <summary>Serves requests until the worker closes the dispatcher; after a stop, waits at most <paramref name="grace"/> for it to do
    /// so.</summary>
    /// <returns>False when the worker did not end within the grace.</returns>
    public bool Run(TimeSpan grace)
    {
        while (true)
        {
            try
            {
                if (!_requests.TryTake(out var request, Timeout.Infinite, _stop)) return true;
                request();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                break;
            }
        }
        var deadline = DateTime.UtcNow + grace;
        while (!_requests.IsCompleted)
        {
            var left = deadline - DateTime.UtcNow;
            if (left <= TimeSpan.Zero) return false;
            if (_requests.TryTake(out var request, left)) request();   // cancels the waiting writer
        }
        return true;
    }

    // A worker that outlives the grace may still post: the collection is left to the garbage collector then.
    public void Dispose()
    {
        if (_requests.IsCompleted) _requests.Dispose();
    }

    private Task<bool> WriteAsync(Action write) => Post(() => { write(); return true; }, unwinds: true);

    // What fails in a write has stopped the pipeline, a consumer that has enough (Select-Object -First) or -ErrorAction Stop: that must
    // unwind the pipeline thread itself. Every other failure is the worker's, who may know better than to end.
    private Task<T> Post<T>(Func<T> action, bool unwinds)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Request()
        {
            if (_aborted || _stop.IsCancellationRequested)
            {
                done.TrySetCanceled(CancellationToken.None);
                return;
            }
            try
            {
                done.TrySetResult(action());
            }
            catch (Exception e)
            {
                done.TrySetException(e);
                if (unwinds) throw;
            }
        }
        try
        {
            _requests.Add(Request, CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            done.TrySetCanceled(CancellationToken.None);
        }
        return done.Task;
    }
}
