using System.Runtime.InteropServices;
using VteWats.Unit.Support;

namespace VteWats.Unit.HostProgram;

/// <summary>VteWatsAdapter in a process of its own, as a plant's task scheduler starts it.</summary>
[Trait("Category", "Process")]
public class AdapterTests
{
    private static readonly string Adapter = Repository.Adapter;

    [Fact]
    public async Task Arguments_are_bound_to_the_scripts_parameters()
    {
        const string script = """
            param([string] $Server, [switch] $Fast, [int] $Count = 1, [string[]] $Site, [Parameter(Position = 0)] $First)
            "$Server|$Fast|$Count|$($Site.Count)|$First|$PSScriptRoot"
            """;
        using var folder = new TempFolder();
        var path = folder.File("script.ps1");
        await File.WriteAllTextAsync(path, script);

        var result = await ChildProcess.RunAsync(Adapter, [path, "-Server", "host,1433", "-Fast", "one", "-Count:-3", "-Site",
            "Oslo,Bergen"]);

        Assert.Equal($"host,1433|True|-3|2|one|{folder.Path}", result.Lines.Single());
        Assert.Equal(0, result.ExitCode);
    }

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("exit 0", 0)]
    [InlineData("throw 'no'", 1)]
    [InlineData("Get-NoSuchThing; 'went on'", 1)]
    [InlineData("try { throw 'no' } catch { 'caught' }", 0)]
    [InlineData("'fine'", 0)]
    public async Task The_exit_code_is_the_scripts_own_or_tells_of_an_error(string script, int expected)
    {
        using var folder = new TempFolder();
        var path = folder.File("script.ps1");
        await File.WriteAllTextAsync(path, script);

        Assert.Equal(expected, (await ChildProcess.RunAsync(Adapter, [path])).ExitCode);
    }

    [Fact]
    public async Task The_words_sync_and_service_take_the_arguments_of_their_cmdlets()
    {
        foreach (var word in new[] { "sync", "service" })
        {
            var result = await ChildProcess.RunAsync(Adapter, [word, "-Site", "Oslo", "-ConfigurationPath", "/no/such/vtewats.json"]);
            Assert.Contains("/no/such/vtewats.json", result.Error, StringComparison.Ordinal);
            Assert.Equal(word == "sync" ? 50 : 1, result.ExitCode);
        }
    }

    [Fact]
    public async Task Errors_go_to_standard_error_with_id_and_advice_and_output_stays_clean()
    {
        var result = await ChildProcess.RunAsync(Adapter, ["-Command",
            "Test-VteWatsConfiguration -ConfigurationPath /no/such/vtewats.json -ErrorAction Stop"]);

        Assert.Equal("", result.Output.Trim());
        Assert.Contains("[VteWats.", result.Error, StringComparison.Ordinal);
        Assert.Contains("What to do:", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Error);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public async Task A_confirmation_that_nobody_can_give_is_a_failure_and_not_a_hang()
    {
        using var folder = new TempFolder();
        var file = folder.File("sample.db");

        var result = await ChildProcess.RunAsync(Adapter, ["-Command", "param($Path) New-VteSampleDatabase -Path $Path -Runs 1 -Confirm",
            "-Path", file]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("nobody is there to answer", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task A_wrong_command_line_shows_the_usage()
    {
        var result = await ChildProcess.RunAsync(Adapter, ["-File", "no-such-script.ps1"]);

        Assert.Equal(64, result.ExitCode);
        Assert.Contains("There is no script", result.Error, StringComparison.Ordinal);
        Assert.Contains("-Command", result.Error, StringComparison.Ordinal);
    }

    [SkippableOnWindowsTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_stops_the_script_and_the_exit_code_says_so(string signal)
    {
        using var process = ChildProcess.Start(Adapter, ["-Command", "'started'; while ($true) { [Threading.Thread]::Sleep(20) }"]);
        Assert.Equal("started", await process.StandardOutput.ReadLineAsync());

        using var kill = System.Diagnostics.Process.Start("kill", [$"-{signal}",
            process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();

        Assert.Equal(130, (await ChildProcess.EndOf(process)).ExitCode);
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class SkippableOnWindowsTheoryAttribute : TheoryAttribute
    {
        public SkippableOnWindowsTheoryAttribute()
        {
            if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows)) Skip = "NOT RUN: Windows has no such signals to send.";
        }
    }
}
