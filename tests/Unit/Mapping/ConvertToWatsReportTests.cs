using System.Management.Automation;
using VteWats.Unit.Support;

namespace VteWats.Unit.Mapping;

public sealed class ConvertToWatsReportTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HostedModule _module = new();
    private readonly string _configuration;

    public ConvertToWatsReportTests()
    {
        _module.Run("param($Path) New-VteSampleDatabase -Path $Path -Runs 120 -Until '2024-11-20T12:00:00Z'", ("Path",
            _folder.File("sample.db"))).Clean();
        _configuration = _folder.File("vtewats.json");
        File.WriteAllText(_configuration, """
            {
              "sites": {
                "Oslo": {
                  "connection": { "path": "sample.db" }, "timeZone": "Europe/Oslo", "timestampIs": "start",
                  "mapping": { "operations": [{ "testplan": "*Final*", "processCode": 100 }], "defaultProcessCode": 50 }
                }
              }
            }
            """);
    }

    public void Dispose()
    {
        _module.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Runs_from_the_pipeline_become_reports_by_the_mapping_of_their_site()
    {
        var result = Run("Get-VteTestRun -ConfigurationPath $Configuration | ConvertTo-WatsReport -ConfigurationPath $Configuration");
        Assert.Null(result.Thrown);
        Assert.Equal(120, result.Output.Count + result.Errors.Count);
        Assert.All(result.Output, r => Assert.Contains((int)r.Properties["ProcessCode"].Value, new[] { 50, 100 }));
        Assert.All(result.Output, r => Assert.NotNull(r.Properties["Source"].Value));
    }

    [Fact]
    public void An_unmappable_run_is_an_error_of_its_own_a_dead_letter_and_then_acknowledged()
    {
        var result = Run("""
            $runs = Get-VteTestRun -ConfigurationPath $Configuration
            $reports = $runs | ConvertTo-WatsReport -ConfigurationPath $Configuration
            $bad = $runs | Where-Object { -not $_.SerialNumber -or $_.SerialNumber.Trim() -eq '' -or $_.ResultCode -eq 7 }
            $good = $runs | Where-Object { $_.Id -notin $bad.Id } | ForEach-Object { $_.Mark.Acknowledge("Sent") }
            $runs[0].Mark.Session.AcknowledgedPrefix
            $bad | ForEach-Object { $_.Id }
            """);
        Assert.Null(result.Thrown);
        // With the good ones acknowledged by hand nothing is missing: each bad one was acknowledged by the cmdlet.
        Assert.Equal(120L, result.Output[0].BaseObject);
        var bad = result.Output.Skip(1).Select(o => (Guid)o.BaseObject).Order().ToList();
        Assert.NotEmpty(bad);
        Assert.Equal(bad, result.Errors.Select(e => (Guid)e.TargetObject).Order());
        Assert.All(result.Errors, e => Assert.StartsWith("VteWats.RunUnmappable", e.FullyQualifiedErrorId, StringComparison.Ordinal));
        Assert.All(result.Errors, e => Assert.Contains("sites.Oslo.mapping.", e.ErrorDetails.RecommendedAction, StringComparison.Ordinal));
        Assert.Equal(bad, Letters.In(System.IO.Path.Combine(_folder.Path, "state")).Select(letter => letter.RunId).Order());
    }

    [Fact]
    public void Parameters_beat_the_configuration()
    {
        var result = Run("""
            Get-VteTestRun -ConfigurationPath $Configuration |
                ConvertTo-WatsReport -ConfigurationPath $Configuration -PartNumber '{Product.Name}.{Product.Type}' `
                    -Revision R1 -ProcessCode 7 -Location Hall -Purpose Debug -MissingSerialNumber 'NONE-{Id}'
            """);
        Assert.All(result.Errors, e => Assert.Contains("Result 7", e.ToString(), StringComparison.Ordinal));
        Assert.All(result.Output,
            r => Assert.Equal("R1 7 Hall Debug",
            $"{r.Properties["Rev"].Value} {r.Properties["ProcessCode"].Value} {r.Properties["Location"].Value} "
            + $"{r.Properties["Purpose"].Value}"));
        Assert.Contains(result.Output, r => ((string)r.Properties["Sn"].Value).StartsWith("NONE-", StringComparison.Ordinal));
        Assert.Contains(result.Output, r => (string)r.Properties["Pn"].Value == "PSU-2405.Power supply");
    }

    [Fact]
    public void Header_only_runs_and_other_objects_are_refused_without_a_dead_letter()
    {
        var result = Run("""
            Get-VteTestRun -ConfigurationPath $Configuration -First 2 -HeaderOnly | ConvertTo-WatsReport -ConfigurationPath $Configuration
            'text' | ConvertTo-WatsReport -ConfigurationPath $Configuration
            """);
        Assert.Empty(result.Output);
        Assert.Equal(["VteWats.RunHeaderOnly", "VteWats.RunHeaderOnly", "VteWats.InvalidArgument"],
            result.Errors.Select(e => e.FullyQualifiedErrorId.Split(',')[0]));
        Assert.All(result.Errors, e => Assert.Equal(ErrorCategory.InvalidArgument, e.CategoryInfo.Category));
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "state")));
    }

    [Fact]
    public void A_run_that_was_serialised_on_the_way_is_told_so()
    {
        var run = Assert.Single(Run("Get-VteTestRun -ConfigurationPath $Configuration -First 1").Clean());
        var copy = (PSObject)PSSerializer.Deserialize(PSSerializer.Serialize(run));
        var result = _module.Run("param($Run, $Configuration) $Run | ConvertTo-WatsReport -ConfigurationPath $Configuration", ("Run",
            copy), ("Configuration", _configuration));
        Assert.Empty(result.Output);
        Assert.Contains("was serialised", Assert.Single(result.Errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_site_and_a_broken_template_end_the_pipeline()
    {
        var unknown = Run("ConvertTo-WatsReport -InputObject x -Site Nowhere -ConfigurationPath $Configuration");
        Assert.StartsWith("VteWats.ConfigurationInvalid", Failure(unknown).FullyQualifiedErrorId, StringComparison.Ordinal);
        var broken = Run("Get-VteTestRun -ConfigurationPath $Configuration -First 1 | ConvertTo-WatsReport -PartNumber '{Produkt}' "
            + "-ConfigurationPath $Configuration");
        Assert.Contains("{Produkt}", Failure(broken).ToString(), StringComparison.Ordinal);
    }

    private static ErrorRecord Failure(ScriptResult result) => result.Thrown ?? Assert.Single(result.Errors);

    private ScriptResult Run(string script) => _module.Run("param($Configuration)\n" + script, ("Configuration", _configuration));
}
