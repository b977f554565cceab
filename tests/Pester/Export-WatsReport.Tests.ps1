#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Export-WatsReport' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive
    }

    AfterAll { Exit-Plant $plant }

    It 'writes a file a report, named by its run' {
        $folder = Join-Path $TestDrive 'reports'
        $reports = @(Get-VteTestRun -Site Oslo -Result Passed -First 3 | ConvertTo-WatsReport)
        $files = $reports | Export-WatsReport -Path $folder
        $files | Should -HaveCount 3
        $files.BaseName | Sort-Object | Should -Be ($reports.Id | ForEach-Object ToString | Sort-Object)
        (Get-Content $files[0] -Raw | ConvertFrom-Json).type | Should -Be 'T'
    }

    It 'writes nothing with -WhatIf' {
        $folder = Join-Path $TestDrive 'none'
        Get-VteTestRun -Site Oslo -Result Passed -First 1 | ConvertTo-WatsReport | Export-WatsReport -Path $folder -WhatIf
        $folder | Should -Not -Exist
    }
}
