#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Compare-WatsReport' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
        $reports = @(Get-VteTestRun -Site Oslo -First 5 | ConvertTo-WatsReport -ErrorAction Ignore)
        $reports | Send-WatsReport | Out-Null
    }
    AfterAll { Exit-Plant $plant }

    It 'emits nothing for what is in WATS as it should be, be it given as report or as run' {
        $reports | Compare-WatsReport | Should -BeNullOrEmpty
        $reports.Source | Compare-WatsReport | Should -BeNullOrEmpty
        Compare-WatsReport $reports | Should -BeNullOrEmpty
        @(Compare-WatsReport (Get-VteTestRun -Site Oslo -NewestFirst -First 3)) | Should -HaveCount 3
    }

    It 'names what differs by its path' {
        $folder = Join-Path $TestDrive 'changed'
        $file = $reports[0] | Export-WatsReport $folder
        (Get-Content $file -Raw) -replace '"machineName":"[^"]*"', '"machineName":"ELSEWHERE"' | Set-Content $file
        $difference = Import-WatsReport $file | Compare-WatsReport
        $difference | Should -HaveCount 1
        $difference.Path | Should -BeLike '*machineName*'
        $difference.Expected | Should -Be 'ELSEWHERE'
        $difference | Get-DefaultView | Should -Match 'Kind\s+Serial number\s+Path\s+Expected\s+Actual'
    }

    It 'tells reports that are not in WATS' {
        Get-VteTestRun -Site Oslo -NewestFirst -First 2 | Compare-WatsReport | Select-Object -ExpandProperty Kind -Unique | Should -Be 'Missing'
    }

    It 'says what it takes when it gets something else' {
        $failure = { 'text' | Compare-WatsReport } | Should -Throw -ErrorId 'VteWats.InvalidArgument*' -PassThru
        $failure.ErrorDetails.RecommendedAction | Should -Match 'Get-VteTestRun'
    }
}
