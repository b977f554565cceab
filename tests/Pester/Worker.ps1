#requires -Version 7.4
# Runs files of tests, one name a line of standard input, and writes for each what its tests did to AnswerFolder/NAME.json. `dotnet test` starts it.
# By hand, Invoke-Pester does all that is needed.
param([string] $PesterManifest, [string] $TestFolder, [string] $AnswerFolder)

function ConvertTo-TestResult([string] $Name, $Result, [timespan] $Duration, $ErrorRecord) {
    [pscustomobject]@{
        Name    = $Name
        State   = "$Result"
        Seconds = $Duration.TotalSeconds
        Message = @($ErrorRecord | ForEach-Object { $_.DisplayErrorMessage ?? "$_" }) -join "`n"
        Place   = @($ErrorRecord | ForEach-Object { $_.DisplayStackTrace ?? $_.ScriptStackTrace }) -join "`n"
    }
}

# What failed outside of a test: finding the tests, or what comes before or after them.
function Get-FailureOutside($Run) {
    foreach ($container in $Run.Containers | Where-Object ErrorRecord) { ConvertTo-TestResult '(finding the tests)' Failed $container.Duration $container.ErrorRecord }
    foreach ($block in $Run.FailedBlocks | Where-Object ErrorRecord) { ConvertTo-TestResult "$($block.ExpandedPath) (before or after its tests)" Failed $block.Duration $block.ErrorRecord }
}

Import-Module $PesterManifest
while ($testFile = [Console]::In.ReadLine()) {
    $pesterSettings = New-PesterConfiguration
    $pesterSettings.Run.Path = Join-Path $TestFolder $testFile
    $pesterSettings.Run.PassThru = $true
    $pesterSettings.Output.Verbosity = 'None'
    $pesterRun = Invoke-Pester -Configuration $pesterSettings
    $testResults = @(
        foreach ($test in $pesterRun.Tests) { ConvertTo-TestResult $test.ExpandedPath $test.Result $test.Duration $test.ErrorRecord }
        Get-FailureOutside $pesterRun
    )
    if ($pesterRun.Result -ne 'Passed' -and 'Failed' -notin $testResults.State) { $testResults += ConvertTo-TestResult '(the file)' Failed 0 $global:Error[0] }
    ConvertTo-Json -InputObject $testResults | Set-Content (Join-Path $AnswerFolder "$testFile.json")
    [Console]::Out.WriteLine("`nran $testFile")
}
