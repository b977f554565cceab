#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'New-VteSampleDatabase' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive
    }

    AfterAll { Exit-Plant $plant }

    It 'makes the same database of the same seed' {
        $paths = 'a.db', 'b.db' | ForEach-Object { Join-Path $TestDrive $_ }
        $paths | ForEach-Object { New-VteSampleDatabase -Path $_ -Runs 20 -Seed 3 -Until '2024-06-01T12:00:00Z' | Out-Null }
        $hashes = $paths | ForEach-Object { (Get-VteTestRun -DatabasePath $_ -TimeZone Europe/Oslo).ContentHash -join ' ' }
        $hashes[0] | Should -Be $hashes[1]
    }

    It 'refuses to write over a file without -Force' {
        $path = Join-Path $TestDrive 'there.db'
        Set-Content $path 'mine'
        { New-VteSampleDatabase -Path $path -Runs 5 } | Should -Throw -ErrorId 'VteWats.FileUnusable*'
        (New-VteSampleDatabase -Path $path -Runs 5 -Force).Runs | Should -Be 5
    }

    It 'writes nothing with -WhatIf' {
        $path = Join-Path $TestDrive 'none.db'
        New-VteSampleDatabase -Path $path -WhatIf
        $path | Should -Not -Exist
    }
}
