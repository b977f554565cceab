using System.Globalization;
using VteWats.Core.Sync;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Sync;

/// <summary>A plant that goes on testing while the sync runs, round after round of a simulated clock.</summary>
[Trait("Category", "Long")]
public sealed class LivePlantTests
{
    private const int Rounds = 4000;

    [Fact]
    public async Task Every_run_of_a_live_plant_is_in_wats_once_with_the_content_that_the_database_has()
    {
        // The nights of both clock changes of a winter; half of the rounds in each.
        DateTimeOffset[] nights = [new(2025, 10, 25, 22, 30, 0, TimeSpan.Zero), new(2026, 3, 28, 22, 30, 0, TimeSpan.Zero)];
        // Ten hours in each, so that the clock change is in the middle of the work.
        var round = TimeSpan.FromHours(10) / (Rounds / 2);
        await using var rig = await SyncRig.StartAsync(nights[0]);
        var plant = new Plant(rig, new Random(17), late: true);
        long late = 0, changed = 0;
        DateTime? before = null;
        for (var i = 0; i < Rounds; i++)
        {
            if (i == Rounds / 2)
            {
                plant.Quiet(rig.Time.GetUtcNow().AddHours(1));
                changed += (await rig.RunAsync()).Changed;
                rig.Time.Advance(nights[1] - rig.Time.GetUtcNow());
            }
            rig.Time.Advance(round * (0.5 + plant.Random.NextDouble()));
            plant.Work(runs: plant.Random.Next(4));
            var summary = await rig.RunAsync();
            Assert.Null(summary.Error);
            Assert.Equal(SyncResult.Completed, summary.Result);
            Assert.True(before is null || summary.To is null || summary.To >= before, "the watermark went back");
            before = summary.To ?? before;
            late += summary.Late;
            changed += summary.Changed;
        }
        plant.Quiet(rig.Time.GetUtcNow().AddHours(1));
        changed += (await rig.RunAsync()).Changed;
        await rig.AssertCompleteAsync();
        Assert.True(plant.Runs > Rounds / 2);
        // The plant really did what the guard band is for.
        Assert.True(late > Rounds / 20, $"{late} late");
        Assert.True(changed > Rounds / 20, $"{changed} changed");
        // Nothing is posted that was not new or changed.
        Assert.Equal(plant.Runs + changed, rig.Wats.Requests.Posts);
    }

    [Fact]
    public async Task A_live_plant_with_a_network_that_often_breaks_and_syncs_that_are_stopped_is_in_wats_once_all_the_same()
    {
        await using var rig = await SyncRig.StartAsync(new DateTimeOffset(2025, 10, 25, 23, 30, 0, TimeSpan.Zero),
            new SyncOptions { BatchSize = 3 });
        var plant = new Plant(rig, new Random(2), late: true);
        var broken = 0;
        for (var i = 0; i < Rounds / 2; i++)
        {
            rig.Time.Advance(TimeSpan.FromMinutes(1.5 * plant.Random.NextDouble()));
            plant.Work(runs: plant.Random.Next(5));
            rig.Wats.Faults.Clear();
            if (plant.Random.Next(3) == 0)
            {
                var kind = plant.Random.Next(2) == 0 ? FaultKind.CutAfterStoring : FaultKind.CutBeforeStoring;
                rig.Wats.Faults.Add(new SandboxFault { Kind = kind, Path = "WSJF", Probability = 0.6 });
            }
            using var stop = new CancellationTokenSource();
            if (plant.Random.Next(4) == 0) stop.CancelAfter(TimeSpan.FromMilliseconds(plant.Random.Next(30)));
            if ((await rig.RunAsync(stop: stop.Token)).Result is not SyncResult.Completed) broken++;
        }
        rig.Wats.Faults.Clear();
        plant.Quiet(rig.Time.GetUtcNow().AddHours(1));
        Assert.Equal(SyncResult.Completed, (await rig.RunAsync()).Result);
        await rig.AssertCompleteAsync();
        // A report that met a broken network several times is tried again a day later at the latest, by itself.
        rig.Time.Advance(TimeSpan.FromHours(25));
        Assert.Equal(SyncResult.Completed, (await rig.RunAsync()).Result);
        await rig.AssertCompleteAsync();
        Assert.Equal(0, rig.Letters.Count());
        Assert.True(broken > Rounds / 20, $"{broken} broken");
    }

