#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Suspend-VteTestRun' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
        # Runs that nothing else keeps out of WATS, from the midst of the database.
        $runs = @(Get-VteTestRun -Site Oslo -Result Passed | Where-Object SerialNumber | Select-Object -Skip 20 -First 3)
        $run = $runs[0]
        $newest = (Get-VteTestRun -Site Oslo -NewestFirst -First 1 -HeaderOnly).Id

        function Assert-NotSent {
            (Get-SandboxReport $plant).id | Should -Not -Contain "$($run.Id)"
            Get-VteDeadLetter | Where-Object RunId -EQ $run.Id | Should -BeNullOrEmpty
        }
    }
    BeforeEach { Reset-Plant $plant }
    AfterAll { Exit-Plant $plant }

    It 'holds a run back from the sync, which counts it and does not wait for it' {
        $held = $run | Suspend-VteTestRun -Site Oslo -Reason 'the station was broken'
        $held.RunId, $held.Site, $held.Reason | Should -Be $run.Id, 'Oslo', 'the station was broken'
        $summary = Sync-Plant
        $summary.Held | Should -Be 1
        $summary.Uploaded + $summary.DeadLetters | Should -Be ($plant.Runs - 1)
        (Get-VteWatermark -Site Oslo).RunId | Should -Be $newest
        (Invoke-VteWatsSync -Site Oslo).Held | Should -Be 1
        Assert-NotSent
    }

    It 'holds it back from the line of cmdlets, whose watermark does not wait for it either' {
        $null = $run | Suspend-VteTestRun -Site Oslo -Reason 'the station was broken'
        Get-VteWatermark -Site Oslo -InitialSince 2000-01-01 | Get-VteTestRun | ConvertTo-WatsReport -ErrorAction Ignore | Send-WatsReport | Set-VteWatermark
        (Get-VteWatermark -Site Oslo).RunId | Should -Be $newest
        Assert-NotSent
    }

    It 'holds it back from <_>' -ForEach @(
        'Invoke-VteWatsSync -Site Oslo -Since 2000-01-01'
        'Invoke-VteWatsSync -Site Oslo -Since 2000-01-01 -Force'
        'Compare-VteWatsSync -Site Oslo -Since 2000-01-01 -Repair'
    ) {
        $null = $run | Suspend-VteTestRun -Site Oslo -Reason 'the station was broken'
        $null = Sync-Plant
        $null = & ([scriptblock]::Create("$_ -ErrorAction Ignore"))
        Assert-NotSent
        # What it did not hold back is there.
        (Get-SandboxReport $plant).id | Should -Contain "$($runs[1].Id)"
    }

    It 'leaves what WATS has of a run as it is' {
        $null = Sync-Plant
        $null = $run | Suspend-VteTestRun -Site Oslo -Reason 'the station was broken'
        (Invoke-VteWatsSync -Site Oslo -Since 2000-01-01 -Force -ErrorAction Ignore).Held | Should -Be 1
        (Get-SandboxReport $plant | Where-Object id -EQ $run.Id).receiveCount | Should -Be 1
    }

    It 'takes runs, ids as text, and rows that went through <_>' -ForEach 'nothing', 'Json', 'Csv' {
        $rows = $runs | Select-Object Id, Site
        $given = switch ($_) {
            'nothing' { $runs[0]; "$($runs[1].Id)"; $runs[2].Id }
            'Json' { $rows | ConvertTo-Json | ConvertFrom-Json }
            'Csv' { $rows | ConvertTo-Csv | ConvertFrom-Csv }
        }
        ($given | Suspend-VteTestRun -Reason 'the station was broken').RunId | Should -Be $runs.Id
        (Get-VteHeldRun).RunId | Should -Be $runs.Id
    }

    It 'stands in the history with who and why, and leaves the watermark where it is' {
        $null = Sync-Plant
        $null = $run | Suspend-VteTestRun -Site Oslo -Reason 'the station was broken'
        $note = @(Get-VteWatermark -Site Oslo -History)[-1]
        $note.Why | Should -BeLike "*$($run.Id)*held back*the station was broken"
        $note.Who | Should -BeLike "$([Environment]::UserName)@*"
        (Get-VteWatermark -Site Oslo).RunId | Should -Be $newest
    }

    It 'keeps the last reason of a run that is held already' {
        'first', 'second' | ForEach-Object { $null = $run | Suspend-VteTestRun -Site Oslo -Reason $_ }
        (Get-VteHeldRun -Site Oslo).Reason | Should -Be 'second'
    }

    It 'changes nothing with -WhatIf' {
        $runs | Suspend-VteTestRun -Site Oslo -Reason 'no' -WhatIf | Should -BeNullOrEmpty
        Get-ChildItem $plant.State -Recurse -File -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'asks for each run with -Confirm, and so holds none where nobody can answer' {
        $line = "try { Suspend-VteTestRun -Site Oslo -Id $($run.Id) -Reason no -Confirm -ErrorAction Stop } catch { exit 3 }"
        (Invoke-PowerShell '-Command', $line).ExitCode | Should -Be 3
        Get-VteHeldRun | Should -BeNullOrEmpty
    }

    It 'wants a reason, an id and a site that there is' {
        { Suspend-VteTestRun -Site Oslo -Id $run.Id -Reason '' } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
        { Suspend-VteTestRun -Site Oslo -Id 'P24-001' -Reason no } | Should -Throw '*P24-001*'
        { Suspend-VteTestRun -Site Oslo -Id $null -Reason no } | Should -Throw -ErrorId 'VteWats.InvalidArgument*'
        { Suspend-VteTestRun -Site Nowhere -Id $run.Id -Reason no } | Should -Throw -ErrorId 'VteWats.ConfigurationInvalid*'
        Get-VteHeldRun | Should -BeNullOrEmpty
    }
}
