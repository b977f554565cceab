#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Add-VteDeadLetter' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
        $runs = @(Get-VteTestRun -Site Oslo -Result Passed | Where-Object SerialNumber | Select-Object -Skip 20 -First 3)
        $run = $runs[0]
        $newest = (Get-VteTestRun -Site Oslo -NewestFirst -First 1 -HeaderOnly).Id

        function Assert-PutAside {
            (Get-SandboxReport $plant).id | Should -Not -Contain "$($run.Id)"
            (Get-VteDeadLetter -Site Oslo -RunId $run.Id).Stage | Should -Be 'Manual'
        }
    }
    BeforeEach { Reset-Plant $plant }
    AfterAll { Exit-Plant $plant }

    It 'puts a run aside, and the sync gets past it' {
        $letter = $run | Add-VteDeadLetter -Reason 'WATS fails at it'
        $letter.RunId, $letter.Site, $letter.Stage, $letter.SerialNumber | Should -Be $run.Id, 'Oslo', 'Manual', $run.SerialNumber
        "$($letter.Findings)" | Should -Match 'WATS fails at it'
        $summary = Sync-Plant
        $summary.Held | Should -Be 1
        $summary.Uploaded + $summary.DeadLetters | Should -Be ($plant.Runs - 1)
        (Get-VteWatermark -Site Oslo).RunId | Should -Be $newest
        (Invoke-VteWatsSync -Site Oslo).Uploaded | Should -Be 0
        Assert-PutAside
    }

    It 'puts it aside for the line of cmdlets, too' {
        $null = $run | Add-VteDeadLetter -Reason 'WATS fails at it'
        Get-VteWatermark -Site Oslo -InitialSince 2000-01-01 | Get-VteTestRun | ConvertTo-WatsReport -ErrorAction Ignore | Send-WatsReport | Set-VteWatermark
        (Get-VteWatermark -Site Oslo).RunId | Should -Be $newest
        Assert-PutAside
    }

    It 'puts it aside for <_>' -ForEach @(
        'Invoke-VteWatsSync -Site Oslo -Since 2000-01-01'
        'Compare-VteWatsSync -Site Oslo -Since 2000-01-01 -Repair'
        'Set-VteWatermark -Site Oslo -Timestamp 2000-01-01 -Reason again; Invoke-VteWatsSync -Site Oslo'
    ) {
        $null = $run | Add-VteDeadLetter -Reason 'WATS fails at it'
        $null = Sync-Plant
        $null = & ([scriptblock]::Create("$_ -ErrorAction Ignore"))
        Assert-PutAside
        (Get-SandboxReport $plant).id | Should -Contain "$($runs[1].Id)"
    }

    It 'leaves it to Send-VteDeadLetter to send the run' {
        $null = $run | Add-VteDeadLetter -Reason 'WATS fails at it'
        $null = Sync-Plant
        (Get-VteDeadLetter -Site Oslo -RunId $run.Id | Send-VteDeadLetter).State | Should -Be 'Uploaded'
        (Get-SandboxReport $plant).id | Should -Contain "$($run.Id)"
        Get-VteDeadLetter | Where-Object RunId -EQ $run.Id | Should -BeNullOrEmpty
    }

    It 'takes ids as text with the site beside them' {
        (($runs.Id | ForEach-Object ToString) | Add-VteDeadLetter Oslo -Reason 'looked at' | Sort-Object Timestamp).RunId | Should -Be $runs.Id
    }

    It 'takes runs, and rows that went through <_>' -ForEach 'nothing', 'Json', 'Csv' {
        $rows = $runs | Select-Object Id, Site
        $given = switch ($_) {
            'nothing' { $runs }
            'Json' { $rows | ConvertTo-Json | ConvertFrom-Json }
            'Csv' { $rows | ConvertTo-Csv | ConvertFrom-Csv }
        }
        ($given | Add-VteDeadLetter -Reason 'looked at' | Sort-Object Timestamp).RunId | Should -Be $runs.Id
        Get-VteDeadLetter -Site Oslo | Should -HaveCount $runs.Count
    }

    It 'stands in the history with who and why' {
        $null = Sync-Plant
        $null = $run | Add-VteDeadLetter -Reason 'WATS fails at it'
        $note = @(Get-VteWatermark -Site Oslo -History)[-1]
        $note.Why | Should -BeLike "*$($run.Id)*WATS fails at it"
        $note.Who | Should -BeLike "$([Environment]::UserName)@*"
    }

    It 'changes nothing with -WhatIf' {
        $runs | Add-VteDeadLetter -Reason 'no' -WhatIf | Should -BeNullOrEmpty
        Get-ChildItem $plant.State -Recurse -File -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'asks with -Confirm, and so puts none aside where nobody can answer' {
        $line = "try { Add-VteDeadLetter -Site Oslo -Id $($run.Id) -Reason no -Confirm -ErrorAction Stop } catch { exit 3 }"
        (Invoke-PowerShell '-Command', $line).ExitCode | Should -Be 3
        Get-VteDeadLetter | Should -BeNullOrEmpty
    }

    It 'tells of a run that is not in VTE, and goes on' {
        $letters = Add-VteDeadLetter -Site Oslo -Id (New-Guid), $run.Id -Reason 'looked at' -ErrorVariable missing -ErrorAction SilentlyContinue
        $letters.RunId | Should -Be $run.Id
        $missing | Should -HaveCount 1
        $missing[0].FullyQualifiedErrorId | Should -BeLike 'VteWats.TestRunNotFound,*'
        $missing[0].ErrorDetails.RecommendedAction | Should -Match 'Suspend-VteTestRun'
    }

    It 'wants a reason, an id and a site that there is' {
        { Add-VteDeadLetter -Site Oslo -Id $run.Id -Reason '' } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
        { Add-VteDeadLetter -Site Oslo -Id 'P24-001' -Reason no } | Should -Throw '*P24-001*'
        { Add-VteDeadLetter -Site Oslo -Id $null -Reason no } | Should -Throw -ErrorId 'VteWats.InvalidArgument*'
        { Add-VteDeadLetter -Site Nowhere -Id $run.Id -Reason no } | Should -Throw -ErrorId 'VteWats.ConfigurationInvalid*'
        Get-VteDeadLetter | Should -BeNullOrEmpty
    }
}
