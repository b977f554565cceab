#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Resume-VteWatsSync' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
    }
    BeforeEach { Reset-Plant $plant; $null = Suspend-VteWatsSync -Site Oslo -Reason 'the server moves' }
    AfterAll { Exit-Plant $plant }

    It 'lets the sync go on' {
        Resume-VteWatsSync -Site Oslo
        (Sync-Plant).Result | Should -BeLike 'Completed*'
    }

    It 'changes nothing with -WhatIf' {
        Resume-VteWatsSync -Site Oslo -WhatIf
        (Sync-Plant).Result | Should -Be 'Skipped'
    }

    It 'tells that there was nothing to resume' {
        Resume-VteWatsSync -Site Oslo
        Resume-VteWatsSync -Site Oslo -WarningVariable told -WarningAction SilentlyContinue
        $told | Should -Match "'Oslo' was not suspended"
    }
}
