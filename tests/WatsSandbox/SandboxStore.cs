using System.Globalization;
using System.Text.Json;

namespace VteWats.WatsSandbox;

/// <summary>A report in the store.</summary>
public sealed class StoredReport
{
    internal StoredReport(Guid id, ReportHeader header, long order, int size, string hash, byte[]? body)
    {
        Id = id;
        Header = header;
        Order = order;
        Size = size;
        Hash = hash;
        Body = body;
    }

    public Guid Id { get; }
    public ReportHeader Header { get; }

    /// <summary>How often this id came in and was taken.</summary>
    public int ReceiveCount { get; internal set; } = 1;

    /// <summary>Number of the storing that brought this state, over all reports.</summary>
    public long Order { get; }

    /// <summary>Bytes of the report as posted.</summary>
    public int Size { get; }

    /// <summary>SHA-256 of the report as posted, lower-case hex.</summary>
    public string Hash { get; }

    /// <summary>The report as posted; null when the sandbox keeps no bodies.</summary>
    public byte[]? Body { get; }

    /// <summary>When it shows up in queries: at once, after a while on request, or at its start when that lies in the future.</summary>
    public DateTimeOffset VisibleFrom { get; internal init; }
}

/// <summary>A report that was lost to another one with the same serial number, part number, operation and start.</summary>
public sealed record SwallowedReport(Guid Id, Guid By);

/// <summary>The server's own record of what it holds.</summary>
public sealed class SandboxStore
{
    private readonly object _gate = new();
    private readonly Dictionary<Guid, StoredReport> _byId = [];
    private readonly Dictionary<(string, string, int, DateTimeOffset), Guid> _byUnitAndStart = [];
    private readonly List<SwallowedReport> _swallowed = [];
    private long _order;

    /// <summary>How many reports are there.</summary>
    public int Count
    {
        get { lock (_gate) return _byId.Count; }
    }

    /// <summary>How many posts were taken, repeated ones included.</summary>
    public long StoredPosts => Interlocked.Read(ref _order);

    public IReadOnlyCollection<Guid> Ids
    {
        get { lock (_gate) return [.. _byId.Keys]; }
    }

    /// <summary>All reports in the order in which they were last stored.</summary>
    public IReadOnlyList<StoredReport> Reports
    {
        get { lock (_gate) return [.. _byId.Values.OrderBy(r => r.Order)]; }
    }

    /// <summary>Reports that overwrote one another by unit, operation and start.</summary>
    public IReadOnlyList<SwallowedReport> Swallowed
    {
        get { lock (_gate) return [.. _swallowed]; }
    }

    public StoredReport? Find(Guid id)
    {
        lock (_gate) return _byId.GetValueOrDefault(id);
    }

    /// <summary>The report's JSON, parsed again.</summary>
    /// <exception cref="InvalidOperationException">There is no such report, or bodies are not kept.</exception>
    public JsonDocument Body(Guid id) => JsonDocument.Parse(
        Find(id)?.Body ?? throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
        $"The sandbox has no body of report {id}.")));

    /// <summary>Somebody deletes a report in WATS; false when it is not there.</summary>
    public bool Remove(Guid id)
    {
        lock (_gate)
        {
            if (!_byId.Remove(id, out var gone)) return false;
            if (_byUnitAndStart.GetValueOrDefault(gone.Header.UnitAndStart) == id) _byUnitAndStart.Remove(gone.Header.UnitAndStart);
            return true;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _byId.Clear();
            _byUnitAndStart.Clear();
            _swallowed.Clear();
            _order = 0;
        }
    }

    internal StoredReport Put(Guid id, ReportHeader header, int size, string hash, byte[]? body, DateTimeOffset visibleFrom)
    {
        lock (_gate)
        {
            var report = new StoredReport(id, header, ++_order, size, hash, body) { VisibleFrom = visibleFrom };
            if (_byId.TryGetValue(id, out var before))
            {
                report.ReceiveCount = before.ReceiveCount + 1;
                if (_byUnitAndStart.GetValueOrDefault(before.Header.UnitAndStart) == id) _byUnitAndStart.Remove(before.Header.UnitAndStart);
            }
            if (_byUnitAndStart.TryGetValue(header.UnitAndStart, out var other) && other != id)
            {
                _byId.Remove(other);
                _swallowed.Add(new SwallowedReport(other, id));
            }
            _byId[id] = report;
            _byUnitAndStart[header.UnitAndStart] = id;
            return report;
        }
    }

    internal IEnumerable<StoredReport> Visible(DateTimeOffset now, IReadOnlyCollection<Guid>? candidates)
    {
        lock (_gate)
        {
            var from = candidates is null ? _byId.Values : candidates.Where(_byId.ContainsKey).Select(id => _byId[id]);
            return [.. from.Where(r => r.VisibleFrom <= now)];
        }
    }
}
