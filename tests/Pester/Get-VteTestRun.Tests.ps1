#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Get-VteTestRun' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive
    }

    AfterAll { Exit-Plant $plant }

    It 'reads runs in the order of their time' {
        $runs = @(Get-VteTestRun -Site Oslo -HeaderOnly)
        $runs | Should -HaveCount 100
        ($runs.Timestamp | Sort-Object) | Should -Be $runs.Timestamp
    }

    It 'stops reading when the pipeline has enough' {
        @(Get-VteTestRun -Site Oslo | Select-Object -First 3) | Should -HaveCount 3
    }

    It 'takes ids of runs that went through a file' {
        $path = Join-Path $TestDrive 'runs.xml'
        Get-VteTestRun -Site Oslo -First 4 -HeaderOnly | Export-Clixml $path
        (Import-Clixml $path | Get-VteTestRun -Site Oslo -HeaderOnly).Id | Should -Be (Import-Clixml $path).Id
    }

    It 'takes ids from a table of text' {
        $id = (Get-VteTestRun -Site Oslo -First 1 -HeaderOnly).Id
        ("RunId`n$id" | ConvertFrom-Csv | Get-VteTestRun -Site Oslo).Id | Should -Be $id
    }

    It 'tells of an id that is not there, and goes on' {
        $id = (Get-VteTestRun -Site Oslo -First 1 -HeaderOnly).Id
        $runs = @(Get-VteTestRun -Site Oslo -Id (New-Guid), $id -ErrorVariable missing -ErrorAction SilentlyContinue)
        $runs.Id | Should -Be $id
        $missing[0].FullyQualifiedErrorId | Should -BeLike 'VteWats.TestRunNotFound*'
        $missing[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'shows runs as a table' {
        (Get-VteTestRun -Site Oslo -First 3 -HeaderOnly | Format-Table | Out-String) | Should -Match 'Serial'
    }

    It 'completes the names of sites' {
        (TabExpansion2 'Get-VteTestRun -Site O').CompletionMatches.CompletionText | Should -Contain 'Oslo'
    }
}
