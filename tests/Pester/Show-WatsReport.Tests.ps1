#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Show-WatsReport' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive
        $reports = @(Get-VteTestRun -Site Oslo -Result Passed -First 2 | ConvertTo-WatsReport)
    }
    AfterAll { Exit-Plant $plant }

    It 'writes one page of all reports that needs no network' {
        $path = Join-Path $TestDrive 'page.html'
        ($reports | Show-WatsReport $path).FullName | Should -Be $path
        $page = Get-Content $path -Raw
        $reports.Id | ForEach-Object { $page | Should -Match "$_" }
        $page | Should -Not -Match '(src|href)="https?:'
    }

    It 'writes nothing with -WhatIf' {
        $path = Join-Path $TestDrive 'none.html'
        $reports | Show-WatsReport $path -WhatIf
        $path | Should -Not -Exist
    }

    It 'tells what is not a report and shows the others' {
        $path = Join-Path $TestDrive 'some.html'
        $reports[0], (Get-Date) | Show-WatsReport $path -ErrorVariable refused -ErrorAction SilentlyContinue | Should -HaveCount 1
        $refused[0].FullyQualifiedErrorId | Should -BeLike 'VteWats.WatsReportInvalid,*'
    }
}
