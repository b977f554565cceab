#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Undo-VteWatermark' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive
        Set-VteWatermark -Site Oslo -Timestamp '2024-01-01' -Reason 'first'
        Set-VteWatermark -Site Oslo -Timestamp '2024-02-01' -Reason 'second'
    }

    AfterAll { Exit-Plant $plant }

    It 'changes nothing with -WhatIf' {
        Undo-VteWatermark -Site Oslo -Reason 'no' -WhatIf
        (Get-VteWatermark -Site Oslo).Timestamp | Should -Be ([datetime]'2024-02-01')
    }

    It 'goes back to where the watermark was' {
        Undo-VteWatermark -Site Oslo -Reason 'it was wrong'
        (Get-VteWatermark -Site Oslo).Timestamp | Should -Be ([datetime]'2024-01-01')
    }
}
