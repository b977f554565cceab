using System.Text.Json;
using VteWats.Unit.Support;

namespace VteWats.Unit.Module;

/// <summary>What lies in the package, and where.</summary>
public class PackageTests
{
    private static readonly string Folder = Path.GetDirectoryName(Repository.Module)!;
    private static readonly IReadOnlyList<string> Files =
        [.. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(Folder, f).Replace('\\', '/'))];

    [Fact]
    public void The_engine_is_not_shipped()
    {
        // With a copy of System.Management.Automation beside it, a module imports with no cmdlets.
        Assert.DoesNotContain(Files, f => f.EndsWith("System.Management.Automation.dll", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Only_the_module_assembly_lies_outside_the_private_folder()
    {
        Assert.Equal(
            ["bin/net8.0/VteWats.PowerShell.dll"],
            Files.Where(f => f.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
            && !f.StartsWith("bin/net8.0/deps/", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_deps_json_names_an_implementation_of_SqlClient_for_each_system_and_it_is_there()
    {
        using var deps = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "bin/net8.0/deps/VteWats.Core.deps.json")));
        var implementations = deps.RootElement.GetProperty("targets").EnumerateObject().Single().Value.EnumerateObject()
            .Single(l => l.Name.StartsWith("Microsoft.Data.SqlClient/", StringComparison.Ordinal)).Value
            .GetProperty("runtimeTargets").EnumerateObject().ToList();
        Assert.Equal(["unix", "win"], implementations.Select(i => i.Value.GetProperty("rid").GetString()).Order(StringComparer.Ordinal));
        Assert.All(implementations, i => Assert.Contains("bin/net8.0/deps/" + i.Name, Files));
    }

    [Fact]
    public void Native_libraries_are_shipped_for_the_platforms_of_PowerShell_and_no_others()
    {
        var platforms = Files.Where(f => f.StartsWith("bin/net8.0/deps/runtimes/", StringComparison.Ordinal)).Select(f => f.Split('/')[4])
            .ToHashSet();
        Assert.Superset(new HashSet<string> { "win-x64", "linux-x64", "linux-arm64", "osx-arm64" }, platforms);
        Assert.DoesNotContain(platforms, p => p.StartsWith("browser", StringComparison.Ordinal)
            || p.StartsWith("maccatalyst", StringComparison.Ordinal));
    }

    [Fact]
    public void Views_schema_and_help_are_in_the_package()
    {
        Assert.Contains("Schemas/vtewats.schema.json", Files);
        Assert.Contains("en-US/VteWats.PowerShell.dll-Help.xml", Files);
        Assert.Equal(5, Files.Count(f => f.StartsWith("Formats/", StringComparison.Ordinal)));
        Assert.Contains("LICENSE", Files);
    }
}
