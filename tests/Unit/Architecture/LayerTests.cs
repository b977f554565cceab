using VteWats.Core.Vte;
using VteWats.Unit.Support;

namespace VteWats.Unit.Architecture;

/// <summary>A folder of Core uses only folders above it in this list. Whoever needs something from below moves it, or hands it
/// in.</summary>
public sealed class LayerTests
{
    private static readonly string[] Layers =
    [
        "IO", "Diagnostics", "Time",
        "Vte", "Vte.Schema", "Vte.Reading", "Vte.Sqlite", "Vte.Sample",
        "Wats", "Wats.Rules", "Wats.Html", "Wats.Files", "Wats.Comparison", "Wats.Client", "Wats.Sending",
        "Mapping", "Inspection",
        "Sync.State", "Sync.DeadLetters", "Sync.Tasks", "Sync",
        "Operating", "Operating.Page", "Operating.Endpoints", "Operating.Alerts", "Operating.Setup", "Operating.Support",
        "Operating.Evidence",
        "Configuration",
        "Assistant.Schema", "Assistant",
    ];

    [Fact]
    public void No_type_of_Core_uses_a_folder_below_its_own() =>
        Assert.Empty(LayerWalk.UpwardReferences(typeof(VteTestRun).Assembly.Location, "VteWats.Core", Layers));

    [Fact]
    public void The_page_of_the_architecture_lists_the_layers_in_this_order()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));
        var places = Layers.Select(layer => page.IndexOf($"| `{layer.Replace('.', '/')}` |", StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Fact]
    public void Upward_references_are_found_wherever_they_hide_and_told_with_both_names()
    {
        const string Root = "VteWats.Unit.Architecture.Broken";
        var found = LayerWalk.UpwardReferences(typeof(LayerTests).Assembly.Location, Root, ["Low", "High"]);
        string[] users = ["InAField", "InAMethodBody", "AsABase", "InALambda", "AsAnArgument"];
        Assert.Equal(
            users.Select(user => $"{Root}.Low.{user} -> {Root}.High.Tool").Append($"{Root}.Nowhere.Lost is in no layer")
            .Order(StringComparer.Ordinal),
            found);
    }
}
