#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Sync-VteToWats.ps1' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
        $script = Join-Path (Split-Path (Get-ModuleManifest)) 'samples/Sync-VteToWats.ps1'
        $first = New-ChangedConfiguration $plant { $_.sites.Oslo.initialSince = '2000-01-01' }
        # Runs it as the Task Scheduler or systemd does.
        function Invoke-Script([string] $Configuration = $first, [string] $Site = 'Oslo', [hashtable] $Environment = @{}) {
            Invoke-PowerShell '-File', $script, '-Site', $Site, '-ConfigurationPath', $Configuration $Environment
        }
    }
    BeforeEach { Reset-Plant $plant }
    AfterAll { Exit-Plant $plant }

    It 'ends with 10 when runs went to the dead letters, and with 0 when there is nothing to do' {
        $end = Invoke-Script
        $end.ExitCode | Should -Be 10
        $end.Output | Should -Match 'Oslo: CompletedWithDeadLetters\. \d+ uploaded'
        (Get-SandboxCount $plant).reports + @(Get-VteDeadLetter).Count | Should -Be $plant.Runs
        (Invoke-Script).ExitCode | Should -Be 0
    }

    It 'ends with 0 when everything was sent' {
        $mapped = New-ChangedConfiguration $plant {
            $_.sites.Oslo.initialSince = '2000-01-01'
            $_.sites.Oslo.mapping.missingSerialNumber = 'NOSERIAL-{Id}'
            $_.sites.Oslo.mapping.resultCodes = @{ '0' = 'F'; '1' = 'P'; '2' = 'E'; '3' = 'T'; '7' = 'F' }
        }
        $end = Invoke-Script $mapped
        $end.ExitCode | Should -Be 0
        $end.ErrorOutput | Should -BeNullOrEmpty
        (Get-SandboxCount $plant).reports | Should -Be $plant.Runs
    }

    It 'ends with 31 when WATS cannot be reached, and says so' {
        $end = Invoke-Script (New-ChangedConfiguration $plant { $_.sites.Oslo.initialSince = '2000-01-01'; $_.wats.baseUrl = 'http://127.0.0.1:9'; $_.wats.maxAttempts = 1 })
        $end.ExitCode | Should -Be 31
        $end.Output + $end.ErrorOutput | Should -Match '127\.0\.0\.1:9'
    }

    It 'ends with 32 when the token is refused, and does not show it' {
        $end = Invoke-Script -Environment @{ VTEWATS_PESTER_TOKEN = 'wr0ng-t0ken' }
        $end.ExitCode | Should -Be 32
        $end.Output + $end.ErrorOutput | Should -Not -Match 'wr0ng-t0ken'
    }

    It 'ends with 50 when the site is not configured or the token is not there' {
        $end = Invoke-Script -Site Osllo
        $end.ExitCode | Should -Be 50
        $end.ErrorOutput | Should -Match "VteWats\.ConfigurationInvalid.*Osllo"
        (Invoke-Script -Environment @{ VTEWATS_PESTER_TOKEN = $null }).ExitCode | Should -Be 50
    }

    It 'syncs every site with a wildcard and ends with the highest exit code' {
        $end = Invoke-Script -Site '*' (New-ChangedConfiguration $plant {
                $_.sites.Oslo.initialSince = '2000-01-01'
                $_.sites.Bergen = $_.sites.Oslo.Clone()
                $_.sites.Bergen.connection = @{ path = 'no such.db' }
            })
        $end.ExitCode | Should -Be 30
        $end.Output | Should -Match 'Bergen: Failed'
        $end.Output | Should -Match 'Oslo: Completed'
    }

    It 'ends with 130 on SIG<_>, and keeps what it has done' -ForEach 'INT', 'TERM' {
        if ($IsWindows) { Set-ItResult -Skipped -Because 'Windows has no signals to send'; return }
        Add-SandboxFault $plant @{ kind = 'Latency'; delayMilliseconds = 300 }
        $running = Start-PowerShell ('-File', $script, '-Site', 'Oslo', '-ConfigurationPath', $first)
        while ((Get-SandboxCount $plant).reports -lt 20 -and -not $running.Process.HasExited) { Start-Sleep -Milliseconds 50 }
        & /bin/sh -c "kill -$_ $($running.Process.Id)"
        (Wait-PowerShell $running).ExitCode | Should -Be 130
        (Get-SandboxCount $plant).reports | Should -BeLessThan ($plant.Runs - 20)
        Get-VteWatermark -Site Oslo | ForEach-Object RunId | Should -Not -BeNullOrEmpty
    }
}
