#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Import-WatsReport' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive
        $folder = Join-Path $TestDrive 'reports'
        $reports = @(Get-VteTestRun -Site Oslo -Result Passed -First 3 | ConvertTo-WatsReport)
        $reports | Export-WatsReport -Path $folder | Out-Null
    }

    AfterAll { Exit-Plant $plant }

    It 'reads what was written' {
        (Import-WatsReport -Path (Join-Path $folder '*.wsjf')).Id | Sort-Object | Should -Be ($reports.Id | Sort-Object)
    }

    It 'takes files from the pipeline' {
        (Get-ChildItem $folder | Import-WatsReport) | Should -HaveCount 3
    }

    It 'tells which file is no report, and reads the others' {
        Set-Content (Join-Path $folder 'broken.wsjf') '{ "type": '
        $read = @(Get-ChildItem $folder | Import-WatsReport -ErrorVariable broken -ErrorAction SilentlyContinue)
        $read | Should -HaveCount 3
        $broken[0].FullyQualifiedErrorId | Should -BeLike 'VteWats.*'
        $broken[0].ToString() | Should -Match 'broken.wsjf'
    }
}
