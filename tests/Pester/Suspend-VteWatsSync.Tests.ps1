#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Suspend-VteWatsSync' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
    }
    BeforeEach { Reset-Plant $plant }
    AfterAll { Exit-Plant $plant }

    It 'keeps syncs of the site from running, and says who did it and why' {
        $pause = Suspend-VteWatsSync -Site Oslo -Reason 'the server moves'
        $pause.Reason | Should -Be 'the server moves'
        $pause | Get-DefaultView | Should -Match 'Site\s+Since\s+Who\s+Reason'
        $summary = Invoke-VteWatsSync -Site Oslo -InitialSince 2000-01-01 -ErrorVariable told -ErrorAction SilentlyContinue
        $summary.Result | Should -Be 'Skipped'
        $summary.ExitCode | Should -Be 20
        $told[0].FullyQualifiedErrorId | Should -Match '^VteWats\.SyncSuspended'
        (Get-SandboxCount $plant).requests | Should -Be 0
        (Get-VteWatsStatus -Site Oslo).Suspended.Who | Should -Be $pause.Who
        (Get-VteWatermark -Site Oslo -History -ErrorAction Ignore | Select-Object -Last 1).Why | Should -BeIn @($null, 'The sync is suspended: the server moves')
    }

    It 'leaves a dry run alone' {
        $null = Suspend-VteWatsSync -Site Oslo -Reason 'the server moves'
        (Invoke-VteWatsSync -Site Oslo -InitialSince 2000-01-01 -WhatIf -ErrorAction Ignore).WouldUpload | Should -BeGreaterThan 0
    }

    It 'changes nothing with -WhatIf' {
        Suspend-VteWatsSync -Site Oslo -Reason no -WhatIf
        (Get-VteWatsStatus -Site Oslo).Suspended | Should -BeNullOrEmpty
    }
}
