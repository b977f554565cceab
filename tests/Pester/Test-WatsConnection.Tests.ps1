#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Test-WatsConnection' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
    }
    BeforeEach { Reset-Plant $plant }
    AfterAll { Exit-Plant $plant }

    It 'says that the token may do all, and leaves no report behind' {
        $report = Test-WatsConnection
        $report.MaySubmit, $report.MayReadHeaders, $report.MayReadProcesses, $report.IsSufficient | Should -Be $true, $true, $true, $true
        $report.Version | Should -Not -BeNullOrEmpty
        @(Get-SandboxReport $plant).Count | Should -Be 0
        $report | Get-DefaultView | Should -Match 'Server\s+Version\s+May submit\s+May read headers\s+May read operations'
    }

    It 'says that a wrong token may nothing' {
        $env:VTEWATS_PESTER_WRONG = 'bm9ib2R5Om5vYm9keQ=='
        $report = Test-WatsConnection -TokenReference env:VTEWATS_PESTER_WRONG
        $report.MaySubmit, $report.MayReadHeaders, $report.MayReadProcesses | Should -Be $false, $false, $false
        $report.Rights.Advice | Should -Not -Contain ''
    }

    It 'says that a token may read and not submit' {
        Add-SandboxFault $plant @{ kind = 'Status'; status = 403; method = 'POST' }
        $report = Test-WatsConnection
        $report.MaySubmit, $report.MayReadHeaders, $report.IsSufficient | Should -Be $false, $true, $false
    }

    It 'cannot say where the server is in trouble, and is an error where it is not there' {
        Add-SandboxFault $plant @{ kind = 'Status'; status = 503; path = 'Report' }
        (Test-WatsConnection).MaySubmit | Should -BeNullOrEmpty
        { Test-WatsConnection -BaseUrl http://127.0.0.1:9 -TokenReference env:VTEWATS_PESTER_TOKEN } | Should -Throw -ErrorId 'VteWats.WatsUnreachable*'
    }
}
