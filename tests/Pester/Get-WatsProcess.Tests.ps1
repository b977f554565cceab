#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Get-WatsProcess' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
    }
    AfterAll { Exit-Plant $plant }

    It 'lists the active test operations, and all with -All' {
        (Get-WatsProcess).Code | Should -Contain 100
        (Get-WatsProcess).Code | Should -Not -Contain 120
        (Get-WatsProcess -All).Code | Should -Contain 500
    }

    It 'can be filtered and written as JSON' {
        (Get-WatsProcess -All | Where-Object IsRepairOperation | ConvertTo-Json | ConvertFrom-Json).Name | Should -Contain 'Repair'
    }

    It 'is refused without the right token, which no stream shows' {
        $failure = { Get-WatsProcess -Token (ConvertTo-SecureString 'wr0ng-t0ken' -AsPlainText) -Verbose -Debug *>&1 } | Should -Throw -ErrorId 'VteWats.WatsUnauthorized*' -PassThru
        $failure.ErrorDetails.RecommendedAction | Should -Match 'token'
        $failure | Format-List * -Force | Get-DefaultView | Should -Not -Match 'wr0ng-t0ken'
    }

    It 'tells that nothing answers' {
        $unreachable = New-ChangedConfiguration $plant { $_.wats.baseUrl = 'http://127.0.0.1:9'; $_.wats.maxAttempts = 1 }
        $failure = { Get-WatsProcess -ConfigurationPath $unreachable } | Should -Throw -ErrorId 'VteWats.WatsUnreachable*' -PassThru
        $failure.CategoryInfo.Category | Should -Be 'ConnectionError'
    }

    It 'shows a table' {
        Get-WatsProcess | Get-DefaultView | Should -Match 'Code\s+Name\s+Test\s+Repair\s+WIP\s+Active'
    }
}
