#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Remove-VteDeadLetter' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
    }
    BeforeEach { Reset-Plant $plant; $null = Sync-Plant; $letters = @(Get-VteDeadLetter) }
    AfterAll { Exit-Plant $plant }

    It 'asks before it removes, and so removes nothing where nobody can answer' {
        $asked = Invoke-PowerShell '-Command', "try { Get-VteDeadLetter | Remove-VteDeadLetter -ErrorAction Stop } catch { 'asked'; exit 3 }"
        $asked.ExitCode | Should -Be 3
        Get-VteDeadLetter | Should -HaveCount $letters.Count
    }

    It 'removes nothing with -WhatIf' {
        $letters | Remove-VteDeadLetter -WhatIf
        Get-VteDeadLetter | Should -HaveCount $letters.Count
    }

    It 'removes chosen letters, also after a trip through a CSV file' {
        $csv = Join-Path $TestDrive 'letters.csv'
        $letters | Select-Object -First 2 -Property Site, RunId, SerialNumber | Export-Csv $csv
        Import-Csv $csv | Remove-VteDeadLetter -Confirm:$false
        (Get-VteDeadLetter).RunId | Should -Be ($letters | Select-Object -Skip 2).RunId
    }

    It 'tells of a letter that is not there' {
        { Remove-VteDeadLetter -Site Oslo -RunId (New-Guid) -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'VteWats.DeadLetterMissing*'
    }
}
