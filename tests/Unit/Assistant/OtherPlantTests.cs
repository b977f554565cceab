using System.Text.Json;
using System.Text.Json.Nodes;
using VteWats.Core.Assistant;
using VteWats.Core.Configuration;
using VteWats.Core.Vte;
using VteWats.Core.Wats.Client;
using VteWats.Unit.Support;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Assistant;

/// <summary>Plants that were made before the assistant, by somebody who had not seen it: its file is right, or it leaves open what that
/// author says no data decide.</summary>
public sealed class OtherPlantTests(Xunit.Abstractions.ITestOutputHelper output) : IDisposable
{
    private static readonly IReadOnlyList<WatsProcess> Operations =
    [
        .. SandboxOperation.Usual.Where(o => o.IsTest)
            .Select(o => new WatsProcess { Code = o.Code, Name = o.Name, IsTestOperation = true, State = o.State }),
    ];

    private readonly TempFolder _folder = new();

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Plants.MadeUpPlant.All.Count)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task The_file_is_right_or_leaves_open_what_no_data_can_decide(int number)
    {
        var plant = Plants.MadeUpPlant.All[number];
        var (database, file) = (_folder.File("plant.db"), _folder.File("vtewats.json"));
        var truth = plant.Create(database, Plants.MadeUpPlant.Someday);
        var right = JsonNode.Parse("{" + plant.Right + "}")!;

        var proposal = await ProposeAsync(database, []);
        output.WriteLine(plant.Story + "\n" + proposal.Text());
        // The operation of plans without a rule is one question, whichever of the two keys answers it.
        var open = proposal.Open().Select(key => key == "mapping.defaultProcessCode" ? "mapping.operations" : key).ToList();
        Assert.Empty(open.Except(plant.Open));

        var answers = open.ToDictionary(key => key, key => (object?)At(right, key));
        var answered = await ProposeAsync(database, answers);
        Assert.Empty(answered.Open().Except(["mapping.defaultProcessCode"]));
        SiteFile.Create(file, answered, new ConnectionOptions { Path = database }, "https://wats.example", "env:WATS_TOKEN");
        Assert.Empty(await Plants.PlantJudge.DifferencesAsync(ConfigurationFile.Load(file).Sites[Plants.MadeUpPlant.Site], truth));
    }

    private static Task<SiteProposal> ProposeAsync(string database, Dictionary<string, object?> answers) => SiteAssistant.ProposeAsync(
        new SiteRequest
        {
            Site = Plants.MadeUpPlant.Site, Connection = new ConnectionOptions { Path = database }, Operations = Operations,
            Answers = answers,
        }, default);

    private static JsonNode? At(JsonNode json, string key) => key.Split('.').Aggregate((JsonNode?)json, (node, part) => node?[part]);
}
