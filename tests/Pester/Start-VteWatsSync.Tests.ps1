#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Start-VteWatsSync' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
        $often = New-ChangedConfiguration $plant { $_.sites.Oslo.initialSince = '2000-01-01'; $_.sync = @{ batchSize = 10 } }

        # As a service manager runs it; the sandbox answers late, so that it is in the middle of its work when this returns, with the first batch safe.
        function Start-Sync([string] $Script) {
            Add-SandboxFault $plant @{ kind = 'Latency'; delayMilliseconds = 300 }
            $running = Start-PowerShell '-Command', $Script -Environment @{ VTEWATS_CONFIG = $often }
            function Test-Middle { (Get-SandboxCount $plant).reports -ge 15 -and (Get-VteWatermark -Site Oslo -InitialSince 2000-01-01).RunId }
            while (-not (Test-Middle) -and -not $running.Process.HasExited) { Start-Sleep -Milliseconds 20 }
            $running
        }

        function Send-Signal($Running, [string] $Name) { & /bin/sh -c "kill -$Name $($Running.Process.Id)" }

        # What the watermark has passed is in WATS or in the dead letters, and the next sync completes the rest.
        function Assert-NothingLost {
            $safe = @((Get-SandboxReport $plant).id) + @((Get-VteDeadLetter).RunId | ForEach-Object ToString)
            $mark = Get-VteWatermark -Site Oslo
            $runs = @(Get-VteTestRun -Site Oslo -HeaderOnly)
            $place = [array]::IndexOf([guid[]] $runs.Id, [guid] $mark.RunId)
            $place | Should -BeGreaterOrEqual 0
            $runs[0..$place] | Where-Object { "$($_.Id)" -notin $safe } | Should -BeNullOrEmpty
            Invoke-VteWatsSync -Site Oslo -ErrorAction Ignore | ForEach-Object Result | Should -BeLike 'Completed*'
            @(Get-SandboxReport $plant).Count + @(Get-VteDeadLetter).Count | Should -Be $plant.Runs
        }
    }
    BeforeEach { Reset-Plant $plant }
    AfterAll { Exit-Plant $plant }

    It 'starts nothing with -WhatIf' {
        Start-VteWatsSync -Site Oslo -WhatIf
        (Get-SandboxCount $plant).requests | Should -Be 0
    }

    It 'takes an interval of minutes, up to a day' {
        foreach ($minutes in 0, 1441) { { Start-VteWatsSync -IntervalMinutes $minutes } | Should -Throw -ErrorId 'ParameterArgumentValidationError*' }
    }

    It 'emits a summary for each sync, and ends when the pipeline behind it has enough' {
        $summary = Start-VteWatsSync -Site Oslo -ConfigurationPath $often -ErrorAction Ignore | Select-Object -First 1
        $summary.Uploaded + $summary.DeadLetters | Should -Be $plant.Runs
    }

    It 'finishes what it has begun on SIGTERM, and tells how far it came' {
        if ($IsWindows) { Set-ItResult -Skipped -Because 'Windows has no signals to send'; return }
        $running = Start-Sync "Start-VteWatsSync -ErrorAction Ignore | ForEach-Object { `"`$(`$_.Result) `$(`$_.Uploaded)`" }; 'ended'; exit 7"
        Send-Signal $running TERM
        $end = Wait-PowerShell $running
        $end.ExitCode | Should -Be 7
        $end.ErrorOutput | Should -BeNullOrEmpty
        # What it warns of on the way, the dead letters above all, comes in between.
        $told = ($end.Output -split '\r?\n' | Where-Object { $_ -notlike 'WARNING: *' }) -join "`n"
        $told | Should -Match "^Stopped $((Get-SandboxCount $plant).reports)\s+ended\s*$"
        Assert-NothingLost
    }

    It 'keeps on Ctrl+C what it has sent, however long ago its last save was' {
        if ($IsWindows) { Set-ItResult -Skipped -Because 'Windows has no signals to send'; return }
        $rarely = New-ChangedConfiguration $plant { $_.sites.Oslo.initialSince = '2000-01-01'; $_.sync = @{ batchSize = 10000 } }
        Add-SandboxFault $plant @{ kind = 'Latency'; delayMilliseconds = 300 }
        $running = Start-PowerShell '-Command', 'Start-VteWatsSync -ErrorAction Ignore' -Environment @{ VTEWATS_CONFIG = $rarely }
        while ((Get-SandboxCount $plant).reports -lt 15 -and -not $running.Process.HasExited) { Start-Sleep -Milliseconds 20 }
        Send-Signal $running INT
        (Wait-PowerShell $running).ExitCode | Should -BeGreaterThan 0
        (Get-SandboxCount $plant).reports | Should -BeLessThan $plant.Runs
        Assert-NothingLost
        # No more than what was under way is sent again.
        @(Get-SandboxReport $plant | Where-Object receiveCount -GT 1).Count | Should -BeLessOrEqual 4
    }

    It 'loses nothing on SIG<_>' -ForEach 'INT', 'HUP', 'KILL' {
        if ($IsWindows) { Set-ItResult -Skipped -Because 'Windows has no signals to send'; return }
        $running = Start-Sync 'Start-VteWatsSync -ErrorAction Ignore'
        Send-Signal $running $_
        (Wait-PowerShell $running).ExitCode | Should -BeGreaterThan 0
        Assert-NothingLost
    }
}
