#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Test-WatsReport' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive
    }

    AfterAll { Exit-Plant $plant }

    It 'finds nothing in a report of ours' {
        Get-VteTestRun -Site Oslo -Result Passed -First 3 | ConvertTo-WatsReport | Test-WatsReport | Should -BeNullOrEmpty
    }

    It 'names the rule and the place of what is wrong' {
        $report = Get-VteTestRun -Site Oslo -Result Passed -First 1 | ConvertTo-WatsReport
        $path = ($report | Export-WatsReport -Path (Join-Path $TestDrive 'wrong')).FullName
        $wsjf = Get-Content $path -Raw | ConvertFrom-Json -AsHashtable
        $wsjf.Remove('sn')
        $wsjf | ConvertTo-Json -Depth 50 | Set-Content $path
        $finding = @(Test-WatsReport -Path $path)[0]
        $finding.Severity | Should -Be 'Error'
        $finding.Message | Should -Match 'sn'
        Test-WatsReport -Path $path -Quiet | Should -BeFalse
    }

    It 'answers yes or no with -Quiet' {
        Get-VteTestRun -Site Oslo -Result Passed -First 1 | ConvertTo-WatsReport | Test-WatsReport -Quiet | Should -BeTrue
    }
}
