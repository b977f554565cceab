#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Get-VteWatsLog' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
    }
    BeforeEach { Reset-Plant $plant }
    AfterAll { Exit-Plant $plant }

    It 'has nothing where nothing was logged' {
        Get-VteWatsLog | Should -BeNullOrEmpty
    }

    It 'has what a sync did, beside the state, without being asked for a log' {
        $summary = Sync-Plant
        $events = @(Get-VteWatsLog -Site oslo)
        $events.Count | Should -BeGreaterThan 1
        $events.Site | Sort-Object -Unique | Should -Be 'Oslo'
        $events.SyncId | Sort-Object -Unique | Should -Be $summary.SyncId
        $events[0].File | Should -BeLike (Join-Path $plant.State 'logs' '*.log')
        $events[-1] | Get-DefaultView | Should -Match 'Time\s+Level\s+Site\s+Message'
    }

    It 'chooses by sync, run, level, site and time' {
        $first = Sync-Plant
        $second = Sync-Plant
        ($second | Get-VteWatsLog).SyncId | Sort-Object -Unique | Should -Be $second.SyncId
        $letter = (Get-VteDeadLetter)[0]
        $of = @(Get-VteWatsLog -RunId $letter.RunId)
        $of.Count | Should -BeGreaterThan 0
        $of.RunId | Sort-Object -Unique | Should -Be $letter.RunId
        (Get-VteWatsLog -Level Warning).Level | Should -Not -Contain 'Information'
        @(Get-VteWatsLog -Last 1).Count | Should -Be 1
        Get-VteWatsLog -Since (Get-Date).AddHours(1) | Should -BeNullOrEmpty
        Get-VteWatsLog -Site Bergen | Should -BeNullOrEmpty
    }

    It 'reads lines of JSON too, and there are none where the log is off' {
        foreach ($format in 'json', 'text') {
            $other = New-ChangedConfiguration $plant { $_.logging = @{ folder = "log-$format"; format = $format } }
            $null = Invoke-VteWatsSync -ConfigurationPath $other -InitialSince 2000-01-01 -ErrorAction Ignore -WarningAction Ignore
        }
        $json = @(Get-VteWatsLog -LogFolder (Join-Path $plant.Folder 'log-json'))
        $json[0].Level | Should -Not -BeNullOrEmpty
        $json.Source | Should -Contain 'SiteSync'
        (Get-Content $json[0].File)[0] | Should -Match '^\{"@t"'
        $off = New-ChangedConfiguration $plant { $_.logging = @{ folder = 'log-off'; level = 'None' } }
        $null = Invoke-VteWatsSync -ConfigurationPath $off -ErrorAction Ignore -WarningAction Ignore
        Join-Path $plant.Folder 'log-off' | Should -Not -Exist
    }

    It 'tells on the verbose stream what a sync logs, and leaves nothing behind with -WhatIf' {
        $told = Invoke-VteWatsSync -InitialSince 2000-01-01 -WhatIf -Verbose -ErrorAction Ignore -WarningAction Ignore 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] }
        "$told" | Should -Match 'Oslo: .*Read 100'
        $plant.State | Should -Not -Exist
    }
}
