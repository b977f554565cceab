#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Get-VteWatsStatus' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
    }
    BeforeEach { Reset-Plant $plant }
    AfterAll { Exit-Plant $plant }

    It 'shows a site that never synced' {
        $status = Get-VteWatsStatus
        $status.Site | Should -Be 'Oslo'
        $status.LastAttempt | Should -BeNullOrEmpty
    }

    It 'shows what a sync left, also one that could not begin' {
        $summary = Sync-Plant
        $status = Get-VteWatsStatus -Site Oslo
        $status.Result | Should -Be $summary.Result
        $status.Uploaded | Should -Be $summary.Uploaded
        $status.Letters | Should -Be $summary.LettersWaiting
        $status.Stages.Stage | Should -Be 'Source', 'Map', 'Send', 'Confirm'
        $status | Get-DefaultView | Should -Match 'Site\s+Result\s+Last success\s+Lag'
        $without = New-ChangedConfiguration $plant { $_.sites.Oslo.connection.userName = 'vte'; $_.sites.Oslo.connection.password = 'env:VTEWATS_NOT_THERE' }
        $null = Invoke-VteWatsSync -Site * -ConfigurationPath $without -ErrorAction Ignore
        (Get-VteWatsStatus -Site Oslo).ErrorId | Should -Be 'VteWats.SecretUnavailable'
    }

    It 'takes sites from the pipeline' {
        'Oslo' | Get-VteWatsStatus | ForEach-Object Site | Should -Be 'Oslo'
    }
}
