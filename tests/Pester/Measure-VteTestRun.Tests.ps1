#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Measure-VteTestRun' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive
    }

    AfterAll { Exit-Plant $plant }

    It 'counts the runs of every result' {
        $measure = Measure-VteTestRun -Site Oslo
        $measure.Runs | Should -Be 100
        ($measure.Results | Measure-Object -Property Count -Sum).Sum | Should -Be 100
    }

    It 'finds what the mapping does not know' {
        (Measure-VteTestRun -Site Oslo | ConvertTo-Json -Depth 8) | Should -Match '7'
    }

    It 'counts chosen runs only' {
        (Measure-VteTestRun -Site Oslo -First 10).Runs | Should -Be 10
    }
}
