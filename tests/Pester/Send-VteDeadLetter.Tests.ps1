#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Send-VteDeadLetter' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive -Sandbox
        $receipts = @(Get-VteTestRun -Site Oslo | ConvertTo-WatsReport -ErrorAction SilentlyContinue | Send-WatsReport)
    }

    AfterAll { Exit-Plant $plant }

    It 'sends nothing with -WhatIf' {
        $before = @(Get-VteDeadLetter -Site Oslo).Count
        Get-VteDeadLetter -Site Oslo | Send-VteDeadLetter -WhatIf
        @(Get-VteDeadLetter -Site Oslo).Count | Should -Be $before
    }

    It 'sends what the corrected mapping takes, and removes those letters' {
        $configuration = Get-Content $plant.Configuration -Raw | ConvertFrom-Json -AsHashtable
        $configuration.sites.Oslo.mapping.missingSerialNumber = 'NOSERIAL-{Id}'
        $configuration.sites.Oslo.mapping.resultCodes = @{ '0' = 'F'; '1' = 'P'; '2' = 'E'; '3' = 'T'; '7' = 'F' }
        $configuration | ConvertTo-Json -Depth 8 | Set-Content $plant.Configuration
        (Get-VteDeadLetter -Site Oslo | Send-VteDeadLetter).State | ForEach-Object ToString | Select-Object -Unique | Should -Be 'Uploaded'
        Get-VteDeadLetter -Site Oslo | Should -BeNullOrEmpty
    }

    It 'tells of a letter that is not there' {
        Send-VteDeadLetter -Site Oslo -RunId (New-Guid) -ErrorVariable missing -ErrorAction SilentlyContinue
        $missing[0].FullyQualifiedErrorId | Should -BeLike 'VteWats.DeadLetterMissing*'
    }
}
