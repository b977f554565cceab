#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Reset-VteWatermark' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive
        Set-VteWatermark -Site Oslo -Timestamp '2024-01-01' -Reason 'first'
    }

    AfterAll { Exit-Plant $plant }

    It 'asks before it forgets' {
        (Get-Command Reset-VteWatermark).ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false).ConfirmImpact | Should -Be 'High'
    }

    It 'changes nothing with -WhatIf' {
        Reset-VteWatermark -Site Oslo -Reason 'no' -WhatIf
        (Get-VteWatermark -Site Oslo).Timestamp | Should -Be ([datetime]'2024-01-01')
    }

    It 'forgets the position, so that a sync needs a start again' {
        Reset-VteWatermark -Site Oslo -Reason 'moved to another server' -Confirm:$false
        { Get-VteWatermark -Site Oslo | Get-VteTestRun } | Should -Throw -ErrorId 'VteWats.*'
    }
}
