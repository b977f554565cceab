#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Test-VteWatsConfiguration' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive
    }

    AfterAll { Exit-Plant $plant }

    It 'finds nothing wrong in a good file' {
        Test-VteWatsConfiguration | Where-Object Severity -eq 'Error' | Should -BeNullOrEmpty
    }

    It 'lists everything that is wrong, with its place' {
        $broken = Join-Path $TestDrive 'broken.json'
        '{ "sites": { "Oslo": { "timeZone": "Europe/Atlantis", "colour": "red" } } }' | Set-Content $broken
        $findings = @(Test-VteWatsConfiguration -ConfigurationPath $broken)
        "$($findings.Path)" | Should -Match 'timeZone'
        "$($findings.Path)" | Should -Match 'colour'
    }
}
