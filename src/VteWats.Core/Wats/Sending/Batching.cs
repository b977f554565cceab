using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace VteWats.Core.Wats.Sending;

internal static class Batching
{
    /// <summary>
    /// Gathers items into batches of at most <paramref name="size"/>: a batch goes when it is full, when nothing more has come for
    /// <paramref name="linger"/>, or at the end. At most one batch is read ahead.
    /// </summary>
    public static async IAsyncEnumerable<List<T>> BatchAsync<T>(this IAsyncEnumerable<T> items, int size,
        TimeSpan linger, [EnumeratorCancellation] CancellationToken ct)
    {
        var ahead = Channel.CreateBounded<T>(new BoundedChannelOptions(size) { SingleReader = true, SingleWriter = true });
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var read = Task.Run(async () =>
        {
            try
            {
                await foreach (var item in items.WithCancellation(leave.Token).ConfigureAwait(false))
                    await ahead.Writer.WriteAsync(item, leave.Token).ConfigureAwait(false);
                ahead.Writer.Complete();
            }
            catch (Exception e)
            {
                ahead.Writer.Complete(e);
            }
        }, CancellationToken.None);
        try
        {
            while (await ahead.Reader.WaitToReadAsync(ct).ConfigureAwait(false))
            {
                var batch = new List<T>(size);
                while (batch.Count < size)
                {
                    if (ahead.Reader.TryRead(out var item)) batch.Add(item);
                    else if (!await MoreWithinAsync(ahead.Reader, linger, ct).ConfigureAwait(false)) break;
                }
                yield return batch;
            }
        }
        finally
        {
            await leave.CancelAsync().ConfigureAwait(false);
            await read.ConfigureAwait(false);
        }
    }

    private static async Task<bool> MoreWithinAsync<T>(ChannelReader<T> reader, TimeSpan linger, CancellationToken ct)
    {
        var more = reader.WaitToReadAsync(ct);
        if (more.IsCompleted) return await more.ConfigureAwait(false);
        var wait = more.AsTask();
        return await Task.WhenAny(wait, Task.Delay(linger, ct)).ConfigureAwait(false) == wait && await wait.ConfigureAwait(false);
    }
}
