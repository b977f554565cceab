#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Test-VteWatsHealth.ps1' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
        $script = Join-Path (Split-Path (Get-ModuleManifest)) 'samples/Test-VteWatsHealth.ps1'
        function Test-Health([hashtable] $Argument = @{}) {
            $said = & $script @Argument
            [pscustomobject]@{ ExitCode = $LASTEXITCODE; Said = @($said) }
        }
    }
    BeforeEach { Reset-Plant $plant }
    AfterAll { Exit-Plant $plant }

    It 'ends with 0 and a line with what graphs are made of when all is well' {
        $null = Sync-Plant
        $end = Test-Health
        $end.ExitCode | Should -Be 0
        $end.Said | Should -Be "VteWats HEALTHY: 1 healthy | 'Oslo lag'=0s"
    }

    It 'ends with 1 when a site is degraded, with a line for each reason' {
        $end = Test-Health
        $end.ExitCode | Should -Be 1
        $end.Said[1] | Should -Match '^Oslo: Degraded NeverSynced: '
    }

    It 'ends with 2 when a site is unhealthy' {
        $null = New-Item -ItemType Directory $plant.State -Force
        Set-Content (Join-Path $plant.State 'state.db') ('x' * 9000)
        $end = Test-Health
        $end.ExitCode | Should -Be 2
        $end.Said[0] | Should -Match '^VteWats UNHEALTHY'
    }

    It 'ends with 3 when there is nothing to judge' {
        $end = Test-Health @{ Site = 'Nowhere' }
        $end.ExitCode | Should -Be 3
        $end.Said | Should -Match '^VteWats UNKNOWN: VteWats\.ConfigurationInvalid'
        $end = Invoke-PowerShell '-File', $script, '-ConfigurationPath', (Join-Path $TestDrive 'none.json')
        $end.ExitCode | Should -Be 3
    }
}
