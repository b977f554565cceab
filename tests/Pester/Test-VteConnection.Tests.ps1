#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Test-VteConnection' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive
    }
    AfterAll { Exit-Plant $plant }

    It 'tells what it has connected to' {
        $report = Test-VteConnection -Site Oslo
        $report.Provider | Should -Be 'Sqlite'
        $report.Readable | Should -Contain 'IndexData'
        $report | Get-DefaultView | Should -Match 'Site\s+Server\s+Database\s+Version\s+Readable'
    }

    It 'takes the name of a site from an object' {
        ([pscustomobject]@{ Site = 'Oslo' } | Test-VteConnection).Site | Should -Be 'Oslo'
    }

    It 'tells of a database that is not there, and what to do' {
        $failure = { Test-VteConnection -DatabasePath (Join-Path $TestDrive 'no.db') } | Should -Throw -ErrorId 'VteWats.SqlUnreachable*' -PassThru
        $failure.CategoryInfo.Category | Should -Be 'ConnectionError'
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        Join-Path $TestDrive 'no.db' | Should -Not -Exist
    }

    It 'tries the other sites when one of several cannot be reached' {
        $two = New-ChangedConfiguration $plant { $_.sites.Bergen = $_.sites.Oslo.Clone(); $_.sites.Bergen.connection = @{ path = 'no.db' } }
        (Test-VteConnection -Site * -ConfigurationPath $two -ErrorVariable failed -ErrorAction SilentlyContinue).Site | Should -Be 'Oslo'
        $failed | ForEach-Object FullyQualifiedErrorId | Should -BeLike 'VteWats.SqlUnreachable,*'
    }
}
