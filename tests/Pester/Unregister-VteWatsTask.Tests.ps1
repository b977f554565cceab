#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Unregister-VteWatsTask' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive
    }

    AfterAll { Exit-Plant $plant }

    It 'tells that a task is not registered' {
        { Unregister-VteWatsTask -Name "VteWats-$(New-Guid)" -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'VteWats.*'
    }

    It 'does nothing with -WhatIf' {
        { Unregister-VteWatsTask -Name "VteWats-$(New-Guid)" -WhatIf -ErrorAction SilentlyContinue } | Should -Not -Throw
    }
}
