#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Show-WatsReport' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive
    }

    AfterAll { Exit-Plant $plant }

    It 'writes one page of all reports that needs no network' {
        $path = Join-Path $TestDrive 'page.html'
        $reports = @(Get-VteTestRun -Site Oslo -Result Passed -First 2 | ConvertTo-WatsReport)
        ($reports | Show-WatsReport -Path $path).FullName | Should -Be (Resolve-Path $path).Path
        $page = Get-Content $path -Raw
        $reports.Id | ForEach-Object { $page | Should -Match "$_" }
        $page | Should -Not -Match '(src|href)="https?:'
    }

    It 'writes nothing with -WhatIf' {
        $path = Join-Path $TestDrive 'none.html'
        Get-VteTestRun -Site Oslo -Result Passed -First 1 | ConvertTo-WatsReport | Show-WatsReport -Path $path -WhatIf
        $path | Should -Not -Exist
    }
}
