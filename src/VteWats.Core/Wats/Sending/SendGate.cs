using VteWats.Core.Wats.Client;

namespace VteWats.Core.Wats.Sending;

/// <summary>
/// Lets as many posts through at once as the server bears: never more than asked for, half as many after 429, 503 or when answers get
/// slow, one more after each full round that went well.
/// </summary>
internal sealed class SendGate(int limit, TimeProvider time) : IAttemptObserver
{
    // One bad moment of the server shows in every post that is under way; it counts once.
    private static readonly TimeSpan Cooldown = TimeSpan.FromSeconds(1);
    private const double SlowFactor = 4;
    private static readonly TimeSpan NeverSlow = TimeSpan.FromMilliseconds(100);

    private readonly object _gate = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
    private readonly int _most = limit;
    private int _limit = limit;
    private int _inside;
    private int _goodInRow;
    private long _lastHalved;
    private double _usual;
    private double _recent;

    public int Limit
    {
        get { lock (_gate) return _limit; }
    }

    public CancellationToken Halt { get; set; }

    /// <summary>Waits for a free place. Of those that wait, the one with the lowest <paramref name="turn"/> is next.</summary>
    public async Task<IDisposable> EnterAsync(long turn, CancellationToken ct)
    {
        TaskCompletionSource? admitted = null;
        lock (_gate)
        {
            if (_inside < _limit) _inside++;
            else _waiting.Enqueue(admitted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), turn);
        }
        if (admitted is not null)
        {
            await using var _ = ct.Register(() => admitted.TrySetCanceled(ct)).ConfigureAwait(false);
            await admitted.Task.ConfigureAwait(false);
        }
        return new Pass(this);
    }

    public void Attempted(int status, TimeSpan latency)
    {
        lock (_gate)
        {
            var milliseconds = latency.TotalMilliseconds;
            _recent = _recent == 0 ? milliseconds : _recent + 0.2 * (milliseconds - _recent);
            _usual = _usual == 0 ? milliseconds : _usual + 0.01 * (milliseconds - _usual);
            var slow = latency > NeverSlow && _recent > _usual * SlowFactor;
            if (status is 429 or 503 || slow)
            {
                _goodInRow = 0;
                if (_lastHalved != 0 && time.GetElapsedTime(_lastHalved) < Cooldown) return;
                _lastHalved = time.GetTimestamp();
                _limit = Math.Max(1, _limit / 2);
            }
            else if (status is >= 200 and < 300 && ++_goodInRow >= _limit && _limit < _most)
            {
                _goodInRow = 0;
                _limit++;
                Admit();
            }
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            _inside--;
            Admit();
        }
    }

    private void Admit()
    {
        while (_inside < _limit && _waiting.TryDequeue(out var next, out _))
        {
            if (next.TrySetResult()) _inside++;   // false for one that was cancelled meanwhile
        }
    }

    private sealed class Pass(SendGate gate) : IDisposable
    {
        public void Dispose() => gate.Leave();
    }
}
