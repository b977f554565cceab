#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Remove-VteDeadLetter' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive -Sandbox
        $receipts = @(Get-VteTestRun -Site Oslo | ConvertTo-WatsReport -ErrorAction SilentlyContinue | Send-WatsReport)
    }

    AfterAll { Exit-Plant $plant }

    It 'asks before it removes' {
        (Get-Command Remove-VteDeadLetter).ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false).ConfirmImpact | Should -Be 'High'
    }

    It 'removes nothing with -WhatIf' {
        $before = @(Get-VteDeadLetter -Site Oslo).Count
        Get-VteDeadLetter -Site Oslo | Remove-VteDeadLetter -WhatIf
        @(Get-VteDeadLetter -Site Oslo).Count | Should -Be $before
    }

    It 'removes the letters of the pipeline' {
        Get-VteDeadLetter -Site Oslo | Remove-VteDeadLetter -Confirm:$false
        Get-VteDeadLetter -Site Oslo | Should -BeNullOrEmpty
    }
}
