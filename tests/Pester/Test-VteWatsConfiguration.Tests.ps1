#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Test-VteWatsConfiguration' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive
    }
    AfterAll { Exit-Plant $plant }

    It 'finds nothing wrong in a good file' {
        Test-VteWatsConfiguration | Should -BeNullOrEmpty
    }

    It 'lists everything that is wrong, with its place, and ends well' {
        $broken = New-ChangedConfiguration $plant { $_.sites.Oslo.timeZone = 'Europe/Atlantis'; $_.sites.Oslo.colour = 'red' }
        $findings = @(Test-VteWatsConfiguration -ConfigurationPath $broken -ErrorAction Stop)
        $findings.Path | Should -Contain '$.sites.Oslo.timeZone'
        $findings.Path | Should -Contain '$.sites.Oslo.colour'
        $findings | Get-DefaultView | Should -Match 'Severity\s+Path\s+Message'
    }

    It 'tries the references to secrets without showing what they hold' {
        $without = New-ChangedConfiguration $plant { $_.wats.token = 'env:VTEWATS_PESTER_NO_SUCH' }
        (Test-VteWatsConfiguration -ConfigurationPath $without).Message | Should -Match 'VTEWATS_PESTER_NO_SUCH'
        Test-VteWatsConfiguration -Verbose -Debug *>&1 | Get-DefaultView | Should -Not -Match $env:VTEWATS_PESTER_TOKEN
    }

    It 'tells when there is no file' {
        { Test-VteWatsConfiguration -ConfigurationPath (Join-Path $TestDrive 'no.json') } | Should -Throw -ErrorId 'VteWats.ConfigurationInvalid*'
    }
}
