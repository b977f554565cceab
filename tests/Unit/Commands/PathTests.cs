using System.Management.Automation;
using System.Text.RegularExpressions;
using VteWats.Unit.Support;

namespace VteWats.Unit.Commands;

/// <summary>Paths as users write them. Everything here lies in a folder whose name is a wildcard for PowerShell.</summary>
public sealed class PathTests(CmdletPlant plant) : IClassFixture<CmdletPlant>
{
    /// <summary>Every parameter of every cmdlet that names a file or folder.</summary>
    public static TheoryData<string, string> Parameters()
    {
        using var module = new HostedModule();
        var all = new TheoryData<string, string>();
        foreach (var cmdlet in module.Run("Get-Command -Module VteWats").Clean().Select(c => (CmdletInfo)c.BaseObject))
        {
            foreach (var name in cmdlet.Parameters.Keys.Where(name => Regex.IsMatch(name, "(Path|Folder|Program)$")))
                all.Add(cmdlet.Name, name);
        }
        return all;
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public void A_path_on_a_drive_that_is_not_there_or_that_holds_no_files_is_an_error_with_advice(string cmdlet, string parameter)
    {
        var command = (CmdletInfo)Assert.Single(plant.Run($"Get-Command {cmdlet}").Clean()).BaseObject;
        var set = command.ParameterSets.OrderByDescending(s => s.IsDefault).First(s => s.Parameters.Any(p => p.Name == parameter)
            && (cmdlet != "Set-VteWatermark" || s.Name == "Timestamp"));
        var others = string.Concat(set.Parameters.Where(p => p.IsMandatory && p.Name != parameter).Select(p => $" -{p.Name} {Value(p)}"));
        if (command.Parameters.ContainsKey("Site") && !others.Contains("-Site", StringComparison.Ordinal)) others += " -Site Oslo";
        if (parameter == "DatabasePath" && command.Parameters.ContainsKey("TimeZone")
            && !others.Contains("-TimeZone", StringComparison.Ordinal)) others += " -TimeZone UTC";
        if (command.Parameters.ContainsKey("Confirm")) others += " -Confirm:$false";
        foreach (var path in new[] { @"nosuch:\x", "nosuch::x", @"Variable:\x" })
        {
            var script = $"{cmdlet} -{parameter} '{path}'{others}";
            var result = plant.Run(script);
            Assert.True(result.Ids() is ["VteWats.FileUnusable"] or ["VteWats.PathNotFound"],
                $"{script}: {string.Join(", ", result.Ids())}");
            var error = result.Thrown ?? result.Errors[0];
            Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
            Assert.Contains(path, error.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("-ErrorAction SilentlyContinue", 0)]
    [InlineData("", 1)]
    public void A_file_that_is_not_there_holds_up_no_other(string how, int told)
    {
        Export();
        var result = plant.Run($"Import-WatsReport -LiteralPath $Folder/missing.wsjf, $Folder/kept {how}; Import-WatsReport "
            + $"nosuch:/x, (\"$([WildcardPattern]::Escape($Folder))/missing.wsjf\") {how}");
        Assert.Null(result.Thrown);
        Assert.Equal(3, result.Output.Count);
        Assert.Equal(told * 3, result.Errors.Count);
        Assert.All(result.Errors, e => Assert.StartsWith("VteWats.PathNotFound", e.FullyQualifiedErrorId, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Kept + " | Import-WatsReport")]
    [InlineData(Kept + " | ForEach-Object { Import-WatsReport -LiteralPath $_.FullName }")]
    [InlineData("Import-WatsReport -LiteralPath $Folder/kept")]
    [InlineData("Import-WatsReport -PSPath $Folder/kept")]
    [InlineData("Import-WatsReport \"$([WildcardPattern]::Escape($Folder))/kept/*.wsjf\"")]
    [InlineData(Here + "Import-WatsReport kept/*.wsjf")]
    [InlineData("Import-WatsReport $Folder/kept")]
    [InlineData("[IO.FileInfo[]] [IO.Directory]::GetFiles(\"$Folder/kept\") | Import-WatsReport")]
    [InlineData("Test-WatsReport -LiteralPath $Folder/kept -Quiet")]
    [InlineData(Kept + " | Test-WatsReport -Quiet")]
    [InlineData("Test-WatsReport -Path \"$([WildcardPattern]::Escape($Folder))/kept\" -Quiet")]
    public void Files_in_a_folder_with_brackets_are_read(string script)
    {
        Export();
        Assert.Equal(3, plant.Run(script).Clean().Count);
    }

    [Theory]
    [InlineData("New-VteSampleDatabase '{0}.db' -Runs 1")]
    [InlineData("New-VteWatsConfiguration '{0}.json' -Site X -DatabasePath '{0}.db' -TimeZone UTC -TimestampIs start "
        + "-BaseUrl https://x.test")]
    [InlineData("Export-VteTestRun '{0}.db' -Site Oslo -First 1")]
    [InlineData("Get-VteTestRun Oslo -Result Passed -First 1 | ConvertTo-WatsReport | Export-WatsReport '{0}'")]
    [InlineData("Get-VteTestRun Oslo -Result Passed -First 1 | ConvertTo-WatsReport | Show-WatsReport '{0}.html'")]
    [InlineData("Register-VteWatsTask Oslo -Program /opt/pwsh -OutputFolder '{0}' -WarningAction SilentlyContinue")]
    [InlineData("Set-VteWatermark Oslo -Timestamp 2024-01-01 -Reason x -StateFolder '{0}'; Get-VteWatermark Oslo -StateFolder '{0}'")]
    public void What_is_written_lies_where_the_path_says_letter_by_letter(string script)
    {
        var name = $"w[{Guid.NewGuid():N}]*`a";
        if (OperatingSystem.IsWindows()) name = name.Replace("*", "", StringComparison.Ordinal);
        Assert.NotEmpty(plant.Run(Here + string.Format(null, script, name)).Clean());
        Assert.Contains(Directory.GetFileSystemEntries(plant.Folder),
            path => Path.GetFileName(path).StartsWith(name, StringComparison.Ordinal));
    }

    // Of the engine's cmdlets only those of the core are here.
    private const string Here = "$ExecutionContext.SessionState.Path.SetLocation([WildcardPattern]::Escape($Folder)) | Out-Null; ";
    private const string Kept = "$ExecutionContext.InvokeProvider.ChildItem.Get([string[]] \"$Folder/kept\", $false, $true, $true)";

    private void Export()
    {
        if (!Directory.Exists(plant.File("kept")))
        {
            plant.Run("Get-VteTestRun Oslo -Result Passed -First 3 | ConvertTo-WatsReport | Export-WatsReport $Folder/kept").Clean();
        }
    }

    private static string Value(CommandParameterInfo parameter) => parameter.Name switch
    {
        "RunId" or "Id" => "6f1c2b1a-55f0-4f3e-9a61-2b7d1d8f0001",
        "Path" => "\"$Folder/out\"",
        "BaseUrl" => "https://wats.example.test",
        "Since" or "Timestamp" => "2024-01-01",
        "TimeZone" => "UTC",
        "TimestampIs" => "start",
        "Site" => "Oslo",
        // Only what has a report to write gets as far as the path.
        "InputObject" or "Report" => "(Get-VteTestRun -Site Oslo -Result Passed -First 1 | ConvertTo-WatsReport)",
        _ when parameter.ParameterType == typeof(SwitchParameter) => "",
        _ => "x",
    };
}
