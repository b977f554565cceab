#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Measure-VteTestRun' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive
    }
    AfterAll { Exit-Plant $plant }

    It 'counts the runs of every result' {
        $measure = Measure-VteTestRun -Site Oslo
        $measure.Runs | Should -Be $plant.Runs
        ($measure.Results | Measure-Object -Property Count -Sum).Sum | Should -Be $plant.Runs
    }

    It 'finds what the mapping does not know' {
        (Measure-VteTestRun -Site Oslo).Results | Where-Object -Not Known | ForEach-Object Code | Should -Be 7
    }

    It 'counts chosen runs only' {
        (Measure-VteTestRun -Site Oslo -First 10).Runs | Should -Be 10
        (Measure-VteTestRun -Site Oslo -Result Failed).Runs | Should -Be @(Get-VteTestRun -Site Oslo -Result Failed -HeaderOnly).Count
    }

    It 'is kept as JSON, and shown as tables' {
        $measure = Measure-VteTestRun -Site Oslo
        ($measure | ConvertTo-Json -Depth 5 | ConvertFrom-Json).Products.Count | Should -Be $measure.Products.Count
        $measure | Get-DefaultView | Should -Match 'Site\s+Runs\s+First\s+Last\s+Steps a run\s+Findings'
        $measure.Findings | Get-DefaultView | Should -Match 'Kind\s+Count\s+Description'
    }
}
