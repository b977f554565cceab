using System.Management.Automation;
using VteWats.PowerShell.Errors;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Abstractions;

/// <summary>
/// A cmdlet whose work is asynchronous: it runs on the pool while the pipeline thread serves its writes. Ctrl+C cancels the work
/// and gives it 3 seconds to end; after that the pipeline goes on without it.
/// </summary>
public abstract class VteAsyncCommand : PSCmdlet, IDisposable
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(2.5);
    private readonly CancellationTokenSource _stop = new();

    protected virtual Task BeginAsync(IPipelineWriter output, CancellationToken ct) => Task.CompletedTask;
    protected virtual Task ProcessAsync(IPipelineWriter output, CancellationToken ct) => Task.CompletedTask;
    protected virtual Task EndAsync(IPipelineWriter output, CancellationToken ct) => Task.CompletedTask;

    protected sealed override void BeginProcessing() => Run(BeginAsync);
    protected sealed override void ProcessRecord() => Run(ProcessAsync);
    protected sealed override void EndProcessing() => Run(EndAsync);

    /// <summary>Arrives on another thread.</summary>
    protected sealed override void StopProcessing() => _stop.Cancel();

    /// <summary>Called once when the pipeline ends, also when it was stopped.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing) _stop.Dispose();
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    private void Run(Func<IPipelineWriter, CancellationToken, Task> body)
    {
        using var mailbox = new PipelineDispatcher(this, _stop.Token);
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var ct = abandoned.Token;
        var work = Task.Run(async () =>
        {
            try { await body(mailbox, ct).ConfigureAwait(false); }
            finally { mailbox.Close(); }
        }, CancellationToken.None);
        bool ended;
        try
        {
            ended = mailbox.Run(StopGrace);
        }
        catch
        {
            // The consumer unwinds the pipeline thread: let the work end first, so that nothing runs on behind its back.
            abandoned.Cancel();
            mailbox.Abort();
            Settle(work);
            throw;
        }
        if (!ended)
        {
            mailbox.Abort();
            Forget(work);
            throw new PipelineStoppedException();
        }
        try
        {
            work.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (PipelineStoppedException)
        {
            throw;
        }
        catch (Exception e)
        {
            ThrowTerminatingError(Failures.From(e));
        }
    }

    private static void Settle(Task work)
    {
        try { work.Wait(StopGrace); }
        catch (AggregateException) { /* the first failure is the one that is told */ }
        Forget(work);
    }

    private static void Forget(Task work) =>
        _ = work.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted,
        TaskScheduler.Default);
}
