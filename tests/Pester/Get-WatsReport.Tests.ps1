#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Get-WatsReport' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
        $reports = @(Get-VteTestRun -Site Oslo -Result Passed -First 5 | ConvertTo-WatsReport)
        $receipts = @($reports | Send-WatsReport)
    }
    AfterAll { Exit-Plant $plant }

    It 'fetches what receipts and headers name' {
        ($receipts | Get-WatsReport).Sn | Should -Be $reports.Sn
        (Find-WatsReport -First 2 | Get-WatsReport) | Should -HaveCount 2
    }

    It 'takes ids as text and from a CSV file' {
        $csv = Join-Path $TestDrive 'receipts.csv'
        $receipts | Select-Object RunId, State | Export-Csv $csv
        (Import-Csv $csv | Get-WatsReport).Id | Should -Be $reports.Id
        ("$($reports[0].Id)" | Get-WatsReport).Id | Should -Be $reports[0].Id
    }

    It 'tells of a report that is not there, and goes on' {
        Get-WatsReport (New-Guid), $reports[0].Id -ErrorVariable missing -ErrorAction SilentlyContinue | ForEach-Object Sn | Should -Be $reports[0].Sn
        $missing[0].FullyQualifiedErrorId | Should -BeLike 'VteWats.WatsNotFound,*'
        $missing[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }

    It 'shows a table' {
        Get-WatsReport $reports[0].Id | Get-DefaultView | Should -Match 'Site time\s+Result\s+Serial number\s+Part number\s+Operation\s+Steps\s+Notes\s+Id'
    }
}
