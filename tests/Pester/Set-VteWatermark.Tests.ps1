#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Set-VteWatermark' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
    }
    BeforeEach { Reset-Plant $plant }
    AfterAll { Exit-Plant $plant }

    It 'moves over what a line has sent' {
        Get-VteWatermark -Site Oslo -InitialSince 2000-01-01 | Get-VteTestRun | ConvertTo-WatsReport -ErrorAction Ignore | Send-WatsReport | Set-VteWatermark
        (Get-VteWatermark -Site Oslo).RunId | Should -Be (Get-VteTestRun -Site Oslo -NewestFirst -First 1 -HeaderOnly).Id
    }

    It 'stays in front of the first run that is not in WATS' {
        $runs = @(Get-VteTestRun -Site Oslo)
        Get-VteWatermark -Site Oslo -InitialSince 2000-01-01 | Get-VteTestRun | Where-Object Id -NE $runs[10].Id |
            ConvertTo-WatsReport -ErrorAction Ignore | Send-WatsReport | Set-VteWatermark
        (Get-VteWatermark -Site Oslo).RunId | Should -Be $runs[9].Id
    }

    It 'moves by hand to a time or a run, with a reason' {
        Set-VteWatermark -Site Oslo -Timestamp '2024-01-02 03:04' -Reason 'tried by hand'
        (Get-VteWatermark -Site Oslo).Timestamp | Should -Be ([datetime]'2024-01-02 03:04')
        $run = Get-VteTestRun -Site Oslo -First 1 -HeaderOnly
        Set-VteWatermark -ToRun $run -Reason 'from there on'
        (Get-VteWatermark -Site Oslo).RunId | Should -Be $run.Id
        (Get-VteWatermark -Site Oslo -History).Why | Should -Be 'tried by hand', 'from there on'
    }

    It 'changes nothing with -WhatIf' {
        Set-VteWatermark -Site Oslo -Timestamp 2024-01-01 -Reason no -WhatIf
        { Get-VteWatermark -Site Oslo } | Should -Throw -ErrorId 'VteWats.WatermarkMissing*'
    }

    It 'refuses receipts that went through a file: nothing says any more what was read' {
        $xml = Join-Path $TestDrive 'receipts.xml'
        Get-VteTestRun -Site Oslo -First 3 | ConvertTo-WatsReport -ErrorAction Ignore | Send-WatsReport | Export-Clixml $xml
        $failure = { Import-Clixml $xml | Set-VteWatermark } | Should -Throw -ErrorId 'VteWats.InvalidArgument*' -PassThru
        $failure.ErrorDetails.RecommendedAction | Should -Match '-Timestamp'
    }
}
