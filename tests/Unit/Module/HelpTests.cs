using VteWats.Unit.Operating.Alerts;
using VteWats.Unit.Support;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Module;

/// <summary>Get-Help of the packaged module: a page for each cmdlet, and every example of it runs.</summary>
[Trait("Category", "Process")]
public class HelpTests
{
    /// <summary>The sentences by which a page marks an example as an illustration.</summary>
    private static readonly string[] NotHere = ["Needs Windows.", "Needs SQL Server.", "Needs a terminal."];

    [Fact]
    public void Every_cmdlet_has_a_page()
    {
        using var module = new HostedModule();
        var cmdlets = module.Run("(Get-Command -Module VteWats).Name").Clean().Select(n => n.ToString());
        Assert.DoesNotContain(cmdlets, n => !File.Exists(Path.Combine(Repository.Root, "docs", "cmdlets", n + ".md")));
    }

    [Fact]
    public async Task Every_example_runs_against_a_sample_site_and_a_sandbox()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        await using var receiver = AlertReceiver.Start();
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("vtewats.json"), $$"""
            {
              "sites": { "Oslo": { "connection": { "path": "sample.db", "settleSeconds": 0 }, "timeZone": "Europe/Oslo",
                "timestampIs": "start",
                "mapping": { "defaultProcessCode": 100 } } },
              "wats": { "baseUrl": "{{sandbox.BaseUrl.OriginalString}}", "token": "env:WATS_TOKEN", "requestsPerMinute": 0,
                  "proxy": "none" },
              "stateFolder": "state", "alerts": { "webhooks": { "plant": { "url": "env:PLANT_HOOK" } } }
            }
            """);
        var environment = new Dictionary<string, string>
        {
            ["VTEWATS_CONFIG"] = folder.File("vtewats.json"), ["WATS_TOKEN"] = sandbox.Token, ["PLANT_HOOK"] = receiver.Base + "/hook",
        };

        var result = await ChildProcess.RunAsync(Repository.Built("tests/ImportProbe", "ImportProbe"), [Script], environment, folder.Path);

        Assert.True(result.Error.Length == 0, result.Error);
        Assert.True(result.Lines.Count(l => l.StartsWith("ran ", StringComparison.Ordinal)) > 10, result.Output);
        var failed = result.Lines.Where(l => !l.StartsWith("ran ", StringComparison.Ordinal)
            && !l.StartsWith("shown ", StringComparison.Ordinal));
        Assert.True(!failed.Any(), string.Join('\n', failed));
    }

    private static string Script => $$"""
        Import-Module '{{Repository.Module}}' -ErrorAction Stop
        $null = New-VteSampleDatabase -Path sample.db -Runs 60 -Seed 3
        $null = Get-VteWatermark -Site Oslo -InitialSince 2000-01-01 | Get-VteTestRun | ConvertTo-WatsReport -ErrorAction SilentlyContinue |
            Send-WatsReport -ErrorAction SilentlyContinue | Set-VteWatermark
        foreach ($cmdlet in Get-Command -Module VteWats) {
            $number = 0
            foreach ($example in (Get-Help $cmdlet.Name).examples.example) {
                $number++
                $name = "$($cmdlet.Name) $number"
                $remarks = $example.remarks.Text -join ' '
                $shown = $false
                foreach ($mark in '{{string.Join("', '", NotHere)}}') { if ($remarks.Contains($mark)) { $shown = $true } }
                if ($shown) { "shown $name"; continue }
                try {
                    # Errors of single runs are what some examples are about: the sample has runs that no rule can map.
                    $errors = @(& ([scriptblock]::Create($example.code)) 2>&1 3>$null 6>$null |
                        Where-Object { $_ -is [Management.Automation.ErrorRecord] })
                    $errors = @($errors | Where-Object { $_.FullyQualifiedErrorId -notlike 'VteWats.RunUnmappable*' -and
                         $_.FullyQualifiedErrorId -notlike 'VteWats.WatsRejected*' })
                    if ($errors) { throw $errors[0] }
                    "ran $name"
                }
                catch { "FAILED ${name}: $($_.FullyQualifiedErrorId.Split(',')[0]) $_" -replace '\r?\n', ' ' }
            }
        }
        """;
}
