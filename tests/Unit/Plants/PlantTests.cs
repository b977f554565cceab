using VteWats.Unit.Support;

namespace VteWats.Unit.Plants;

/// <summary>Plants that nobody has seen: the right configuration, written by hand, gives the reports of what really happened.</summary>
public sealed class PlantTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<int> Plants => [.. Enumerable.Range(0, MadeUpPlant.All.Count)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Plants))]
    public async Task The_right_configuration_gives_the_right_reports(int number)
    {
        var (plant, truth, database) = Create(number);
        Assert.InRange(truth.Count, 500, 15_000);
        Assert.Contains(truth, run => run.Verdict == "F");
        var site = MadeUpPlant.Load(_folder.File("vtewats.json"), plant.File(database));
        Assert.Empty(await PlantJudge.DifferencesAsync(site, truth));
    }

    [Theory]
    [MemberData(nameof(Plants))]
    public async Task A_configuration_of_somebody_who_has_not_looked_does_not(int number)
    {
        var (plant, truth, database) = Create(number);
        var site = MadeUpPlant.Load(_folder.File("vtewats.json"), plant.File(database, plant.WithoutLooking));
        var failure = await Record.ExceptionAsync(async () => Assert.Empty(await PlantJudge.DifferencesAsync(site, truth)));
        Assert.NotNull(failure);
    }

    [Theory]
    [MemberData(nameof(Plants))]
    public void The_same_plant_has_the_same_history_and_keeps_to_it(int number)
    {
        var (plant, truth, _) = Create(number);
        Assert.Equal(truth.Select(run => (run.Id, run.Begin)),
            plant.Create(_folder.File("again.db"), MadeUpPlant.Someday).Select(run => (run.Id, run.Begin)));
        // One station tests one unit at a time, and the clocks were put back meanwhile.
        foreach (var station in truth.GroupBy(run => run.Station))
            Assert.All(station.Zip(station.Skip(1)), pair => Assert.True(
                pair.First.Begin.AddSeconds(pair.First.Seconds) <= pair.Second.Begin));
        Assert.Equal(2, truth.Select(run => run.Begin.Offset).Distinct().Count());
    }

    private (MadeUpPlant Plant, IReadOnlyList<TrueRun> Truth, string Database) Create(int number)
    {
        var plant = MadeUpPlant.All[number];
        var database = _folder.File("plant.db");
        return (plant, plant.Create(database, MadeUpPlant.Someday), database);
    }
}
