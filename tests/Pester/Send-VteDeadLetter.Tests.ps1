#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Send-VteDeadLetter' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
        $corrected = New-ChangedConfiguration $plant {
            $_.sites.Oslo.mapping.missingSerialNumber = 'NOSERIAL-{Id}'
            $_.sites.Oslo.mapping.resultCodes = @{ '0' = 'F'; '1' = 'P'; '2' = 'E'; '3' = 'T'; '7' = 'F' }
        }
    }
    BeforeEach { Reset-Plant $plant; $null = Sync-Plant; $letters = @(Get-VteDeadLetter) }
    AfterAll { Exit-Plant $plant }

    It 'sends nothing with -WhatIf' {
        $before = (Get-SandboxCount $plant).posts
        $letters | Send-VteDeadLetter -ConfigurationPath $corrected -WhatIf
        (Get-SandboxCount $plant).posts | Should -Be $before
        Get-VteDeadLetter | Should -HaveCount $letters.Count
    }

    It 'sends what the corrected mapping takes, and removes those letters' {
        $receipts = $letters | Send-VteDeadLetter -ConfigurationPath $corrected
        $receipts.State | Should -Be (@('Uploaded') * $letters.Count)
        Get-VteDeadLetter | Should -BeNullOrEmpty
        (Get-SandboxCount $plant).reports | Should -Be $plant.Runs
    }

    It 'takes letters that went through JSON, and reads their runs again with -FromSource' {
        $letters | Select-Object RunId, Site | ConvertTo-Json | ConvertFrom-Json | Send-VteDeadLetter -ConfigurationPath $corrected -FromSource | Should -HaveCount $letters.Count
        Get-VteDeadLetter | Should -BeNullOrEmpty
    }

    It 'keeps the letters of which there is still no report, and tells why' {
        $letters | Send-VteDeadLetter -ErrorVariable refused -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $refused | Should -HaveCount $letters.Count
        $refused | ForEach-Object FullyQualifiedErrorId | Should -BeLike 'VteWats.RunUnmappable,*'
        Get-VteDeadLetter | Should -HaveCount $letters.Count
    }

    It 'tells of a letter that is not there' {
        { Send-VteDeadLetter -Site Oslo -RunId (New-Guid) -ErrorAction Stop } | Should -Throw -ErrorId 'VteWats.DeadLetterMissing*'
    }
}
