#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Test-VteConnection' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive
    }

    AfterAll { Exit-Plant $plant }

    It 'tells what it has connected to' {
        $report = Test-VteConnection -Site Oslo
        $report.Provider | Should -Be 'Sqlite'
        $report.Readable | Should -Contain 'IndexData'
    }

    It 'tells of a database that is not there' {
        { Test-VteConnection -DatabasePath (Join-Path $TestDrive 'no.db') -TimeZone UTC } | Should -Throw -ErrorId 'VteWats.SqlUnreachable*'
    }

    It 'takes the name of a site from an object' {
        ([pscustomobject]@{ Site = 'Oslo' } | Test-VteConnection).Site | Should -Be 'Oslo'
    }
}
