namespace VteWats.WatsSandbox;

/// <summary>One request as the server saw it.</summary>
public sealed record LoggedRequest
{
    public required DateTimeOffset At { get; init; }
    public required string Method { get; init; }
    public required string Path { get; init; }
    public string Query { get; init; } = "";

    /// <summary>Value of the <c>X-Correlation-ID</c> header.</summary>
    public string? Correlation { get; init; }

    /// <summary>Status that was answered; 0 when the connection was cut instead.</summary>
    public int Status { get; init; }

    public Guid? ReportId { get; init; }
    public string? SerialNumber { get; init; }

    /// <summary>True when the report of this request was stored, whatever the client was told.</summary>
    public bool Stored { get; init; }

    /// <summary>Number of the storing, over all reports; 0 when none was stored. Requests are written down as they end, and one whose
    /// connection was cut may end behind the one that the client made next.</summary>
    public long Order { get; init; }

    /// <summary>SHA-256 of the report that was stored, lower-case hex; null when none was.</summary>
    public string? Hash { get; init; }

    /// <summary>True when the client was gone before it had the answer.</summary>
    public bool LeftByClient { get; init; }

    /// <summary>The fault that met it.</summary>
    public FaultKind? Fault { get; init; }
}

/// <summary>The last requests, and counts over all of them.</summary>
public sealed class RequestLog
{
    private readonly object _gate = new();
    private readonly Queue<LoggedRequest> _last = [];
    private readonly int _keep;
    private int _active;
    private int _peak;
    private long _total;
    private long _posts;

    internal RequestLog(int keep) => _keep = keep;

    /// <summary>Requests in all, without those to <c>/sandbox</c>.</summary>
    public long Total => Interlocked.Read(ref _total);

    /// <summary>Posts of reports in all, refused and cut ones included.</summary>
    public long Posts => Interlocked.Read(ref _posts);

    /// <summary>Requests that are under way.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>Most requests that were under way at once.</summary>
    public int PeakConcurrency => Volatile.Read(ref _peak);

    /// <summary>The last requests, oldest first.</summary>
    public IReadOnlyList<LoggedRequest> Last
    {
        get { lock (_gate) return [.. _last]; }
    }

    public void Clear()
    {
        lock (_gate) _last.Clear();
        Interlocked.Exchange(ref _total, 0);
        Interlocked.Exchange(ref _posts, 0);
        Volatile.Write(ref _peak, Volatile.Read(ref _active));
    }

    internal void Enter()
    {
        var active = Interlocked.Increment(ref _active);
        int peak;
        while (active > (peak = Volatile.Read(ref _peak)) && Interlocked.CompareExchange(ref _peak, active, peak) != peak) { }
    }

    internal void Leave(LoggedRequest request, bool isPost)
    {
        Interlocked.Increment(ref _total);
        if (isPost) Interlocked.Increment(ref _posts);
        lock (_gate)
        {
            _last.Enqueue(request);
            while (_last.Count > _keep) _last.Dequeue();
        }
        // Last: when none is under way, all are written down.
        Interlocked.Decrement(ref _active);
    }
}
