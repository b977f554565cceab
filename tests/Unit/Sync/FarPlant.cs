using System.Globalization;
using Dapper;

namespace VteWats.Unit.Sync;

/// <summary>
/// Stations an hour behind, hours ahead, or that buffer for two hours; steps that come 40 minutes after their header; verdicts that are
/// corrected days later. It knows of each run when the database had it.
/// </summary>
internal sealed class FarPlant(SyncRig rig, Random random)
{
    private static readonly double[] BehindMinutes = [0, 0, 0, -3, 3, 60, 60];
    private readonly PriorityQueue<Action, DateTimeOffset> _later = new();
    private readonly Dictionary<Guid, Header> _committed = [];
    private readonly Dictionary<Header, int> _twins = [];
    private readonly List<Guid> _all = [];
    private int _units;

    /// <summary>What makes a report of WATS one and the same.</summary>
    internal sealed record Header(DateTime Timestamp, string Serial);

    public Random Random => random;

    /// <summary>Runs whose header is in the database.</summary>
    public IReadOnlyDictionary<Guid, Header> Committed => _committed;

    /// <summary>Runs that no report can be made of.</summary>
    public HashSet<Guid> Unmappable { get; } = [];

    public int Corrected { get; private set; }

    public bool HasTwin(Guid run) => _committed.TryGetValue(run, out var header) && _twins[header] > 1;

    /// <summary>What is due by now, some new runs, and now and then a correction.</summary>
    public IReadOnlyList<Guid> Work(int runs)
    {
        using var transaction = rig.Direct.BeginTransaction();
        Due();
        var started = Enumerable.Range(0, runs).Select(_ => Start()).ToList();
        if (_all.Count > 50 && random.Next(12) == 0) Correct(_all[random.Next(_all.Count)]);
        transaction.Commit();
        return started;
    }

    /// <summary>Nobody tests any more; everything that is under way is written.</summary>
    public void Quiet(TimeSpan time)
    {
        rig.Time.Advance(time);
        Due();
    }

    private void Due()
    {
        while (_later.TryPeek(out var action, out var due) && due <= rig.Time.GetUtcNow())
        {
            _later.Dequeue();
            action();
        }
    }

    private Guid Start()
    {
        var now = rig.Time.GetUtcNow();
        var local = SyncTestData.Oslo.ToLocal(now.AddMinutes(-BehindMinutes[random.Next(BehindMinutes.Length)]));
        // Some stations are hours ahead; the clock reaches their runs in the end.
        if (random.Next(60) == 0) local = local.AddHours(random.Next(2, 40));
        local = new DateTime(local.Year, local.Month, local.Day, local.Hour, local.Minute, local.Second / 20 * 20);
        var id = new Guid(Enumerable.Range(0, 16).Select(_ => (byte)random.Next(256)).ToArray());
        var serial = random.Next(80) == 0 ? " " : random.Next(3) == 0 ? "RETESTED"
            : string.Create(CultureInfo.InvariantCulture, $"SN{_units++}");
        if (serial == " ") Unmappable.Add(id);
        else _all.Add(id);
        // A station that buffers writes for two hours' worth at once.
        var committed = random.Next(8) == 0 ? now + TimeSpan.FromHours(2) : now + TimeSpan.FromMinutes(3 * random.NextDouble());
        var steps = random.Next(1, 4);
        if (random.Next(4) != 0) At(committed, () => Insert(id, local, serial, steps));
        else
        {
            At(committed, () => Insert(id, local, serial, 0));
            At(committed + TimeSpan.FromMinutes(40 * random.NextDouble()), () => rig.AddSteps(id, steps));
        }
        return id;
    }

    private void Insert(Guid id, DateTime local, string serial, int steps)
    {
        rig.Insert(local, steps, serial, id);
        var header = _committed[id] = new Header(local, serial);
        _twins[header] = _twins.GetValueOrDefault(header) + 1;
    }

    private void Correct(Guid run) => Corrected += rig.Direct.Execute(
        "UPDATE IndexData SET Result = 1 - Result WHERE Index_GUID = @id", new { id = run.ToString("D").ToUpperInvariant() });

    private void At(DateTimeOffset due, Action action)
    {
        if (due <= rig.Time.GetUtcNow()) action();
        else _later.Enqueue(action, due);
    }
}
