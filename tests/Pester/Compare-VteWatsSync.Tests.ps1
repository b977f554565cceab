#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Compare-VteWatsSync' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive -Sandbox
        Get-VteTestRun -Site Oslo -Result Passed -First 30 | ConvertTo-WatsReport -ErrorAction SilentlyContinue | Send-WatsReport | Out-Null
    }

    AfterAll { Exit-Plant $plant }

    It 'lists the runs that WATS does not have' {
        $missing = @(Compare-VteWatsSync -Site Oslo -Since 2000-01-01)
        $missing.Count | Should -Be (100 - @(Find-WatsReport).Count)
    }

    It 'sends nothing with -WhatIf' {
        $before = @(Find-WatsReport).Count
        Compare-VteWatsSync -Site Oslo -Since 2000-01-01 -Repair -WhatIf -ErrorAction SilentlyContinue | Out-Null
        @(Find-WatsReport).Count | Should -Be $before
    }

    It 'sends what is missing with -Repair' {
        Compare-VteWatsSync -Site Oslo -Since 2000-01-01 -Repair -ErrorAction SilentlyContinue | Out-Null
        @(Find-WatsReport).Count + @(Get-VteDeadLetter -Site Oslo).Count | Should -Be 100
    }
}
