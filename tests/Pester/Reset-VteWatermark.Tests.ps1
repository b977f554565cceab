#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Reset-VteWatermark' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive
    }
    BeforeEach { Reset-Plant $plant; Set-VteWatermark -Site Oslo -Timestamp 2024-01-01 -Reason first }
    AfterAll { Exit-Plant $plant }

    It 'asks before it forgets, and so forgets nothing where nobody can answer' {
        $asked = Invoke-PowerShell '-Command', "try { Reset-VteWatermark -Site Oslo -Reason unasked } catch { 'asked'; exit 3 }"
        $asked.ExitCode | Should -Be 3
        (Get-VteWatermark -Site Oslo).Timestamp | Should -Be ([datetime]'2024-01-01')
    }

    It 'changes nothing with -WhatIf' {
        Reset-VteWatermark -Site Oslo -Reason no -WhatIf
        (Get-VteWatermark -Site Oslo).Timestamp | Should -Be ([datetime]'2024-01-01')
    }

    It 'forgets the place, so that a sync needs a start again, and keeps the history' {
        Reset-VteWatermark -Site Oslo -Reason 'moved to another server' -Confirm:$false
        { Get-VteWatermark -Site Oslo } | Should -Throw -ErrorId 'VteWats.WatermarkMissing*'
        (Get-VteWatermark -Site Oslo -History)[-1].Why | Should -Match 'moved to another server'
    }

    It 'wants a reason, and one site' {
        (Get-Command Reset-VteWatermark).Parameters['Reason'].Attributes.Where({ $_ -is [Parameter] }).Mandatory | Should -BeTrue
        { Reset-VteWatermark -Site '' -Reason x -Confirm:$false } | Should -Throw -ErrorId 'VteWats.InvalidArgument*'
    }
}
