#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Test-WatsReport' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive
        $reports = @(Get-VteTestRun -Site Oslo -Result Passed -First 3 | ConvertTo-WatsReport)
        $path = ($reports[0] | Export-WatsReport (Join-Path $TestDrive 'wrong')).FullName
        (Get-Content $path -Raw) -replace '"sn":"[^"]*",' | Set-Content $path
    }
    AfterAll { Exit-Plant $plant }

    It 'finds nothing in reports of ours' {
        $reports | Test-WatsReport | Should -BeNullOrEmpty
        $reports | Test-WatsReport -Quiet | Should -Be $true, $true, $true
    }

    It 'names the rule, the file and the place of what is wrong' {
        $finding = @(Test-WatsReport -Path $path)[0]
        $finding.Severity | Should -Be 'Error'
        $finding.Message | Should -Match 'sn'
        $finding.Report | Should -Be $path
        $finding | Get-DefaultView | Should -Match 'Severity\s+Report\s+Finding'
    }

    It 'takes files and text from the pipeline' {
        Get-Item $path | Test-WatsReport -Quiet | Should -BeFalse
        Get-Content $path -Raw | Test-WatsReport -Quiet | Should -BeFalse
    }

    It 'chooses among files with Where-Object' {
        $folder = Split-Path $path
        $null = $reports[1, 2] | Export-WatsReport $folder
        (Get-ChildItem $folder | Where-Object { Test-WatsReport -Path $_ -Quiet }).BaseName | Sort-Object | Should -Be ($reports[1, 2].Id | ForEach-Object ToString | Sort-Object)
    }

    It 'refuses a report that was serialised on the way, and says why' {
        $xml = Join-Path $TestDrive 'report.xml'
        $reports[0] | Export-Clixml $xml
        { Import-Clixml $xml | Test-WatsReport -ErrorAction Stop } | Should -Throw '*serialised*' -ErrorId 'VteWats.WatsReportInvalid*'
    }
}
