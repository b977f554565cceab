#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Find-WatsReport' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive -Sandbox
        $reports = @(Get-VteTestRun -Site Oslo -Result Passed -First 5 | ConvertTo-WatsReport)
        $reports | Send-WatsReport | Out-Null
    }

    AfterAll { Exit-Plant $plant }

    It 'lists headers, the newest first' {
        $headers = @(Find-WatsReport)
        $headers | Should -HaveCount 5
        ($headers.Start | Sort-Object -Descending) | Should -Be $headers.Start
    }

    It 'finds by serial number, and takes it from a run' {
        $run = Get-VteTestRun -Site Oslo -Id $reports[0].Id -HeaderOnly
        ($run | Find-WatsReport).Uuid | Should -Contain $run.Id
    }

    It 'gives no more than was asked for' {
        @(Find-WatsReport -First 2) | Should -HaveCount 2
    }
}
