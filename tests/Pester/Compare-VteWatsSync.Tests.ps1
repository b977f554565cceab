#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Compare-VteWatsSync' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
    }
    BeforeEach { Reset-Plant $plant }
    AfterAll { Exit-Plant $plant }

    It 'tells each run that is not in WATS, for grouping and counting' {
        $groups = Compare-VteWatsSync -Site Oslo -Since 2000-01-01 | Where-Object Kind | Group-Object Kind -NoElement
        $groups.Name | Should -Be 'MissingInWats'
        $groups.Count | Should -Be $plant.Runs
    }

    It 'hands its differences on to Get-VteTestRun, also through JSON' {
        $differences = Compare-VteWatsSync -Site Oslo -Since 2000-01-01 | Where-Object Kind | Select-Object -First 3
        ($differences | Get-VteTestRun -HeaderOnly).Id | Should -Be $differences.RunId
        ($differences | ConvertTo-Json | ConvertFrom-Json | Get-VteTestRun -HeaderOnly).Id | Should -Be $differences.RunId
    }

    It 'repairs nothing with -WhatIf' {
        Compare-VteWatsSync -Site Oslo -Since 2000-01-01 -Repair -WhatIf | Where-Object Kind | Where-Object Repaired | Should -BeNullOrEmpty
        (Get-SandboxCount $plant).posts | Should -Be 0
    }

    It 'repairs what can be made a report, and tells the others as errors' {
        $repaired = Compare-VteWatsSync -Site Oslo -Since 2000-01-01 -Repair -ErrorAction SilentlyContinue -ErrorVariable unmappable | Where-Object Kind | Where-Object Repaired
        $unmappable | ForEach-Object FullyQualifiedErrorId | Should -BeLike 'VteWats.RunUnmappable,*'
        @($repaired).Count + $unmappable.Count | Should -Be $plant.Runs
        (Get-SandboxCount $plant).reports | Should -Be @($repaired).Count
        $left = Compare-VteWatsSync -Site Oslo -Since 2000-01-01 | Where-Object Kind
        $left | Should -HaveCount $unmappable.Count
        $left.InDeadLetters | Should -Not -Contain $false
    }

    It 'shows which runs are repaired and which have a dead letter' {
        Compare-VteWatsSync -Site Oslo -Since 2000-01-01 -Repair -WhatIf | Where-Object Kind | Select-Object -First 3 | Get-DefaultView | Should -Not -Match 'Repaired|Letter'
        $found = Compare-VteWatsSync -Site Oslo -Since 2000-01-01 -Repair -ErrorAction SilentlyContinue | Where-Object Kind
        $found | Where-Object Repaired | Select-Object -First 1 | Get-DefaultView | Should -Match '\sRepaired\s'
        $found | Where-Object InDeadLetters | Select-Object -First 1 | Get-DefaultView | Should -Match '\sLetter\s'
    }

    It 'tells the verdicts of both sides in the same words' {
        (Compare-VteWatsSync -Site Oslo -Since 2000-01-01 | Where-Object Kind).VteResult | Sort-Object -Unique |
            Where-Object { $_ -notlike 'Code *' } | Should -BeIn 'Passed', 'Failed', 'Error', 'Terminated'
    }

    It 'shows a table' {
        Compare-VteWatsSync -Site Oslo -Since 2000-01-01 | Where-Object Kind | Select-Object -First 2 | Get-DefaultView | Should -Match 'Kind\s+Site\s+Site time\s+Serial number\s+VTE\s+WATS\s+State\s+Run'
    }
}
