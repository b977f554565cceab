#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Invoke-VteWatsSync' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
    }
    BeforeEach { Reset-Plant $plant }
    AfterAll { Exit-Plant $plant }

    It 'changes nothing with -WhatIf, and counts what it would do' {
        $summary = Invoke-VteWatsSync -Site Oslo -InitialSince 2000-01-01 -WhatIf -ErrorAction Ignore
        $summary.DryRun | Should -BeTrue
        $summary.WouldUpload + $summary.DeadLetters | Should -Be $plant.Runs
        $summary | Get-DefaultView | Should -Match "Oslo\s+CompletedWithDeadLetters\s+$($plant.Runs)\s+would $($summary.WouldUpload)\s"
        (Get-SandboxCount $plant).posts | Should -Be 0
        Get-ChildItem $plant.State -Recurse -File -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'sends everything, and nothing the second time' {
        $first = Sync-Plant
        $first.Uploaded + $first.DeadLetters | Should -Be $plant.Runs
        $first.Result, $first.ExitCode | Should -Be 'CompletedWithDeadLetters', 10
        $second = Invoke-VteWatsSync -Site Oslo
        $second.Uploaded, $second.ExitCode | Should -Be 0, 0
        $second.Read | Should -Be $second.Known
    }

    It 'tells a failure as an error and as a summary' {
        $summary = Invoke-VteWatsSync -Site Oslo -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'VteWats.WatermarkMissing,*'
        $failed[0].ErrorDetails.RecommendedAction | Should -Match 'InitialSince'
        $summary.Result, $summary.ExitCode | Should -Be 'Failed', 40
        { Invoke-VteWatsSync -Site Oslo -ErrorAction Stop } | Should -Throw -ErrorId 'VteWats.WatermarkMissing*'
    }

    It 'loses nothing when the pipeline behind it has enough' {
        Sync-Plant | Select-Object -First 1 | ForEach-Object Site | Should -Be 'Oslo'
        (Invoke-VteWatsSync -Site Oslo).Uploaded | Should -Be 0
        (Get-SandboxCount $plant).reports + @(Get-VteDeadLetter).Count | Should -Be $plant.Runs
    }

    It 'sends a period again with -Force and leaves the watermark alone' {
        $null = Sync-Plant
        $mark = (Get-VteWatermark -Site Oslo).RunId
        (Invoke-VteWatsSync -Site Oslo -Since 2000-01-01 -Force -ErrorAction Ignore).Uploaded | Should -Be (Get-SandboxCount $plant).reports
        (Get-VteWatermark -Site Oslo).RunId | Should -Be $mark
    }

    It 'sends again with -Remapped what comes out different under another mapping, once' {
        $null = Sync-Plant
        $reports = (Get-SandboxCount $plant).reports
        (Invoke-VteWatsSync -Site Oslo -Remapped).Read | Should -Be 0
        $other = New-ChangedConfiguration $plant { $_.sites.Oslo.mapping.purpose = 'Debug' }
        (Invoke-VteWatsSync -Site Oslo -Remapped -WhatIf -ConfigurationPath $other).WouldUpload | Should -Be $reports
        $summary = Invoke-VteWatsSync -Site Oslo -Remapped -ConfigurationPath $other
        $summary.Uploaded, $summary.Remapped, $summary.Unaffected | Should -Be $reports, $reports, 0
        (Invoke-VteWatsSync -Site Oslo -Remapped -ConfigurationPath $other).Read | Should -Be 0
        (Get-SandboxCount $plant).reports | Should -Be $reports
    }

    It 'leaves its exit code in $LASTEXITCODE, for a shell that asks for it' {
        $null = Sync-Plant
        $LASTEXITCODE | Should -Be 10
        $null = Invoke-VteWatsSync Oslo
        $LASTEXITCODE | Should -Be 0
        try { Invoke-VteWatsSync Nowhere } catch { $null = $_ }
        $LASTEXITCODE | Should -Be 50
        Reset-Plant $plant
        $line = 'Invoke-VteWatsSync -Site Oslo -InitialSince 2000-01-01 -ErrorAction Ignore; exit $LASTEXITCODE'
        (Invoke-PowerShell '-Command', $line).ExitCode | Should -Be 10
    }

    It 'takes sites by name and from the configuration' {
        ('Oslo' | Invoke-VteWatsSync -InitialSince 2000-01-01 -WhatIf -ErrorAction Ignore).WouldUpload | Should -BeGreaterThan 0
        (Get-VteWatsConfiguration -Site * | Invoke-VteWatsSync -InitialSince 2000-01-01 -WhatIf -ErrorAction Ignore).Site | Should -Be 'Oslo'
    }

    It 'says when there is no loop to tell with -Now' {
        $failure = { Invoke-VteWatsSync Oslo -Now } | Should -Throw -ErrorId 'VteWats.SyncNotRunning*' -PassThru
        $failure.ErrorDetails.RecommendedAction | Should -Match 'Start-VteWatsSync'
    }

    It 'syncs all sites by a wildcard, and one that fails does not hold up the others' {
        $two = New-ChangedConfiguration $plant {
            $_.sites.Bergen = $_.sites.Oslo.Clone()
            $_.sites.Bergen.connection = @{ path = 'no such.db' }
        }
        $summaries = Invoke-VteWatsSync -Site * -InitialSince 2000-01-01 -ConfigurationPath $two -ErrorAction Ignore
        $summaries.Site | Should -Be 'Bergen', 'Oslo'
        $summaries.ExitCode | Should -Be 30, 10
        $summaries | Get-DefaultView | Should -Match 'Site\s+Result\s+Read\s+Uploaded\s+In WATS\s+Changed\s+Late\s+Letters\s+Seconds'
    }
}
