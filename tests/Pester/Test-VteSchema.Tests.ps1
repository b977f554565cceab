#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Test-VteSchema' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive
    }
    AfterAll { Exit-Plant $plant }

    It 'finds nothing that is needed missing in the sample' {
        Test-VteSchema -Site Oslo | Where-Object Severity -EQ 'Error' | Should -BeNullOrEmpty
    }

    It 'names what is missing and what to write, and Get-VteTestRun stops there' {
        $renamed = New-ChangedConfiguration $plant { $_.sites.Oslo.schemaProfile = @{ tables = @{ IndexData = 'IndexDate' } } }
        $findings = @(Test-VteSchema -Site Oslo -ConfigurationPath $renamed | Where-Object Kind -EQ 'MissingNeeded')
        $findings[0].Physical | Should -Match 'IndexDate'
        $findings[0].Suggestions | Should -Contain 'IndexData'
        $findings[0].Fix | Should -Match 'schemaProfile'
        $findings | Get-DefaultView | Should -Match 'Severity\s+Kind\s+Physical\s+Message'
        { Get-VteTestRun -Site Oslo -ConfigurationPath $renamed } | Should -Throw -ErrorId 'VteWats.SchemaUnsupported*'
    }

    It 'takes names of sites from objects, for grouping over many of them' {
        $two = New-ChangedConfiguration $plant { $_.sites.Oslo.rows = @{ products = @('*') }; $_.sites.Bergen = $_.sites.Oslo.Clone(); $_.sites.Bergen.schemaProfile = @{ tables = @{ Products = 'Produkter' } } }
        $findings = [pscustomobject]@{ Site = 'Oslo' }, [pscustomobject]@{ Site = 'Bergen' } | Test-VteSchema -ConfigurationPath $two
        ($findings | Where-Object Severity -NE 'Information' | Group-Object Site).Name | Should -Be 'Bergen'
    }
}
