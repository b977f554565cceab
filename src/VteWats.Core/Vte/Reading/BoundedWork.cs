namespace VteWats.Core.Vte.Reading;

/// <summary>
/// Runs blocking database calls on a worker thread and never waits for them longer than the user wants: on cancellation the call is
/// asked to stop from another thread, given a grace, then left to its own (finite) timeout. SqlClient's token does not stop a blocked
/// server.
/// </summary>
internal static class BoundedWork
{
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <param name="work">The blocking calls.</param>
    /// <param name="stop">Asks the calls to end; may block, may fail.</param>
    /// <param name="abandon">Called when the work did not end within the grace: nobody else must get what it uses.</param>
    /// <param name="late">
    /// Called once when the work has ended, however late, after this method has thrown <see cref="OperationCanceledException"/>: releases
    /// what the work used and made.
    /// </param>
    /// <param name="ct">The user's wish to stop.</param>
    public static async Task<T> RunAsync<T>(Func<T> work, Action stop, Action abandon, Action<Task<T>> late, CancellationToken ct)
    {
        var running = ct.IsCancellationRequested ? Task.FromCanceled<T>(ct) : Task.Run(work, CancellationToken.None);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (ct.Register(() => stopped.TrySetResult()))
        {
            if (await Task.WhenAny(running, stopped.Task).ConfigureAwait(false) == running && !running.IsCanceled)
                return await running.ConfigureAwait(false);
        }
        if (!running.IsCompleted)
        {
            _ = Task.Run(() => Quietly(stop), CancellationToken.None);
            await Task.WhenAny(running, Task.Delay(Grace, CancellationToken.None)).ConfigureAwait(false);
            if (!running.IsCompleted) Quietly(abandon);
        }
        _ = running.ContinueWith(
            ended =>
            {
                _ = ended.Exception;
                Quietly(() => late(ended));
            }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        throw new OperationCanceledException(ct);
    }

    private static void Quietly(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is InvalidOperationException or System.Data.Common.DbException or IOException)
        {
            // The work ended by itself in the meantime, or its connection is gone: both are what was wanted.
        }
    }
}
