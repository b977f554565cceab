using System.Diagnostics;
using System.Text.Json;
using VteWats.Unit.Support;

namespace VteWats.Unit.HostProgram;

/// <summary>What a plant gets with the published program.</summary>
[Trait("Category", "Process")]
public class PublishTests
{
    [Theory]
    [InlineData("win-x64", "runtimes/win-x64/native/Microsoft.Data.SqlClient.SNI.dll", "runtimes/linux-x64/")]
    [InlineData("linux-x64", "runtimes/linux-x64/native/libe_sqlite3.so", "runtimes/win-x64/")]
    public async Task The_folder_has_the_program_what_it_loads_the_module_and_the_scripts_and_nothing_else(
        string platform, string native, string foreign)
    {
        using var folder = new TempFolder();
        await PublishAsync(platform, folder.Path);

        var files = Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder.Path, file).Replace('\\', '/')).ToList();
        string[] own =
        [
            "VteWatsAdapter.dll", "VteWatsAdapter.deps.json", "VteWatsAdapter.runtimeconfig.json", "samples/Sync-VteToWats.ps1",
            "samples/Test-VteWatsHealth.ps1",
        ];
        var loaded = await LoadedAsync(folder.File("VteWatsAdapter.deps.json"));
        Assert.Empty(files.Where(f => !f.StartsWith("modules/", StringComparison.Ordinal)).Except(own).Except(loaded));
        Assert.Empty(own.Except(files));
        Assert.Contains("System.Management.Automation.dll", files);
        Assert.Contains("modules/VteWats/VteWats.psd1", files);
        Assert.Contains("modules/VteWats/bin/net8.0/deps/VteWats.Core.dll", files);
        Assert.Contains("modules/VteWats/bin/net8.0/deps/" + native, files);
        Assert.DoesNotContain(files, f => f.Contains(foreign, StringComparison.Ordinal));
        Assert.DoesNotContain(files, f => f.Contains("build.manifest", StringComparison.Ordinal));
        Assert.DoesNotContain(files, f => f.EndsWith(".pdb", StringComparison.Ordinal));
    }

    // For the shared framework and without the parts that are built already: seconds instead of a minute, and the same list of what is
    // ours.
    private static async Task PublishAsync(string platform, string folder)
    {
        var start = ChildProcess.Command("dotnet",
        [
            "publish", Path.Combine(Repository.Root, "src", "VteWats.Host"), "-c", Repository.Configuration, "-r", platform, "-o", folder,
            "--no-restore", "--self-contained", "false", "-p:UseAppHost=false", "-p:BuildProjectReferences=false",
            "-p:UseSharedCompilation=false", "-nodeReuse:false",
        ]);
        using var publish = Process.Start(start)!;
        publish.StandardInput.Close();
        var end = await ChildProcess.EndOf(publish);
        Assert.True(end.ExitCode == 0, end.Output + end.Error);
    }

    // The files that the program's dependencies name, as they lie beside it.
    private static async Task<HashSet<string>> LoadedAsync(string dependencies)
    {
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(dependencies));
        return
        [
            .. document.RootElement.GetProperty("targets").EnumerateObject().SelectMany(target => target.Value.EnumerateObject())
                .SelectMany(library => library.Value.EnumerateObject().Where(kind => kind.Name is "runtime" or "native"))
                .SelectMany(kind => kind.Value.EnumerateObject()).Select(file => Path.GetFileName(file.Name)),
        ];
    }
}
