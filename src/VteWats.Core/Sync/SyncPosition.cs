using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;

namespace VteWats.Core.Sync;

/// <summary>What a sync reads, and how its progress is kept: the live watermark, or the place of a backfill.</summary>
internal abstract class SyncPosition
{
    private readonly object _gate = new();
    private long _saved;

    /// <summary>The lease in the source database, where there is one: who has lost it keeps nothing more.</summary>
    public IDatabaseLease? DatabaseLease { get; set; }

    /// <summary>Place when the sync began.</summary>
    public DateTime? From { get; protected init; }

    /// <summary>Place by now.</summary>
    public abstract DateTime? To { get; }

    /// <summary>The read sessions so far.</summary>
    public abstract IReadOnlyList<ReadSession> Sessions { get; }

    /// <summary>What was counted behind the guard band; null where nothing is.</summary>
    public virtual Census? Census => null;

    /// <summary>What became of the runs that were read.</summary>
    public ReadCounts Counts => Sessions.Aggregate(new ReadCounts(), (sum, session) => sum.And(session.Counts));

    /// <summary>True when every run that was read is acknowledged.</summary>
    public bool IsWhole => Sessions.All(session => session.AcknowledgedPrefix == session.Admitted);

    /// <summary>Told of each run that cannot be read; it must not hold up the others.</summary>
    public Func<UnreadableRun, Task>? OnUnreadable { get; set; }

    /// <summary>What to read for the progress to count; null where nothing is to be counted.</summary>
    public abstract TestRunQuery? Query { get; }

    /// <summary>The runs to send.</summary>
    public abstract IAsyncEnumerable<VteTestRun> ReadAsync(IVteSource source, CancellationToken ct);

    /// <summary>Keeps on disk what is acknowledged, when there is as much as <paramref name="least"/> new.</summary>
    /// <exception cref="Diagnostics.VteWatsException"><c>LeaseLost</c>, and those of the state.</exception>
    public async Task SaveAsync(long least)
    {
        if (Acknowledged - Volatile.Read(ref _saved) < least) return;
        if (DatabaseLease is { } held) await held.EnsureHeldAsync(CancellationToken.None).ConfigureAwait(false);
        lock (_gate)
        {
            var acknowledged = Acknowledged;
            if (acknowledged - _saved < least) return;
            Keep();
            _saved = acknowledged;
        }
    }

    private long Acknowledged => Sessions.Sum(session => session.Acknowledged);

    /// <summary>Everything was read and acknowledged.</summary>
    public virtual void Finish() { }

    protected abstract void Keep();
}

/// <summary>The live watermark.</summary>
internal sealed class LivePosition : SyncPosition
{
    private readonly SyncServices _services;
    private readonly WatermarkStore _store;
    private readonly SyncLease? _lease;
    private readonly bool _force;
    private SiteReading? _reading;
    private DateTime? _to;

    public LivePosition(SyncServices services, SyncRequest request, SyncLease? lease)
    {
        _services = services;
        _lease = lease;
        _force = request.Force;
        _store = new WatermarkStore(services.StateFolder, services.Site.Name, services.Time, lease);
        Checkpoint = services.Checkpoint(_store.Load(), request.InitialSince);
        _to = From = Checkpoint.Watermark?.Position?.Timestamp;
    }

    public Checkpoint Checkpoint { get; }
    public override DateTime? To => _to;
    public override IReadOnlyList<ReadSession> Sessions => _reading?.Sessions ?? [];
    public override Census? Census => _reading?.Census;
    public override TestRunQuery Query => new() { Checkpoint = Checkpoint };

    public override IAsyncEnumerable<VteTestRun> ReadAsync(IVteSource source, CancellationToken ct)
    {
        _reading = new SiteReading(source, Checkpoint, _services.Sync, _services.Time)
        {
            Resend = _force, Lease = _lease, Query = new TestRunQuery { OnUnreadable = OnUnreadable },
        };
        return _reading.ReadAsync(ct);
    }

    protected override void Keep()
    {
        foreach (var session in Sessions) _to = _store.Advance(session, _services.Target)?.Position?.Timestamp ?? _to;
    }
}

/// <summary>The place of a backfill. It ends where the live sync begins, and is gone when it is through.</summary>
internal sealed class BackfillPosition : SyncPosition
{
    private readonly BackfillStore _store;
    private readonly WatermarkStore _watermark;
    private readonly Checkpoint _checkpoint;
    private readonly SyncLease? _lease;
    private readonly bool _force;
    private readonly string _target;
    private Backfill _backfill;

    public BackfillPosition(SyncServices services, SyncRequest request, SyncLease? lease, string source, DateTimeOffset settled)
    {
        var range = request.Backfill!;
        _force = request.Force;
        _lease = lease;
        _target = services.Target;
        // What was sent without -Force before is not what -Force asks for: it begins at the beginning.
        var database = new StateDatabase(services.StateFolder);
        _store = new BackfillStore(database, services.Site.Name, request.Force ? KeyOf(range) + "-force" : KeyOf(range));
        _watermark = new WatermarkStore(services.StateFolder, services.Site.Name, services.Time, lease);
        var live = _watermark.Load();
        var until = range.Until is { } end && end < settled ? end : settled;
        // What comes behind is the live sync's: two that send one run at once would not know which content WATS kept.
        if (live?.Position is { } position && position.Instant < until) until = position.Instant.AddTicks(1);
        var target = Watermark.TargetOf(services.Target);
        _backfill = _store.Load() ?? new Backfill(services.Site.Name, source, target, range.Since, until, range.NewestFirst, null);
        if (_backfill.Source != source || _backfill.Target != target) throw _store.Foreign(_backfill, source, target);
        _checkpoint = services.Checkpoint(live, range.Since).ForBackfill();
        From = _backfill.Place?.Timestamp;
    }

    public override DateTime? To => _backfill.Place?.Timestamp;
    public override IReadOnlyList<ReadSession> Sessions => _checkpoint.Sessions;

    public override TestRunQuery Query => new()
    {
        Since = _backfill.Since, Until = _backfill.Until, After = _backfill.Place, NewestFirst = _backfill.NewestFirst, Resend = _force,
        Checkpoint = _checkpoint, OnUnreadable = OnUnreadable,
    };

    /// <summary>One backfill is told from another by what was asked for.</summary>
    public static string KeyOf(BackfillRange range)
    {
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{range.Since.UtcDateTime:O} {range.Until?.UtcDateTime:O} {range.NewestFirst}");
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8].ToLowerInvariant();
    }

    public override IAsyncEnumerable<VteTestRun> ReadAsync(IVteSource source, CancellationToken ct) => source.ReadAsync(Query, ct);

    public override void Finish() => _store.Remove(_lease);

    protected override void Keep()
    {
        foreach (var session in Sessions)
        {
            var place = session.LastOfPrefix;
            _watermark.Advance(session, _target);
            if (place is null || place == _backfill.Place) continue;
            _backfill = _backfill with { Place = place };
            _store.Save(_lease, _backfill);
        }
    }
}
