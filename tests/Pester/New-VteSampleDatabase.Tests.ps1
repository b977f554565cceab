#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'New-VteSampleDatabase' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive
    }
    BeforeEach { $path = Join-Path $TestDrive "$(New-Guid).db" }
    AfterAll { Exit-Plant $plant }

    It 'makes the same database of the same seed' {
        $hashes = foreach ($name in 'a.db', 'b.db') {
            $null = New-VteSampleDatabase (Join-Path $TestDrive $name) -Runs 20 -Seed 3 -Until '2024-06-01T12:00:00Z'
            (Get-VteTestRun -DatabasePath (Join-Path $TestDrive $name) -TimeZone Europe/Oslo).ContentHash -join ' '
        }
        $hashes[0] | Should -Be $hashes[1]
    }

    It 'tells what it has made, with the runs that no report can be made of' {
        $summary = New-VteSampleDatabase $path -Runs 40
        $summary | Get-DefaultView | Should -Match 'Runs\s+Units\s+Steps\s+First\s+Last\s+Not mappable\s+Database'
        Get-VteTestRun -DatabasePath $path -TimeZone $summary.TimeZone -SettleSeconds 0 | ConvertTo-WatsReport -ProcessCode 10 -ErrorVariable refused -ErrorAction SilentlyContinue | Out-Null
        $refused.TargetObject | Sort-Object | Should -Be ($summary.Unmappable.Id | Sort-Object)
    }

    It 'replaces a file only with -Force' {
        Set-Content $path 'mine'
        $failure = { New-VteSampleDatabase $path -Runs 5 } | Should -Throw -ErrorId 'VteWats.FileExists*' -PassThru
        $failure.CategoryInfo.Category, $failure.TargetObject | Should -Be 'ResourceExists', $path
        Get-Content $path | Should -Be 'mine'
        (New-VteSampleDatabase $path -Runs 5 -Force).Runs | Should -Be 5
    }

    It 'writes nothing with -WhatIf' {
        New-VteSampleDatabase $path -WhatIf
        $path | Should -Not -Exist
    }
}
