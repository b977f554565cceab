#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Get-WatsReport' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive -Sandbox
        $reports = @(Get-VteTestRun -Site Oslo -Result Passed -First 5 | ConvertTo-WatsReport)
        $reports | Send-WatsReport | Out-Null
    }

    AfterAll { Exit-Plant $plant }

    It 'fetches what was sent' {
        (Get-WatsReport -Id $reports[0].Id).Sn | Should -Be $reports[0].Sn
    }

    It 'takes receipts and headers from the pipeline' {
        (Find-WatsReport -First 2 | Get-WatsReport) | Should -HaveCount 2
    }

    It 'tells of a report that is not there' {
        Get-WatsReport -Id (New-Guid) -ErrorVariable missing -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $missing[0].FullyQualifiedErrorId | Should -BeLike 'VteWats.WatsNotFound*'
    }
}
