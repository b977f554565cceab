#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Compare-WatsReport' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive -Sandbox
        $reports = @(Get-VteTestRun -Site Oslo -Result Passed -First 5 | ConvertTo-WatsReport)
        $reports | Send-WatsReport | Out-Null
    }

    AfterAll { Exit-Plant $plant }

    It 'finds no difference in what was just sent' {
        $reports | Compare-WatsReport | Should -BeNullOrEmpty
    }

    It 'finds a report that is missing' {
        $missing = Get-VteTestRun -Site Oslo -Result Failed -First 1 | ConvertTo-WatsReport
        ($missing | Compare-WatsReport).Kind | Should -Be 'Missing'
    }
}
