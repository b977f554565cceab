#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'The pipeline' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $sandbox = Start-Sandbox
        $env:VTEWATS_PESTER_TOKEN = $sandbox.Token
        $env:VTEWATS_CONFIG = New-SampleSite $TestDrive $sandbox.BaseUrl
    }

    AfterAll {
        Stop-Sandbox $sandbox
        $env:VTEWATS_CONFIG = $env:VTEWATS_PESTER_TOKEN = $null
    }

    It 'reads runs in order of time' {
        $runs = @(Get-VteTestRun -Site Oslo -Since 2000-01-01 -HeaderOnly)
        $runs | Should -HaveCount 100
        ($runs.Timestamp | Sort-Object) | Should -Be $runs.Timestamp
    }

    It 'makes reports of runs and tells which it cannot' {
        $runs = @(Get-VteTestRun -Site Oslo -Since 2000-01-01)
        $reports = @($runs | ConvertTo-WatsReport -ErrorVariable unmappable -ErrorAction SilentlyContinue)
        $reports.Count + @($unmappable).Count | Should -Be 100
        $unmappable | ForEach-Object { $_.FullyQualifiedErrorId } | Should -BeLike 'VteWats.RunUnmappable*'
    }

    It 'says with -WhatIf what it would send' {
        Get-VteTestRun -Site Oslo -Since 2000-01-01 -First 5 | ConvertTo-WatsReport -ErrorAction SilentlyContinue | Send-WatsReport -WhatIf | ForEach-Object { "$($_.State)" } | Should -Be (@('WouldUpload') * 5)
    }

    It 'sends reports, and skips them the second time' {
        $reports = @(Get-VteTestRun -Site Oslo -Since 2000-01-01 -First 30 | ConvertTo-WatsReport -ErrorAction SilentlyContinue)
        ($reports | Send-WatsReport).State | Select-Object -Unique | ForEach-Object ToString | Should -Be 'Uploaded'
        ($reports | Send-WatsReport).State | Select-Object -Unique | ForEach-Object ToString | Should -Be 'Skipped'
    }

    It 'survives a trip through Export-Clixml' {
        $path = Join-Path $TestDrive 'run.xml'
        Get-VteTestRun -Site Oslo -Since 2000-01-01 -First 1 -HeaderOnly | Export-Clixml $path
        (Import-Clixml $path | Get-VteTestRun -Site Oslo).Id | Should -Be (Import-Clixml $path).Id
    }

    It 'shows runs as a table' {
        (Get-VteTestRun -Site Oslo -Since 2000-01-01 -First 3 -HeaderOnly | Format-Table | Out-String) | Should -Match 'Serial'
    }
}
