using System.Globalization;
using VteWats.Core.Sync;
using Xunit.Abstractions;

namespace VteWats.Unit.Sync;

/// <summary>
/// A plant at any distance, with a server that answers at random: every run is in WATS with the content of today, or in a letter that says
/// why, none is there twice, and the watermark is right after every sync. <c>VTEWATS_TEST_SEED</c> repeats a failure.
/// </summary>
public sealed class FarPlantTests(ITestOutputHelper output)
{
    private const string SeedVariable = "VTEWATS_TEST_SEED";

    private static readonly int? GivenSeed =
        int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out var seed) ? seed : null;

    [Fact]
    [Trait("Category", "Long")]
    public Task Every_run_of_four_thousand_rounds_is_in_wats_or_in_a_letter_and_none_twice() => PlayAsync(4000, GivenSeed ?? 23);

    [Fact]
    public Task Every_run_of_two_hundred_rounds_is_in_wats_or_in_a_letter_and_none_twice() => PlayAsync(200, GivenSeed ?? 5);

    private async Task PlayAsync(int rounds, int seed)
    {
        var round = 0;
        var mayTimeOut = rounds > 1000;
        try
        {
            await using var rig = await SyncRig.StartAsync(new DateTimeOffset(2025, 10, 24, 6, 0, 0, TimeSpan.Zero),
                new SyncOptions { BatchSize = 20 }, client: FarServer.Client(mayTimeOut));
            var random = new Random(seed);
            var plant = new FarPlant(rig, random);
            var server = new FarServer(rig, random);
            var oracle = new FarPlantOracle(rig, plant, server);
            long late = 0, changed = 0, failed = 0, ahead = 0;
            async Task<SyncSummary> SyncAsync()
            {
                oracle.Before();
                var summary = await rig.RunAsync();
                oracle.After(summary);
                (late, changed, ahead) = (late + summary.Late, changed + summary.Changed, Math.Max(ahead, summary.Ahead));
                if (summary.Error is not null) failed++;
                return summary;
            }

            for (; round < rounds; round++)
            {
                rig.Time.Advance(TimeSpan.FromMinutes(2 + 6 * random.NextDouble()));
                var started = plant.Work(random.Next(3));
                // Each kind of trouble meets some report always; the last of them early enough to be found out.
                if (started.Count > 0 && round < rounds * 9 / 10 && random.Next(rounds / 20) == 0
                    && !plant.Unmappable.Contains(started[0])) server.NeverTakes(started[0]);
                server.Next(mayTimeOut);
                await SyncAsync();
            }
            server.Calm();
            // Everything that is under way is written; then the daily look at all that is old.
            for (var i = 0; i < 4; i++)
            {
                plant.Quiet(TimeSpan.FromHours(25));
                var end = await SyncAsync();
                Assert.True(end.Error is null, $"{end.Error?.Message}");
            }
            var letters = await oracle.AssertEndAsync();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"seed {seed}, {rounds} rounds: {plant.Committed.Count} runs, {oracle.Posts} posts, {failed} syncs failed, "
                + $"{server.Troubled} rounds of trouble, {server.Always.Count} reports that never get through, {letters.Count} letters, "
                + $"{late} late, {changed} changed, {plant.Corrected} corrected, at most {ahead} ahead; posted again after a lost answer "
                + $"{oracle.AfterLostAnswers}, with a twin {oracle.AfterTwins}, twice {oracle.Twice.Count}, lost 0"));
            // The plant really did all that.
            Assert.True(late > rounds / 20, $"{late} late");
            Assert.True(changed > rounds / 20, $"{changed} changed");
            Assert.True(failed > rounds / 100, $"{failed} failed");
            Assert.True(oracle.AfterLostAnswers > 0, "no answer was lost");
            Assert.True(ahead > 0, "none was ahead");
            Assert.True(plant.Corrected > rounds / 80, $"{plant.Corrected} corrected");
            Assert.True(server.Always.Count > 5, $"{server.Always.Count} never get through");
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"Round {round} of seed {seed}: set {SeedVariable}={seed} to see it again. {e.Message}", e);
        }
    }
}
