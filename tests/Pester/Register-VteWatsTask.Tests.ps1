#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Register-VteWatsTask' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive
    }

    AfterAll { Exit-Plant $plant }

    It 'shows with -WhatIf what it would write' {
        $folder = Join-Path $TestDrive 'units'
        $files = @(Register-VteWatsTask -Site Oslo -Program /opt/vtewats/VteWatsAdapter -OutputFolder $folder -WhatIf)
        $files.Count | Should -BeGreaterThan 0
        $files.Content -join '' | Should -Match 'VteWatsAdapter'
        $folder | Should -Not -Exist
    }

    It 'writes the files to look at or to copy elsewhere' {
        $folder = Join-Path $TestDrive 'written'
        Register-VteWatsTask -Site Oslo -IntervalMinutes 10 -Program /opt/vtewats/VteWatsAdapter -OutputFolder $folder | ForEach-Object { $_.Path | Should -Exist }
    }

    It 'takes no interval of no minutes' {
        { Register-VteWatsTask -Site Oslo -IntervalMinutes 0 } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }
}
