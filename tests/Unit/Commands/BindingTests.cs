using System.Management.Automation;
using VteWats.Core.Wats;
using VteWats.Unit.Support;

namespace VteWats.Unit.Commands;

/// <summary>What can be piped into a cmdlet, given by position, or given as an array.</summary>
public sealed class BindingTests(CmdletPlant plant) : IClassFixture<CmdletPlant>
{
    /// <summary>Their first argument is something else: what they write, convert or look for.</summary>
    private static readonly string[] OtherFirst =
        ["ConvertTo-WatsReport", "Export-VteTestRun", "Find-WatsReport", "New-VteWatsConfiguration"];

    private const string Sites = "Get-VteWatsConfiguration -Site * | ";

    [Fact]
    public void The_site_is_the_first_argument_of_every_cmdlet_that_takes_one_unless_the_page_says_what_is()
    {
        foreach (var cmdlet in plant.Run("Get-Command -Module VteWats").Clean().Select(c => (CmdletInfo)c.BaseObject)
            .Where(c => c.Parameters.ContainsKey("Site")))
        {
            var positions = cmdlet.ParameterSets.SelectMany(s => s.Parameters).Where(p => p.Name == "Site").Select(p => p.Position)
                .Distinct();
            Assert.True(positions.SequenceEqual([OtherFirst.Contains(cmdlet.Name) ? int.MinValue : 0]), cmdlet.Name);
        }
    }

    [Theory]
    [InlineData("Test-VteConnection", 2)]
    [InlineData("Get-VteTestRun -HeaderOnly", 60)]
    [InlineData("Measure-VteTestRun", 2)]
    [InlineData("Invoke-VteWatsSync -WhatIf", 2)]
    [InlineData("Invoke-VteWatsSync -WhatIf -SitesAtOnce 2", 2)]
    [InlineData("Compare-VteWatsSync -Since 2025-02-28 | Where-Object Kind -ne Missing", 2)]
    [InlineData("Get-VteWatermark", 2)]
    [InlineData("Test-VteSchema", 0)]
    public void A_configured_site_can_be_piped_in(string into, int emits)
    {
        var result = plant.Run(Sites + into);
        Assert.Null(result.Thrown);
        Assert.All(result.Errors, e => Assert.StartsWith("VteWats.RunUnmappable", e.FullyQualifiedErrorId, StringComparison.Ordinal));
        Assert.Equal(emits, result.Output.Count);
    }

    [Theory]
    [InlineData("Invoke-VteWatsSync -WhatIf")]
    [InlineData("Test-VteConnection")]
    [InlineData("Get-VteWatermark")]
    [InlineData("Measure-VteTestRun")]
    public void A_site_can_be_piped_in_by_its_name(string into) => Assert.Equal(
        ["Bergen", "Oslo"],
        plant.Run($"'Oslo', 'Bergen' | {into} | ForEach-Object Site").Output.Select(o => o.ToString()).Order(StringComparer.Ordinal));

    [Fact]
    public void Sites_that_are_piped_in_are_synced_together_and_one_that_fails_holds_up_no_other()
    {
        var broken = plant.File("broken.json");
        File.WriteAllText(broken, File.ReadAllText(plant.Configuration).Replace("bergen.db", "no-such.db", StringComparison.Ordinal));
        var result = plant.Run("Get-VteWatsConfiguration -Site * -ConfigurationPath $x | Invoke-VteWatsSync -WhatIf -ConfigurationPath $x "
            + "| ForEach-Object { \"$($_.Site) $($_.Result)\" }", ("x", broken));
        Assert.Equal(["Bergen Failed", "Oslo CompletedWithDeadLetters"], result.Output.Select(o => o.ToString()));
        var tested = plant.Run("Get-VteWatsConfiguration -Site * -ConfigurationPath $x | Test-VteConnection -ConfigurationPath $x",
            ("x", broken));
        Assert.Null(tested.Thrown);
        Assert.Equal(["VteWats.SqlUnreachable"], tested.Ids());
        Assert.Single(tested.Output);
    }

