#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Set-VteWatermark' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive -Sandbox
    }

    AfterAll { Exit-Plant $plant }

    It 'moves over what a line has sent' {
        Get-VteWatermark -Site Oslo -InitialSince 2000-01-01 | Get-VteTestRun | ConvertTo-WatsReport -ErrorAction SilentlyContinue | Send-WatsReport | Set-VteWatermark
        (Get-VteWatermark -Site Oslo).Timestamp | Should -Be (Get-VteTestRun -Site Oslo -NewestFirst -First 1 -HeaderOnly).Timestamp
    }

    It 'moves by hand, with a reason' {
        Set-VteWatermark -Site Oslo -Timestamp '2024-01-02 03:04' -Reason 'tried by hand'
        (Get-VteWatermark -Site Oslo).Timestamp | Should -Be ([datetime]'2024-01-02 03:04')
        (Get-VteWatermark -Site Oslo -History).Why | Should -Contain 'tried by hand'
    }

    It 'changes nothing with -WhatIf' {
        Set-VteWatermark -Site Oslo -Timestamp '2023-01-01' -Reason 'no' -WhatIf
        (Get-VteWatermark -Site Oslo).Timestamp | Should -Be ([datetime]'2024-01-02 03:04')
    }
}
