#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Get-VteWatsAlert' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
    }
    BeforeEach { Reset-Plant $plant }
    AfterAll { Exit-Plant $plant }

    It 'has nothing where nothing is wrong' {
        Get-VteWatsAlert -All | Should -BeNullOrEmpty
        $null = Sync-Plant
        Get-VteWatsAlert | Should -BeNullOrEmpty
    }

    It 'has what is wrong, and keeps it when it is over' {
        Add-SandboxFault $plant @{ kind = 'Status'; status = 401 }
        $null = Sync-Plant
        $open = @(Get-VteWatsAlert -Site Oslo)
        $open.Condition | Should -Contain 'SyncFails'
        $open[0].ResolvedAt | Should -BeNullOrEmpty
        $open | Get-DefaultView | Should -Match 'Site\s+Condition\s+State\s+Since\s+Told\s+Over'
        Reset-PlantFaults $plant
        $null = Sync-Plant
        Get-VteWatsAlert | Where-Object Condition -eq SyncFails | Should -BeNullOrEmpty
        $over = Get-VteWatsAlert -All | Where-Object Condition -eq SyncFails
        $over.ResolvedAt | Should -Not -BeNullOrEmpty
    }
}
