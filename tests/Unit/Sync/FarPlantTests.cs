using System.Globalization;
using Dapper;
using VteWats.Core.Sync;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Sync;

/// <summary>
/// A plant at any distance: stations an hour behind, stations that buffer for two hours, steps that come 40 minutes after their header,
/// clocks ahead,
/// verdicts corrected days later, and a server that answers at random.
/// </summary>
[Trait("Category", "Long")]
public sealed class FarPlantTests
{
    private const int Rounds = 4000;

    [Fact]
    public async Task Every_run_of_a_plant_at_any_distance_is_in_wats_with_the_content_of_today_or_in_a_letter_and_none_twice()
    {
        await using var rig = await SyncRig.StartAsync(new DateTimeOffset(2025, 10, 24, 6, 0, 0, TimeSpan.Zero),
            new SyncOptions { BatchSize = 20 });
        var plant = new Plant(rig, new Random(23));
        DateTime? before = null;
        long late = 0, changed = 0, failed = 0, ahead = 0;
        for (var round = 0; round < Rounds; round++)
        {
            rig.Time.Advance(TimeSpan.FromMinutes(2 + 6 * plant.Random.NextDouble()));
            plant.Work(plant.Random.Next(3));
            Trouble(rig, plant.Random);
            var summary = await rig.RunAsync();
            Assert.True(summary.Error is null || summary.ExitCode == 31, $"{summary.Error?.Error.Id} {summary.Error?.Message}");
            if (summary.Error is not null) failed++;
            Assert.True(before is null || summary.To is null || summary.To >= before, "the watermark went back");
            before = summary.To ?? before;
            (late, changed, ahead) = (late + summary.Late, changed + summary.Changed, Math.Max(ahead, summary.Ahead));
            if (round % 20 == 0) AssertWatermarkIsRight(rig);
        }
        rig.Wats.Faults.Clear();
        // Everything that is under way is written; then the daily look at all that is old.
        for (var i = 0; i < 4; i++)
        {
            plant.Quiet(TimeSpan.FromHours(25));
            Assert.Null((await rig.RunAsync()).Error);
        }
        await rig.AssertCompleteAsync(butLetters: true);
        Assert.Empty(rig.Wats.Store.Ids.Intersect(plant.Unmappable));
        Assert.Equal(plant.Unmappable.Order(), (await rig.Letters.ReadAsync().ToListAsync()).Select(letter => letter.RunId).Order());
        // The plant really did all that.
        Assert.True(late > Rounds / 20, $"{late} late");
        Assert.True(changed > Rounds / 20, $"{changed} changed");
        Assert.True(failed > Rounds / 40, $"{failed} failed");
        Assert.True(ahead > 0, "none was ahead");
        Assert.True(plant.Corrected > 50, $"{plant.Corrected} corrected");
    }

    /// <summary>What the server answers to posts in this round. Hook: statuses that meet one report alone belong here, too.</summary>
    private static void Trouble(SyncRig rig, Random random)
    {
        rig.Wats.Faults.Clear();
        if (random.Next(6) != 0) return;
        rig.Wats.Faults.Add(random.Next(4) switch
        {
            0 => new SandboxFault { Kind = FaultKind.CutAfterStoring, Path = "WSJF", Probability = 0.5 },
            1 => new SandboxFault { Kind = FaultKind.CutBeforeStoring, Path = "WSJF", Probability = 0.5 },
            2 => new SandboxFault { Kind = FaultKind.TruncateAnswer, Path = "WSJF", Probability = 0.5 },
            _ => new SandboxFault { Kind = FaultKind.Status, Status = 503, Path = "WSJF", Probability = 0.5 },
        });
    }

    // Every run of the ledger that counts as done is where it cannot be lost. Runs that were committed later lie behind the watermark by
    // right.
    private static void AssertWatermarkIsRight(SyncRig rig)
    {
        if (rig.Watermarks.Load()?.Position is not { } position) return;
        var stored = rig.Wats.Store.Ids.ToHashSet();
        foreach (var row in SyncTestData.Rows(rig.Watermarks).Values)
        {
            if (row.State is Core.Sync.State.LedgerState.Sent or Core.Sync.State.LedgerState.Confirmed)
                Assert.True(stored.Contains(row.RunId),
                    $"{row.RunId} of {row.Timestamp} is not in WATS, the watermark is at {position.Timestamp}");
        }
    }

    private sealed class Plant(SyncRig rig, Random random)
    {
        private static readonly double[] BehindMinutes = [0, 0, 0, -3, 3, 60, 60];
        private readonly PriorityQueue<Action, DateTimeOffset> _later = new();
        private readonly List<Guid> _all = [];
        private int _runs;

        public Random Random { get; } = random;
        public List<Guid> Unmappable { get; } = [];
        public int Corrected { get; private set; }

        public void Work(int runs)
        {
            using var transaction = rig.Direct.BeginTransaction();
            Due();
            for (var i = 0; i < runs; i++) Start();
            if (_all.Count > 50 && Random.Next(12) == 0) Correct(_all[Random.Next(_all.Count)]);
            transaction.Commit();
        }

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

        private void Start()
        {
            var now = rig.Time.GetUtcNow();
            var local = SyncTestData.Oslo.ToLocal(now.AddMinutes(-BehindMinutes[Random.Next(BehindMinutes.Length)]));
            // Some stations are hours ahead; the clock reaches their runs in the end.
            if (Random.Next(60) == 0) local = local.AddHours(Random.Next(2, 40));
            local = new DateTime(local.Year, local.Month, local.Day, local.Hour, local.Minute, local.Second / 20 * 20);
            var id = Guid.NewGuid();
            var serial = Random.Next(80) == 0 ? " " : Random.Next(3) == 0 ? "RETESTED"
                : string.Create(CultureInfo.InvariantCulture, $"SN{_runs++}");
            if (serial == " ") Unmappable.Add(id);
            else _all.Add(id);
            // A station that buffers writes for two hours' worth at once.
            var committed = Random.Next(8) == 0 ? now + TimeSpan.FromHours(2) : now + TimeSpan.FromMinutes(3 * Random.NextDouble());
            var steps = Random.Next(1, 4);
            if (Random.Next(4) != 0) At(committed, () => rig.Insert(local, steps, serial, id));
            else
            {
                At(committed, () => rig.Insert(local, 0, serial, id));
                At(committed + TimeSpan.FromMinutes(40 * Random.NextDouble()), () => rig.AddSteps(id, steps));
            }
        }

        private void Correct(Guid run) => Corrected += rig.Direct.Execute(
            "UPDATE IndexData SET Result = 1 - Result WHERE Index_GUID = @id", new { id = run.ToString("D").ToUpperInvariant() });

        private void At(DateTimeOffset due, Action action)
        {
            if (due <= rig.Time.GetUtcNow()) action();
            else _later.Enqueue(action, due);
        }
    }
}
