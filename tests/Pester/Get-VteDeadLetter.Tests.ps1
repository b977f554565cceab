#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Get-VteDeadLetter' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive -Sandbox
        $receipts = @(Get-VteTestRun -Site Oslo | ConvertTo-WatsReport -ErrorAction SilentlyContinue | Send-WatsReport)
    }

    AfterAll { Exit-Plant $plant }

    It 'shows the runs that could not be mapped' {
        $letters = @(Get-VteDeadLetter -Site Oslo)
        $letters.Count + $receipts.Count | Should -Be 100
        $letters.Stage | Select-Object -Unique | Should -Be 'Mapping'
    }

    It 'counts them by finding' {
        (Get-VteDeadLetter -Site Oslo -Count | Measure-Object -Property Count -Sum).Sum | Should -Be @(Get-VteDeadLetter -Site Oslo).Count
    }

    It 'gives runs that other cmdlets take' {
        $letter = Get-VteDeadLetter -Site Oslo | Select-Object -First 1
        ($letter | Get-VteTestRun -HeaderOnly).Id | Should -Be $letter.RunId
    }

    It 'sets a damaged letter aside and warns of it' {
        $file = Get-ChildItem (Join-Path $TestDrive 'state') -Recurse -Filter '*.json' | Where-Object FullName -Match 'dead-letters' | Select-Object -First 1
        Set-Content $file.FullName '{ "half'
        Get-VteDeadLetter -Site Oslo -WarningVariable warned -WarningAction SilentlyContinue | Out-Null
        "$warned" | Should -Match $file.BaseName
    }
}