    [Fact]
    public async Task Wats_down_for_a_day_and_the_database_for_an_hour_and_it_catches_up_by_itself()
    {
        await using var rig = await SyncRig.StartAsync(new DateTimeOffset(2026, 5, 4, 6, 0, 0, TimeSpan.Zero));
        var plant = new Plant(rig, new Random(5), late: false);
        DateTime? watermark = null;
        for (var i = 0; i < 90; i++)
        {
            var watsDown = i is >= 10 and < 58;       // half-hourly rounds: a day
            var databaseDown = i is >= 70 and < 72;
            if (i == 10) rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503 });
            if (i == 58) rig.Wats.Faults.Clear();
            if (i == 70) rig.Site = rig.Site with { Connection = rig.Site.Connection with { Path = rig.Database + ".gone" } };
            if (i == 72) rig.Site = rig.Site with { Connection = rig.Site.Connection with { Path = rig.Database } };
            rig.Time.Advance(TimeSpan.FromMinutes(30));
            plant.Work(runs: 3);
            var summary = await rig.RunAsync();
            Assert.Equal(watsDown || databaseDown, summary.Error is not null);
            Assert.Equal(watsDown ? 31 : databaseDown ? 30 : 0, summary.ExitCode);
            var position = rig.Watermarks.Load()?.Position?.Timestamp;
            if (watsDown || databaseDown) Assert.Equal(watermark, position);
            watermark = position;
        }
        Assert.Equal(0, rig.Letters.Count());
        plant.Quiet(rig.Time.GetUtcNow().AddHours(1));
        await rig.RunAsync();
        await rig.AssertCompleteAsync();
    }

    /// <summary>Stations with clocks that are wrong, transactions that commit late, and headers that are written before their
    /// steps.</summary>
    private sealed class Plant(SyncRig rig, Random random, bool late)
    {
        private static readonly int[] SkewMinutes = [0, -3, 3, 0];
        private readonly PriorityQueue<Action, DateTimeOffset> _later = new();

        public Random Random { get; } = random;
        public int Runs { get; private set; }

        /// <summary>What is due by now, and some new runs.</summary>
        public void Work(int runs)
        {
            using var transaction = rig.Direct.BeginTransaction();
            Due();
            for (var i = 0; i < runs; i++) Start();
            transaction.Commit();
        }

        /// <summary>Nobody tests any more; everything that is under way is written.</summary>
        public void Quiet(DateTimeOffset until)
        {
            rig.Time.Advance(until - rig.Time.GetUtcNow());
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
            Runs++;
            var now = rig.Time.GetUtcNow();
            var local = SyncTestData.Oslo.ToLocal(now.AddMinutes(late ? SkewMinutes[Random.Next(SkewMinutes.Length)] : 0));
            // Whole seconds: equal timestamps are common.
            local = new DateTime(local.Year, local.Month, local.Day, local.Hour, local.Minute, local.Second / 20 * 20);
            var id = Guid.NewGuid();
            var serial = Random.Next(3) == 0 ? "RETESTED" : string.Create(CultureInfo.InvariantCulture, $"SN{Runs}");
            var committed = now + TimeSpan.FromMinutes((late ? Random.Next(2) : 0) * 1.5 * Random.NextDouble());
            var steps = Random.Next(1, 4);
            if (!late || Random.Next(3) != 0) At(committed, () => rig.Insert(local, steps, serial, id));
            else
            {
                At(committed, () => rig.Insert(local, 0, serial, id));
                At(committed + TimeSpan.FromMinutes(1.5 * Random.NextDouble()), () => rig.AddSteps(id, steps));
            }
        }

        private void At(DateTimeOffset due, Action action)
        {
            if (due <= rig.Time.GetUtcNow()) action();
            else _later.Enqueue(action, due);
        }
    }
}
