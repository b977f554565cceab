using VteWats.Unit.Support;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Commands;

/// <summary>The exit code of a sync, from a command line as from the script that wraps it.</summary>
[Trait("Category", "Process")]
public sealed class ExitCodeTests : IAsyncLifetime
{
    private CmdletPlant _plant = null!;

    public async Task InitializeAsync() => _plant = await CmdletPlant.StartAsync();

    public Task DisposeAsync() => _plant.DisposeAsync();

    private int CodeOf(string script) =>
        (int)_plant.Run("$ErrorActionPreference = 'SilentlyContinue'; " + script + "; $global:LASTEXITCODE").Output[^1].BaseObject;

    [Fact]
    public void LASTEXITCODE_tells_how_a_sync_ended()
    {
        Assert.Equal(10, CodeOf("$null = Invoke-VteWatsSync -Site Oslo"));
        Assert.Equal(0, CodeOf("$null = Invoke-VteWatsSync -Site Oslo"));
        Assert.Equal(0, CodeOf("$null = Invoke-VteWatsSync -Site Oslo -WhatIf"));
        File.Move(_plant.File("bergen.db"), _plant.File("away.db"));
        Assert.Equal(30, CodeOf("$null = Invoke-VteWatsSync -Site Bergen"));
        Assert.Equal(30, CodeOf("$null = Invoke-VteWatsSync -Site *"));
        Assert.Equal(30, CodeOf("foreach ($once in 1) { Invoke-VteWatsSync -Site Bergen | ForEach-Object { break } }"));
        Assert.Equal(50, CodeOf("try { Invoke-VteWatsSync -Site Nowhere } catch { }"));
        Assert.Equal(50, CodeOf("try { Invoke-VteWatsSync -Site $null } catch { }"));
        Assert.Equal(50, CodeOf("Invoke-VteWatsSync -Site Oslo -Now"));
    }

    [Fact]
    public void LASTEXITCODE_tells_whether_a_comparison_found_differences()
    {
        const string Compare = "$null = Compare-VteWatsSync -Site Oslo -Since 2000-01-01";
        Assert.Equal(10, CodeOf(Compare));
        _plant.Run("Invoke-VteWatsSync -Site Oslo -ErrorAction Ignore");
        // Of the sample some runs cannot be mapped: they are in the dead letters, and not in WATS.
        Assert.Equal(10, CodeOf(Compare));
        Assert.Equal(0, CodeOf(Compare.Replace("2000-01-01", "2025-06-01", StringComparison.Ordinal)));
        File.Move(_plant.File("oslo.db"), _plant.File("away.db"));
        Assert.Equal(30, CodeOf(Compare));
        Assert.Equal(50, CodeOf("try { Compare-VteWatsSync -Site Nowhere -Since 2000-01-01 } catch { }"));
    }

    [Theory]
    [InlineData("Invoke-VteWatsSync -Site Oslo", 10)]
    [InlineData("Invoke-VteWatsSync -Site Oslo -ErrorAction SilentlyContinue", 10)]
    [InlineData("Invoke-VteWatsSync -Site Oslo -ErrorAction Stop", 10)]
    [InlineData("Invoke-VteWatsSync -Site Oslo -ErrorAction Ignore | ForEach-Object { throw 'enough' }", 10)]
    [InlineData("Invoke-VteWatsSync -Site Nowhere", 50)]
    [InlineData("Invoke-VteWatsSync -Site *; Invoke-VteWatsSync -Site Oslo", 30)]
    [InlineData("Invoke-VteWatsSync -Site Oslo -ErrorAction Ignore | Out-Null; Invoke-VteWatsSync -Site Oslo; exit $LASTEXITCODE", 0)]
    [InlineData("$null = Invoke-VteWatsSync -Site Oslo -ErrorAction Ignore; & dotnet no-such-command-of-dotnet 2>&1 | Out-Null", 10)]
    [InlineData("Get-VteWatermark -Site Oslo", 0)]
    [InlineData("Get-VteWatermark -Site Nowhere", 1)]
    public async Task The_adapter_ends_with_the_code_of_the_sync_in_its_command(string command, int code)
    {
        File.Move(_plant.File("bergen.db"), _plant.File("away.db"));
        var environment = new Dictionary<string, string> { ["VTEWATS_CONFIG"] = _plant.Configuration };
        var result = await ChildProcess.RunAsync(Repository.Adapter, ["-Command", command], environment);
        Assert.True(code == result.ExitCode, FormattableString.Invariant($"{result.ExitCode}: {result.Output}{result.Error}"));
    }

    [Fact]
    public async Task A_script_without_exit_ends_with_the_code_of_its_sync_and_one_with_exit_with_its_own()
    {
        var environment = new Dictionary<string, string> { ["VTEWATS_CONFIG"] = _plant.Configuration };
        await File.WriteAllTextAsync(_plant.File("sync.ps1"), "Invoke-VteWatsSync -Site Oslo");
        Assert.Equal(10, (await ChildProcess.RunAsync(Repository.Adapter, [_plant.File("sync.ps1")], environment)).ExitCode);
        _plant.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 401 });
        await File.WriteAllTextAsync(_plant.File("own.ps1"), "Invoke-VteWatsSync -Site Bergen; exit 7");
        Assert.Equal(7, (await ChildProcess.RunAsync(Repository.Adapter, [_plant.File("own.ps1")], environment)).ExitCode);
    }
}
