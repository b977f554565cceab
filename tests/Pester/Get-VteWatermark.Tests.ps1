#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Get-VteWatermark' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive -Sandbox
    }

    AfterAll { Exit-Plant $plant }

    It 'refuses to begin without a start' {
        { Get-VteWatermark -Site Oslo | Get-VteTestRun } | Should -Throw -ErrorId 'VteWats.*'
    }

    It 'begins a line that goes on from there' {
        Get-VteWatermark -Site Oslo -InitialSince 2000-01-01 | Get-VteTestRun | ConvertTo-WatsReport -ErrorAction SilentlyContinue | Send-WatsReport | Set-VteWatermark
        Get-VteWatermark -Site Oslo | Get-VteTestRun | Should -BeNullOrEmpty
    }

    It 'shows the history of its changes' {
        @(Get-VteWatermark -Site Oslo -History).Count | Should -BeGreaterThan 0
    }
}