    [Theory]
    [InlineData("Invoke-VteWatsSync")]
    [InlineData("Start-VteWatsSync")]
    public void No_site_from_the_pipeline_is_no_sync(string cmdlet)
    {
        Assert.Empty(plant.Run($"@() | {cmdlet}").Clean());
        Assert.False(Directory.Exists(plant.State));
    }

    [Theory]
    [InlineData("Get-VteTestRun -Site Oslo -HeaderOnly")]
    [InlineData("Export-VteTestRun $Folder/ids.db -Force -Site Oslo | ForEach-Object { 1..$_.Runs }")]
    public void Ids_can_be_piped_in_as_text(string into) => Assert.Equal(
        3, plant.Run($"Get-VteTestRun Oslo -First 3 -HeaderOnly | ForEach-Object {{ [string] $_.Id }} | {into}").Clean().Count);

    [Fact]
    public void A_report_is_fetched_and_found_by_the_text_of_its_id_and_a_letter_is_shown_sent_and_removed_by_it()
    {
        var sent = plant.Run("Get-VteTestRun Oslo -Result Passed -First 1 | ConvertTo-WatsReport | Send-WatsReport").Clean();
        var id = Assert.IsType<WatsReceipt>(Assert.Single(sent).BaseObject).RunId.ToString();
        foreach (var cmdlet in new[] { "Get-WatsReport", "Find-WatsReport" })
            Assert.Equal(id, Assert.Single(plant.Run($"$x | {cmdlet}", ("x", id)).Clean()).Properties["Id"].Value.ToString());

        plant.Run("Get-VteTestRun Oslo | ConvertTo-WatsReport -ErrorAction SilentlyContinue");
        var letter = plant.Run("Get-VteDeadLetter Oslo").Clean()[0].Properties["RunId"].Value.ToString();
        Assert.Single(plant.Run("$x | Get-VteDeadLetter Oslo", ("x", letter)).Clean());
        var wrong = Assert.Single(plant.Run("'no-id' | Get-VteDeadLetter Oslo").Errors);
        Assert.Contains("'no-id'", wrong.ToString(), StringComparison.Ordinal);
        Assert.Equal(["VteWats.RunUnmappable"], plant.Run("$x | Send-VteDeadLetter Oslo", ("x", letter)).Ids());
        plant.Run("$x | Remove-VteDeadLetter Oslo -Confirm:$false", ("x", letter)).Clean();
        Assert.Empty(plant.Run("$x | Get-VteDeadLetter Oslo", ("x", letter)).Clean());
    }

    [Fact]
    public void Runs_and_reports_given_as_an_array_are_taken_one_by_one()
    {
        const string Reports = "$runs = Get-VteTestRun Oslo -Result Passed -First 4; $reports = ConvertTo-WatsReport $runs; ";
        Assert.Equal(4, plant.Run(Reports + "$reports").Clean().Count);
        Assert.Equal(4, plant.Run(Reports + "Send-WatsReport $reports").Clean().Count);
        Assert.Empty(plant.Run(Reports + "Compare-WatsReport $runs; Compare-WatsReport (Get-VteTestRun Oslo -Result Passed -First 4); "
            + "Test-WatsReport $reports").Clean());
        Assert.Equal([true, true, true, true], plant.Run(Reports + "Test-WatsReport $reports -Quiet").Clean().Select(o => o.BaseObject));
        Assert.Equal(4, plant.Run(Reports + "Export-WatsReport -InputObject $reports -Path $Folder/kept").Clean().Count);
        Assert.Single(plant.Run(Reports + "Show-WatsReport -InputObject $reports -Path $Folder/page.html").Clean());
        Assert.Contains("4 test reports", File.ReadAllText(plant.File("page.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void Receipts_given_as_an_array_move_the_watermark_over_all_of_them()
    {
        var result = plant.Run("$receipts = Get-VteWatermark Bergen | Get-VteTestRun | ConvertTo-WatsReport -ErrorAction SilentlyContinue "
            + "| Send-WatsReport; Set-VteWatermark -InputObject $receipts; Get-VteTestRun Bergen -NewestFirst -First 1 -HeaderOnly; "
            + "Get-VteWatermark Bergen");
        Assert.Null(result.Thrown);
        Assert.Equal(result.Output[0].Properties["Id"].Value, result.Output[1].Properties["RunId"].Value);
    }
}
