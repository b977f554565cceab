#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Find-WatsReport' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
        $sent = @(Get-VteTestRun -Site Oslo | ConvertTo-WatsReport -ErrorAction Ignore | Send-WatsReport)
    }
    AfterAll { Exit-Plant $plant }

    It 'finds by verdict, and groups' {
        $failed = @(Find-WatsReport -Result Failed)
        $failed.Count | Should -BeGreaterThan 0
        ($failed | Group-Object Result -NoElement).Name | Should -Be 'Failed'
        @(Find-WatsReport).Count | Should -Be $sent.Count
    }

    It 'takes serial numbers from objects, also from a CSV file' {
        $csv = Join-Path $TestDrive 'units.csv'
        $sent | Select-Object -First 2 -Property SerialNumber | Export-Csv $csv
        (Import-Csv $csv | Find-WatsReport).SerialNumber | Should -BeIn $sent[0, 1].SerialNumber
        (Import-Csv $csv | Find-WatsReport).Uuid | Should -Contain $sent[1].RunId
    }

    It 'takes a pattern for a serial number, and the newest of them first' {
        $serial = $sent[0].SerialNumber
        $like = @(Find-WatsReport "$($serial.Substring(0, 3))*")
        $like.SerialNumber | Should -Contain $serial
        $like.SerialNumber | Should -BeLike "$($serial.Substring(0, 3))*"
        Find-WatsReport 'no such*' | Should -BeNullOrEmpty
        { Find-WatsReport * } | Should -Throw -ErrorId 'VteWats.InvalidArgument*'
    }

    It 'takes and shows times of the site, wherever this runs' {
        $run = Get-VteTestRun -Site Oslo -Id $sent[0].RunId -HeaderOnly
        $header = Find-WatsReport -From $run.Timestamp -To $run.Timestamp.AddSeconds(1) | Where-Object Uuid -EQ $run.Id
        $header.Start | Should -Be $run.Start
        $header | Get-DefaultView | Should -Match $run.Timestamp.ToString('yyyy-MM-dd HH:mm:ss')
        $header | Format-List | Out-String | Should -Match $run.Timestamp.ToString('yyyy-MM-dd HH:mm:ss')
        { Find-WatsReport -From 2025-02-01 -To 2025-01-01 } | Should -Throw -ErrorId 'VteWats.InvalidArgument*'
    }

    It 'lists the newest first' {
        $starts = (Find-WatsReport).Start
        $starts | Should -Be ($starts | Sort-Object -Descending)
    }

    It 'ends early when Select-Object -First has enough' {
        Find-WatsReport | Select-Object -First 1 | Should -HaveCount 1
        Find-WatsReport -First 3 | Should -HaveCount 3
    }

    It 'offers the verdicts on Tab' {
        Get-Completion 'Find-WatsReport -Result ' | Should -Be 'Error', 'Failed', 'Passed', 'Terminated'
    }

    It 'shows a table' {
        Find-WatsReport -First 1 | Get-DefaultView | Should -Match 'Start\s+Serial number\s+Part number\s+Result\s+Station\s+Received\s+Id'
    }
}
