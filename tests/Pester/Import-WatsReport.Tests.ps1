#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Import-WatsReport' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive
        $folder = Join-Path $TestDrive 'reports'
        $reports = @(Get-VteTestRun -Site Oslo -Result Passed -First 3 | ConvertTo-WatsReport)
        $null = $reports | Export-WatsReport $folder
    }
    AfterAll { Exit-Plant $plant }

    It 'reads what was written: named with wildcards, as a folder, or piped in as files' {
        (Import-WatsReport (Join-Path $folder '*.wsjf')).Id | Sort-Object | Should -Be ($reports.Id | Sort-Object)
        Import-WatsReport $folder | Should -HaveCount 3
        Get-ChildItem $folder -Filter *.wsjf | Import-WatsReport | Should -HaveCount 3
    }

    It 'gives reports that are as they were, ready for Test-WatsReport and Send-WatsReport' {
        $again = Import-WatsReport (Join-Path $folder "$($reports[0].Id).wsjf")
        $again.GetType() | Should -Be $reports[0].GetType()
        $again.Start | Should -Be $reports[0].Start
        $again.Root.Steps.Count | Should -Be $reports[0].Root.Steps.Count
        $again | Test-WatsReport | Should -BeNullOrEmpty
    }

    It 'tells which file is not a report, and reads the others' {
        $mixed = Join-Path $TestDrive 'mixed'
        Copy-Item $folder $mixed -Recurse
        Set-Content (Join-Path $mixed 'broken.wsjf') '{ "type": '
        Get-ChildItem $mixed | Import-WatsReport -ErrorVariable broken -ErrorAction SilentlyContinue | Should -HaveCount 3
        $broken | Should -HaveCount 1
        $broken[0].FullyQualifiedErrorId | Should -BeLike 'VteWats.WatsReportInvalid,*'
        $broken[0].ToString() | Should -Match 'broken\.wsjf'
    }

    It 'reads files in a folder with brackets: piped in, named letter by letter, or escaped' {
        $folder = Join-Path $TestDrive 'br[1]'
        $reports | Export-WatsReport $folder | Should -HaveCount 3
        Get-ChildItem -LiteralPath $folder | Import-WatsReport | Should -HaveCount 3
        Import-WatsReport -LiteralPath $folder | Should -HaveCount 3
        Get-ChildItem -LiteralPath $folder | ForEach-Object FullName | ForEach-Object { [WildcardPattern]::Escape($_) } | Set-Content (Join-Path $TestDrive list.txt)
        Get-Content (Join-Path $TestDrive list.txt) | Import-WatsReport | Should -HaveCount 3
        Get-ChildItem -LiteralPath $folder | Test-WatsReport -Quiet | Should -Be $true, $true, $true
    }

    It 'goes on after a path that is not there' {
        Import-WatsReport (Join-Path $TestDrive missing.wsjf), nosuch:/x, $folder -ErrorVariable missing -ErrorAction SilentlyContinue | Should -HaveCount 3
        $missing.FullyQualifiedErrorId | Should -BeLike 'VteWats.PathNotFound,*'
        $missing | Should -HaveCount 2
    }

    It 'tells of a path that is not there' {
        { Import-WatsReport (Join-Path $TestDrive 'no.wsjf') -ErrorAction Stop } | Should -Throw -ErrorId 'VteWats.PathNotFound*'
    }
}
