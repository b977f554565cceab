#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Get-VteWatsConfiguration' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive
    }
    AfterAll { Exit-Plant $plant }

    It 'is read with its sites, and holds no secret' {
        $configuration = Get-VteWatsConfiguration
        $configuration.Sites.Keys | Should -Be 'Oslo'
        $configuration.Wats.Token | Should -Be 'env:VTEWATS_PESTER_TOKEN'
        $configuration | Format-List | Get-DefaultView | Should -Match 'Oslo'
    }

    It 'takes names of sites from the pipeline, with wildcards' {
        ('Oslo' | Get-VteWatsConfiguration).TimeZone | Should -Be 'Europe/Oslo'
        [pscustomobject]@{ Site = 'o*' } | Get-VteWatsConfiguration | Get-DefaultView | Should -Match 'Name\s+Time zone\s+Database'
    }

    It 'names the sites that there are when it is asked for another' {
        $failure = { Get-VteWatsConfiguration Osllo } | Should -Throw -ErrorId 'VteWats.ConfigurationInvalid*' -PassThru
        "$failure $($failure.ErrorDetails.RecommendedAction)" | Should -Match "\bOslo\b"
    }

    It 'is refused with all findings when it holds unknown keys' {
        $broken = New-ChangedConfiguration $plant { $_.colour = 'red'; $_.sync = @{ speed = 1 } }
        $failure = { Get-VteWatsConfiguration -ConfigurationPath $broken } | Should -Throw -ErrorId 'VteWats.ConfigurationInvalid*' -PassThru
        $failure.ToString() | Should -Match 'colour'
        $failure.ToString() | Should -Match 'speed'
    }

    It 'offers the sites of the named file on Tab' {
        $other = New-ChangedConfiguration $plant { $_.sites['New York'] = $_.sites.Oslo.Clone(); $_.sites['New York'].connection = @{ path = 'other.db' } }
        Get-Completion "Get-VteWatsConfiguration -ConfigurationPath '$other' -Site " | Should -Be "'New York'", 'Oslo'
    }
}
