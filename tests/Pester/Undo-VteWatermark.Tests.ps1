#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Undo-VteWatermark' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive
    }
    BeforeEach { Reset-Plant $plant
        Set-VteWatermark -Site Oslo -Timestamp 2024-01-01 -Reason first
        Set-VteWatermark -Site Oslo -Timestamp 2024-02-01 -Reason second
    }
    AfterAll { Exit-Plant $plant }

    It 'goes back to where the watermark was, step by step, and says so in the history' {
        Undo-VteWatermark -Site Oslo -Reason 'it was wrong'
        (Get-VteWatermark -Site Oslo).Timestamp | Should -Be ([datetime]'2024-01-01')
        (Get-VteWatermark -Site Oslo -History)[-1].Why | Should -Match 'it was wrong'
    }

    It 'needs no reason' {
        Undo-VteWatermark Oslo
        (Get-VteWatermark Oslo -History)[-1].Why | Should -Be 'undone by hand'
    }

    It 'changes nothing with -WhatIf' {
        Undo-VteWatermark -Site Oslo -Reason no -WhatIf
        (Get-VteWatermark -Site Oslo).Timestamp | Should -Be ([datetime]'2024-02-01')
    }

    It 'takes the site from a watermark' {
        Get-VteWatermark -Site Oslo | Undo-VteWatermark -Reason 'piped'
        (Get-VteWatermark -Site Oslo).Timestamp | Should -Be ([datetime]'2024-01-01')
    }

    It 'tells that there is nothing to go back to' {
        $failure = { Undo-VteWatermark -Site Oslo -StateFolder (Join-Path $TestDrive 'empty') -Reason x } | Should -Throw -ErrorId 'VteWats.WatermarkMissing*' -PassThru
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }
}
