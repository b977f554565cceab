using System.Diagnostics;
using VteWats.Unit.Support;

namespace VteWats.Unit.Configuration;

public class ConfigurationViewTests
{
    [Fact]
    public async Task The_adapter_prints_a_site_by_its_view_and_without_colours_into_a_file()
    {
        using var temp = new TempFolder();
        await File.WriteAllTextAsync(temp.File("vtewats.json"),
            """{ "sites": { "Oslo": { "connection": { "path": "a.db" }, "timeZone": "Europe/Oslo" } } }""");
        var program = Path.Combine(Repository.Root, "src", "VteWats.Host", "bin", Configuration, "net10.0", "VteWatsAdapter.dll");
        using var adapter = Process.Start(
            new ProcessStartInfo("dotnet", [program, "-Command", "Get-VteWatsConfiguration -Site * -ConfigurationPath $args[0]",
            temp.File("vtewats.json")])
        {
            RedirectStandardOutput = true,
        })!;
        var text = await adapter.StandardOutput.ReadToEndAsync();
        await adapter.WaitForExitAsync();
        Assert.Equal(["Name", "Time zone", "Database"],
            text.Trim().ReplaceLineEndings("\n")
            .Split('\n')[0].Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.Contains(temp.File("a.db"), text, StringComparison.Ordinal);
        Assert.DoesNotContain('\x1b', text);
    }

#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif
}
