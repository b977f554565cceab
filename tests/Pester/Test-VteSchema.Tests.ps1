#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Test-VteSchema' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive
    }

    AfterAll { Exit-Plant $plant }

    It 'finds nothing that is needed in the sample' {
        Test-VteSchema -Site Oslo | Where-Object Severity -eq 'Error' | Should -BeNullOrEmpty
    }

    It 'names what is missing and what to write' {
        $configuration = Get-Content $plant.Configuration -Raw | ConvertFrom-Json -AsHashtable
        $configuration.sites.Oslo.schemaProfile = @{ tables = @{ IndexData = 'IndexDate' } }
        $path = Join-Path $TestDrive 'renamed.json'
        $configuration | ConvertTo-Json -Depth 8 | Set-Content $path
        $finding = Test-VteSchema -Site Oslo -ConfigurationPath $path | Where-Object Kind -eq 'MissingNeeded' | Select-Object -First 1
        $finding.Physical | Should -Match 'IndexDate'
        $finding.Suggestions | Should -Contain 'IndexData'
        $finding.Fix | Should -Match 'schemaProfile'
    }
}
