#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Get-VteTestRun' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive
        $runs = @(Get-VteTestRun -Site Oslo)
    }
    AfterAll { Exit-Plant $plant }

    It 'reads runs in the order of their time' {
        $runs | Should -HaveCount $plant.Runs
        $runs.Timestamp | Should -Be ($runs.Timestamp | Sort-Object)
        $runs[0].PSObject.TypeNames[0] | Should -Be ((Get-Command Get-VteTestRun).OutputType.Name)
    }

    It 'stops reading when Select-Object -First has enough, and is not disturbed by it' {
        Get-VteTestRun -Site Oslo | Select-Object -First 3 | ForEach-Object Id | Should -Be $runs[0..2].Id
        $Error[0] | Should -Not -BeOfType ([System.Management.Automation.PipelineStoppedException])
    }

    It 'takes ids of objects that were saved by <_>' -ForEach 'Clixml', 'Csv', 'Json' {
        $path = Join-Path $TestDrive "runs.$_"
        $some = $runs | Select-Object -First 3 -Property Id, Site, SerialNumber
        $again = switch ($_) {
            'Clixml' { $runs | Select-Object -First 3 | Export-Clixml $path; Import-Clixml $path }
            'Csv' { $some | Export-Csv $path; Import-Csv $path }
            'Json' { $some | ConvertTo-Json | Set-Content $path; Get-Content $path -Raw | ConvertFrom-Json }
        }
        ($again | Get-VteTestRun).ContentHash | Should -Be $runs[0..2].ContentHash
    }

    It 'tells of an id that is not there, and goes on' {
        Get-VteTestRun -Site Oslo -Id (New-Guid), $runs[0].Id -ErrorVariable missing -ErrorAction SilentlyContinue | ForEach-Object Id | Should -Be $runs[0].Id
        $missing | Should -HaveCount 1
        $missing[0].FullyQualifiedErrorId | Should -BeLike 'VteWats.TestRunNotFound,*'
        $missing[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'never takes a missing id for all of them: <_>' -ForEach @(
        'Get-VteTestRun -Site Oslo -Id $null'
        'Get-VteTestRun -Id @()'
        '[pscustomobject]@{ Id = $null; Site = "Oslo" } | Get-VteTestRun'
        '"Id,Site", ",Oslo" | ConvertFrom-Csv | Get-VteTestRun'
        '@{ Id = ""; Site = "Oslo" } | ConvertTo-Json | ConvertFrom-Json | Get-VteTestRun'
        '"" | Get-VteTestRun -Site Oslo'
    ) {
        $found = try { & ([scriptblock]::Create($_)) 2>&1 } catch { $_ }
        $found | Should -HaveCount 1
        $found.FullyQualifiedErrorId | Should -BeLike 'VteWats.InvalidArgument,*'
        $found.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'takes ids as text, and tells what is none' {
        ([string] $runs[0].Id, [string] $runs[1].Id | Get-VteTestRun Oslo).Id | Should -Be $runs[0, 1].Id
        'Id,Site', 'P24-001,Oslo' | ConvertFrom-Csv | Get-VteTestRun -ErrorVariable wrong -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        "$wrong" | Should -Match 'P24-001'
    }

    It 'groups, and is written as CSV' {
        $path = Join-Path $TestDrive 'runs.csv'
        $runs | Select-Object Id, Start, SerialNumber, ProductName, Result, StepCount | Export-Csv $path
        (Import-Csv $path | Group-Object Result -NoElement | Where-Object Name -EQ 'Passed').Count | Should -Be @($runs | Where-Object ResultCode -EQ 1).Count
    }

    It 'tells the verdict of runs and steps in words and in numbers' {
        $run = Get-VteTestRun -Site Oslo -Result Failed -First 1
        $run.Result, $run.ResultCode | Should -Be 'Failed', 0
        $run.Steps | Where-Object Result -EQ Passed | ForEach-Object ResultCode | Sort-Object -Unique | Should -Be 1
    }

    It 'shows tables of runs and of steps' {
        $runs | Select-Object -First 2 | Get-DefaultView | Should -Match 'Site time\s+Serial number\s+Product\s+Test plan\s+Result\s+Steps\s+Station\s+Site'
        $runs[0].Steps | Get-DefaultView | Should -Match 'No\.\s+Name\s+Value\s+Units\s+Low\s+High\s+Result'
    }

    It 'offers sites, results and time zones on Tab' {
        Get-Completion 'Get-VteTestRun -Site O' | Should -Be 'Oslo'
        Get-Completion 'Get-VteTestRun -Result Pa' | Should -Be 'Passed'
        $zone = [TimeZoneInfo]::GetSystemTimeZones()[-1].Id
        "$(Get-Completion "Get-VteTestRun -TimeZone '$zone")" | Should -Match ([regex]::Escape($zone))
    }
}
