using System.Net;
using System.Net.Sockets;
using VteWats.Unit.Support;

namespace VteWats.Unit.Module;

/// <summary>The packaged module in fresh processes: what is loaded before it, beside it, and what is missing from it.</summary>
[Trait("Category", "Process")]
public class LoadingTests
{
    private static readonly string Probe = Repository.Built("tests/ImportProbe", "ImportProbe");
    private static readonly string ForeignSqlClient =
        Path.Combine(Path.GetDirectoryName(Probe)!, "foreign", "Microsoft.Data.SqlClient.dll");

    [Fact]
    public async Task Importing_three_times_with_force_exports_the_same_cmdlets_each_time()
    {
        var result = await ChildProcess.RunAsync(Probe, [ImportThreeTimes(Repository.Module)]);

        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(3, result.Lines.Count);
        Assert.Contains("Get-VteTestRun", result.Lines[0], StringComparison.Ordinal);
        Assert.Single(result.Lines.Distinct());
    }

    [Fact]
    public async Task A_foreign_SqlClient_that_was_loaded_first_stays_as_it_was_and_ours_works_beside_it()
    {
        Assert.True(File.Exists(ForeignSqlClient), $"The build did not lay out {ForeignSqlClient}.");
        var script = $$"""
            {{ImportThreeTimes(Repository.Module)}}
            {{ConnectToNothing()}}
            foreach ($a in [AppDomain]::CurrentDomain.GetAssemblies()) {
                if ($a.GetName().Name -eq 'Microsoft.Data.SqlClient') {
                    'sqlclient|' + [Runtime.Loader.AssemblyLoadContext]::GetLoadContext($a).Name + '|' +
                        $a.GetName().Version.Major + '|' + $a.Location
                }
            }
            """;
        var result = await ChildProcess.RunAsync(Probe, [script, ForeignSqlClient]);

        Assert.Equal("", result.Error);
        Assert.Single(result.Lines.Take(3).Distinct());
        Assert.Equal("error VteWats.SqlUnreachable", result.Lines[3]);
        var deps = Path.Combine(Path.GetDirectoryName(Repository.Module)!, "bin", "net8.0", "deps");
        Assert.Collection(
            result.Lines.Skip(4).Order(StringComparer.Ordinal),
            foreign => Assert.Equal($"sqlclient|Default|6|{ForeignSqlClient}", foreign),
            ours => Assert.StartsWith($"sqlclient|VteWats|7|{deps}", ours, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_package_without_its_deps_json_fails_with_a_text_that_names_the_missing_file()
    {
        using var folder = new TempFolder();
        var copy = Copy(Path.GetDirectoryName(Repository.Module)!, folder.File("VteWats"));
        File.Delete(Path.Combine(copy, "bin", "net8.0", "deps", "VteWats.Core.deps.json"));

        var result = await ChildProcess.RunAsync(Probe,
            [$"Import-Module '{Path.Combine(copy, "VteWats.psd1")}' -ErrorAction Stop\n{ConnectToNothing()}"]);

        Assert.Equal(1, result.ExitCode);
        Assert.DoesNotContain("SqlUnreachable", result.Output, StringComparison.Ordinal);
        Assert.Contains("VteWats.Core.deps.json", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("PlatformNotSupported", result.Output + result.Error, StringComparison.Ordinal);
    }

    private static string ImportThreeTimes(string manifest) =>
        $"foreach ($i in 1..3) {{ Import-Module '{manifest}' -Force -ErrorAction Stop; (Get-Command -Module VteWats).Name -join ' ' }}";

    /// <summary>A script that lets the module's own SqlClient try a port that nobody listens on, and says how that failed.</summary>
    private static string ConnectToNothing()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        return $$"""
            try { Get-VteTestRun -TimeZone UTC `
                    -ConnectionString 'Server=tcp:127.0.0.1,{{port}};Database=none;Encrypt=False;Connect Timeout=3;User ID=nobody' }
            catch { if ($_.FullyQualifiedErrorId -notlike 'VteWats.Sql*') { throw }; 'error ' + $_.FullyQualifiedErrorId.Split(',')[0] }
            """;
    }

    private static string Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return to;
    }
}
