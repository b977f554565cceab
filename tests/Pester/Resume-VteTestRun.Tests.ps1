#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Resume-VteTestRun' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
        $runs = @(Get-VteTestRun -Site Oslo -Result Passed | Where-Object SerialNumber | Select-Object -Skip 20 -First 3)
    }
    BeforeEach {
        Reset-Plant $plant
        $null = $runs | Suspend-VteTestRun -Site Oslo -Reason 'the station was broken'
        $null = Sync-Plant
    }
    AfterAll { Exit-Plant $plant }

    It 'lets runs go, and the next sync sends them and nothing else' {
        Get-VteHeldRun | Resume-VteTestRun | Should -BeNullOrEmpty
        Get-VteHeldRun | Should -BeNullOrEmpty
        $summary = Invoke-VteWatsSync -Site Oslo
        $summary.Uploaded, $summary.Held | Should -Be $runs.Count, 0
        (Get-SandboxCount $plant).reports + @(Get-VteDeadLetter).Count | Should -Be $plant.Runs
        (Invoke-VteWatsSync -Site Oslo).Uploaded | Should -Be 0
    }

    It 'lets the line of cmdlets send them, too' {
        Get-VteHeldRun | Resume-VteTestRun
        Get-VteWatermark -Site Oslo | Get-VteTestRun | ConvertTo-WatsReport | Send-WatsReport | Set-VteWatermark
        $sent = (Get-SandboxReport $plant).id
        $runs.Id | ForEach-Object { $sent | Should -Contain "$_" }
        (Invoke-VteWatsSync -Site Oslo).Uploaded | Should -Be 0
    }

    It 'lets one go and holds the others' {
        Resume-VteTestRun -Site Oslo -Id $runs[1].Id
        (Get-VteHeldRun).RunId | Should -Be $runs[0, 2].Id
        $summary = Invoke-VteWatsSync -Site Oslo
        $summary.Uploaded, $summary.Held | Should -Be 1, 2
    }

    It 'takes runs, ids as text, and rows that went through JSON' {
        @($runs[0]; "$($runs[1].Id)") | Resume-VteTestRun -Site Oslo
        Get-VteHeldRun | Select-Object RunId, Site | ConvertTo-Json | ConvertFrom-Json | Resume-VteTestRun
        Get-VteHeldRun | Should -BeNullOrEmpty
    }

    It 'stands in the history' {
        Resume-VteTestRun -Site Oslo -Id $runs[0].Id
        @(Get-VteWatermark -Site Oslo -History)[-1].Why | Should -BeLike "*$($runs[0].Id)*let go"
    }

    It 'lets nothing go with -WhatIf' {
        Get-VteHeldRun | Resume-VteTestRun -WhatIf
        Get-VteHeldRun | Should -HaveCount $runs.Count
    }

    It 'asks with -Confirm, and so lets none go where nobody can answer' {
        $line = 'try { Get-VteHeldRun | Resume-VteTestRun -Confirm -ErrorAction Stop } catch { exit 3 }'
        (Invoke-PowerShell '-Command', $line).ExitCode | Should -Be 3
        Get-VteHeldRun | Should -HaveCount $runs.Count
    }

    It 'tells of a run that nobody holds, and goes on' {
        (New-Guid), $runs[0].Id | Resume-VteTestRun -Site Oslo -ErrorVariable free -ErrorAction SilentlyContinue
        $free | Should -HaveCount 1
        $free[0].FullyQualifiedErrorId | Should -BeLike 'VteWats.TestRunNotFound,*'
        $free[0].ErrorDetails.RecommendedAction | Should -Match 'Get-VteHeldRun'
        Get-VteHeldRun | Should -HaveCount ($runs.Count - 1)
    }

    It 'wants an id and a site that there is' {
        { Resume-VteTestRun -Site Oslo -Id 'P24-001' } | Should -Throw '*P24-001*'
        { Resume-VteTestRun -Site Oslo -Id @() } | Should -Throw -ErrorId 'VteWats.InvalidArgument*'
        { Resume-VteTestRun -Site Nowhere -Id $runs[0].Id } | Should -Throw -ErrorId 'VteWats.ConfigurationInvalid*'
    }
}
