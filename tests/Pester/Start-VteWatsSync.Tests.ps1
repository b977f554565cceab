#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Start-VteWatsSync' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive -Sandbox
    }

    AfterAll { Exit-Plant $plant }

    It 'starts nothing with -WhatIf' {
        Start-VteWatsSync -Site Oslo -WhatIf
        Find-WatsReport | Should -BeNullOrEmpty
    }

    It 'finishes what it does when the system ends it' -Skip:$IsWindows {
        # A PowerShell of its own, as a service manager would run and end it. Windows has no such signal to send.
        $start = [Diagnostics.ProcessStartInfo]::new((Get-Process -Id $PID).Path)
        $script = "Import-Module '$(Get-ModuleManifest)'; 'ready'; Set-VteWatermark -Site Oslo -Timestamp 2000-01-01 -Reason start; Start-VteWatsSync -Site Oslo -ErrorAction SilentlyContinue | ForEach-Object { `$_.Uploaded }"
        foreach ($argument in '-NoProfile', '-NonInteractive', '-Command', $script) { $start.ArgumentList.Add($argument) }
        $start.RedirectStandardOutput = $true
        $process = [Diagnostics.Process]::Start($start)
        $process.StandardOutput.ReadLine() | Should -Be 'ready'
        while (-not (Find-WatsReport -First 1)) { Start-Sleep -Milliseconds 50 }
        & kill -TERM $process.Id
        $process.WaitForExit(20000) | Should -BeTrue
        $stored = @(Find-WatsReport).Count
        $again = Invoke-VteWatsSync -Site Oslo -ErrorAction SilentlyContinue
        $stored + $again.Uploaded + @(Get-VteDeadLetter -Site Oslo).Count | Should -Be 100
    }
}
