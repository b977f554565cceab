#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Get-VteWatsHealth' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
    }
    BeforeEach { Reset-Plant $plant }
    AfterAll { Exit-Plant $plant }

    It 'says that nothing has run yet' {
        $health = Get-VteWatsHealth
        $health.State | Should -Be 'Degraded'
        $health.Reasons.Condition | Should -Be 'NeverSynced'
    }

    It 'is healthy after a sync, and says what is wrong after one that failed' {
        $null = Sync-Plant
        (Get-VteWatsHealth -Site Oslo).State | Should -Be 'Healthy'
        Add-SandboxFault $plant @{ kind = 'Status'; status = 401 }
        $null = Sync-Plant
        $health = Get-VteWatsHealth -Site Oslo
        $health.Reasons.Condition | Should -Contain 'SyncFails'
        $health.Reasons[0].Advice | Should -Not -BeNullOrEmpty
        $health | Get-DefaultView | Should -Match 'Site\s+State\s+Lag\s+Last success\s+Reasons'
    }

    It 'takes limits from the configuration' {
        $null = Sync-Plant
        $full = New-ChangedConfiguration $plant { $_.health = @{ diskMegabytes = 10000000 }; $_.wats.tokenExpires = '2020-01-31' }
        (Get-VteWatsHealth -ConfigurationPath $full).Reasons.Condition | Sort-Object | Should -Be 'Disk', 'TokenExpires'
    }
}
