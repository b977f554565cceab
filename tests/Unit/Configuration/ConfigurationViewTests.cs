using VteWats.Unit.Support;

namespace VteWats.Unit.Configuration;

[Trait("Category", "Process")]
public class ConfigurationViewTests
{
    [Fact]
    public async Task The_adapter_prints_a_site_by_its_view_and_without_colours_into_a_file()
    {
        using var temp = new TempFolder();
        await File.WriteAllTextAsync(
            temp.File("vtewats.json"), """
            { "sites": { "Oslo": { "connection": { "path": "a.db" }, "timeZone": "Europe/Oslo", "timestampIs": "start" } } }
            """);
        string[] arguments = ["-Command", "Get-VteWatsConfiguration -Site * -ConfigurationPath $args[0]", temp.File("vtewats.json")];
        var text = (await ChildProcess.RunAsync(Repository.Adapter, arguments)).Output;
        var headings = text.Trim().Split('\n')[0].Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(["Name", "Time zone", "Database"], headings);
        Assert.Contains(temp.File("a.db"), text, StringComparison.Ordinal);
        Assert.DoesNotContain('\x1b', text);
    }
}
