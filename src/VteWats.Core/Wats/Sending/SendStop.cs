namespace VteWats.Core.Wats.Sending;

/// <summary>
/// How one sending ends before its reports do: a halt starts nothing new and lets end what is under way, so that its outcome is known; a
/// stop ends that too.
/// </summary>
internal sealed class SendStop : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _halt;
    private readonly CancellationTokenRegistration _grace;
    private readonly TimeSpan _patience;
    private Exception? _failure;
    private int _told;

    /// <param name="user">Cancelled when the user stops.</param>
    /// <param name="patience">How long posts that are under way may go on after that.</param>
    public SendStop(TimeSpan patience, CancellationToken user)
    {
        _patience = patience;
        _halt = CancellationTokenSource.CreateLinkedTokenSource(user);
        _grace = user.Register(() => _stop.CancelAfter(patience));
    }

    public CancellationToken Halt => _halt.Token;

    public CancellationToken Stop => _stop.Token;

    /// <summary>Why it was halted; null when nothing failed.</summary>
    public Exception? Failure => _failure;

    /// <summary>Halts for a failure. The first one is the cause; those of posts beside it are its echo.</summary>
    public void Fail(Exception failure)
    {
        if (Interlocked.CompareExchange(ref _failure, failure, null) is null) _halt.Cancel();
    }

    /// <summary>True for the first of several reports at which the sending ends.</summary>
    public bool IsFirstToTell() => Interlocked.Exchange(ref _told, 1) == 0;

    /// <summary>Halts because nobody wants more, and stops after the patience.</summary>
    public async Task LeaveAsync()
    {
        await _halt.CancelAsync().ConfigureAwait(false);
        _stop.CancelAfter(_patience);
    }

    public void Dispose()
    {
        _grace.Dispose();
        _halt.Dispose();
        _stop.Dispose();
    }
}
