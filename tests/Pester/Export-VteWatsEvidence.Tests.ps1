#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Export-VteWatsEvidence' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
        $null = Sync-Plant
        $page = Join-Path $TestDrive 'evidence.html'
    }
    AfterAll { Exit-Plant $plant }

    It 'writes a page and its data, and says what they came to' {
        $summary = Export-VteWatsEvidence -Site Oslo -Since 2000-01-01 -Path $page -Seed 4
        $summary.Runs | Should -Be $plant.Runs
        $summary.Missing, $summary.Inaccurate | Should -Be 0, 0
        $summary.Seed | Should -Be 4
        Get-Content $page -Raw | Should -BeLike "*$($summary.Hash)*"
        (Get-Content $summary.JsonPath -Raw | ConvertFrom-Json).accuracy.compared | Should -Be $summary.Compared
        # The sample has runs that no report can be made of.
        $summary.IsClean | Should -BeFalse
        $summary | Get-DefaultView | Should -Match 'Site\s+Clean\s+Runs\s+Missing\s+Compared\s+Inaccurate\s+Open\s+Page'
    }

    It 'leaves what is there alone without -Force, and writes nothing with -WhatIf' {
        { Export-VteWatsEvidence -Site Oslo -Since 2000-01-01 -Path $page } | Should -Throw -ErrorId 'VteWats.FileExists,*'
        Export-VteWatsEvidence -Site Oslo -Since 2000-01-01 -Path (Join-Path $TestDrive 'none.html') -WhatIf | Should -BeNullOrEmpty
        Join-Path $TestDrive 'none.html' | Should -Not -Exist
        { Export-VteWatsEvidence -Site Oslo -Since 2000-01-01 -Path x.json } | Should -Throw -ErrorId 'VteWats.InvalidArgument,*'
    }
}
