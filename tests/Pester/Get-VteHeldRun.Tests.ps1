#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Get-VteHeldRun' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive
        $runs = @(Get-VteTestRun -Site Oslo -First 3 -HeaderOnly)
        $two = New-ChangedConfiguration $plant { $_.sites.Oslo.rows = @{ products = @('*') }; $_.sites.Bergen = $_.sites.Oslo.Clone() }
    }
    BeforeEach { Reset-Plant $plant }
    AfterAll { Exit-Plant $plant }

    It 'shows nothing, and makes no state, where nobody holds a run' {
        Get-VteHeldRun | Should -BeNullOrEmpty
        Test-Path $plant.State | Should -BeFalse
    }

    It 'shows which runs are held, since when, by whom and why, the oldest first' {
        $before = [DateTimeOffset]::UtcNow.AddSeconds(-1)
        foreach ($run in $runs[2, 0]) { $null = $run | Suspend-VteTestRun -Site Oslo -Reason "because of $($run.SerialNumber)" }
        $held = @(Get-VteHeldRun -Site Oslo)
        $held.RunId | Should -Be $runs[2, 0].Id
        $held.Reason | Should -Be ($runs[2, 0] | ForEach-Object { "because of $($_.SerialNumber)" })
        $held[0].Site | Should -Be 'Oslo'
        $held[0].Who | Should -BeLike "$([Environment]::UserName)@*"
        $held[0].At | Should -BeGreaterThan $before
    }

    It 'shows those of all sites, or of chosen ones' {
        $null = $runs[0] | Suspend-VteTestRun -Site Oslo -Reason 'o' -ConfigurationPath $two
        $null = $runs[1].Id | Suspend-VteTestRun -Site Bergen -Reason 'b' -ConfigurationPath $two
        (Get-VteHeldRun -ConfigurationPath $two).Site | Should -Be 'Bergen', 'Oslo'
        (Get-VteHeldRun -Site 'B*' -ConfigurationPath $two).RunId | Should -Be $runs[1].Id
        ([pscustomobject]@{ Site = 'Oslo' } | Get-VteHeldRun -ConfigurationPath $two).RunId | Should -Be $runs[0].Id
        (Get-VteWatsConfiguration -Site Bergen -ConfigurationPath $two | Get-VteHeldRun -ConfigurationPath $two).Reason | Should -Be 'b'
    }

    It 'hands the runs on to Get-VteTestRun' {
        $null = $runs | Suspend-VteTestRun -Site Oslo -Reason 'looked at'
        (Get-VteHeldRun | Get-VteTestRun -HeaderOnly).Id | Should -Be $runs.Id
    }

    It 'shows a table and a list' {
        $null = $runs[0] | Suspend-VteTestRun -Site Oslo -Reason 'looked at'
        Get-VteHeldRun | Get-DefaultView | Should -Match 'Site\s+Test run\s+Since\s+By\s+Reason'
        Get-VteHeldRun | Format-List | Out-String | Should -Match "Test run : $($runs[0].Id)"
    }

    It 'takes only a site that there is' {
        { Get-VteHeldRun -Site Nowhere } | Should -Throw -ErrorId 'VteWats.ConfigurationInvalid*'
        { Get-VteHeldRun -Site '' } | Should -Throw -ErrorId 'VteWats.InvalidArgument*'
    }
}
