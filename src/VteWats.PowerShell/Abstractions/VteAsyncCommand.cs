using System.Management.Automation;
using VteWats.Core.Diagnostics;
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
    private IReadOnlyCollection<string> _given = [];
    private volatile PipelineDispatcher? _dispatcher;

    protected virtual Task BeginAsync(IPipelineWriter output, CancellationToken ct) => Task.CompletedTask;
    protected virtual Task ProcessAsync(IPipelineWriter output, CancellationToken ct) => Task.CompletedTask;
    protected virtual Task EndAsync(IPipelineWriter output, CancellationToken ct) => Task.CompletedTask;

    /// <summary>Whether a parameter stands on the command line, and does not come from the pipeline.</summary>
    private protected bool IsGiven(string parameter) => _given.Contains(parameter);

    /// <summary>Whether nothing may be changed: -WhatIf, or the preference of the session.</summary>
    private protected bool IsWhatIf { get; private set; }

    /// <summary>The streams that somebody looks at, for what is logged. It writes to the pipeline of the moment, and waits for
    /// nothing.</summary>
    internal LogTee? Listening { get; private set; }

    /// <summary>Whether a property of what is piped in may be nothing, because it does not count beside the others.</summary>
    private protected virtual bool MayBeNothing(string parameter) => false;

    /// <summary>A failure that ends the cmdlet, or that takes one object of the pipeline from it, before it is told. On the pipeline
    /// thread.</summary>
    private protected virtual void OnFailure(Exception failure) { }

    /// <summary>Absolute path in the file system of a path as a user writes it, taken letter by letter.</summary>
    /// <exception cref="VteWatsException"><c>FileUnusable</c>: it cannot be one.</exception>
    protected Task<string> FilePathAsync(IPipelineWriter output, string path) =>
        output.OnPipelineThreadAsync(() => FilePaths.Literal(this, path));

    /// <summary>Does something that may fail for one of many: the failure is written as an error, and the cmdlet goes on, where
    /// <paramref name="goesOn"/> says so.</summary>
    private protected static async Task AttemptAsync(IPipelineWriter output, Func<VteWatsException, bool> goesOn, Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (VteWatsException e) when (goesOn(e))
        {
            await output.WriteErrorAsync(Failures.From(e)).ConfigureAwait(false);
        }
    }

    /// <summary>The same where the kind of the failure says whether anything after it can succeed.</summary>
    private protected static Task AttemptAsync(IPipelineWriter output, Func<Task> work) =>
        AttemptAsync(output, e => !e.Error.Terminates, work);

    protected sealed override void BeginProcessing()
    {
        _given = [.. MyInvocation.BoundParameters.Keys];
        IsWhatIf = IsOn("WhatIf", "WhatIfPreference");
        Listening = new LogTee(
            IsOn("Verbose", "VerbosePreference") ? text => _dispatcher?.WriteVerboseAsync(text) : null,
            IsOn("Debug", "DebugPreference") ? text => _dispatcher?.WriteDebugAsync(text) : null);
        if (GivenParameters.Check(MyInvocation.BoundParameters) is { } slip) End(slip);
        Run(BeginAsync);
    }

    protected sealed override void ProcessRecord()
    {
        // The next object may be in order.
        var piped = MyInvocation.BoundParameters.Where(bound => !IsGiven(bound.Key) && !MayBeNothing(bound.Key));
        if (GivenParameters.Check(piped) is not { } slip)
        {
            Run(ProcessAsync);
            return;
        }
        OnFailure(slip);
        WriteError(Failures.From(slip));
    }

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

    private bool IsOn(string parameter, string preference)
    {
        if (MyInvocation.BoundParameters.TryGetValue(parameter, out var given)) return LanguagePrimitives.IsTrue(given);
        var value = GetVariableValue(preference);
        return LanguagePrimitives.TryConvertTo<ActionPreference>(value, out var known)
            ? known is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore) : LanguagePrimitives.IsTrue(value);
    }

    private void Run(Func<IPipelineWriter, CancellationToken, Task> body)
    {
        using var dispatcher = new PipelineDispatcher(this, _stop.Token);
        _dispatcher = dispatcher;
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var ct = abandoned.Token;
        var work = Task.Run(async () =>
        {
            try { await body(dispatcher, ct).ConfigureAwait(false); }
            finally { dispatcher.Close(); }
        }, CancellationToken.None);
        bool ended;
        try
        {
            ended = dispatcher.Run(StopGrace);
        }
        catch
        {
            // The consumer unwinds the pipeline thread: let the work end first, so that nothing runs on behind its back.
            abandoned.Cancel();
            dispatcher.Abort();
            Settle(work);
            throw;
        }
        if (!ended)
        {
            dispatcher.Abort();
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
            End(e);
        }
    }

    private void End(Exception failure)
    {
        OnFailure(failure);
        ThrowTerminatingError(Failures.From(failure));
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
