#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Export-VteTestRun' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive
        $runs = @(Get-VteTestRun -Site Oslo)
    }
    AfterAll { Exit-Plant $plant }
    BeforeEach { $path = Join-Path $TestDrive "$([guid]::NewGuid()).db" }

    It 'writes the runs that are piped in, readable as before' {
        ($runs | Select-Object -First 4 | Export-VteTestRun $path).Runs | Should -Be 4
        (Get-VteTestRun -DatabasePath $path -TimeZone Europe/Oslo).ContentHash | Should -Be $runs[0..3].ContentHash
    }

    It 'takes ids from objects that were saved as CSV' {
        $csv = Join-Path $TestDrive 'runs.csv'
        $runs | Select-Object -First 3 -Property Id, Site, SerialNumber | Export-Csv $csv
        (Import-Csv $csv | Export-VteTestRun $path).Runs | Should -Be 3
    }

    It 'leaves no serial number in the file with -Anonymize' {
        (Export-VteTestRun $path -Site Oslo -Anonymize).Anonymized | Should -BeTrue
        $anonymous = @(Get-VteTestRun -DatabasePath $path -TimeZone Europe/Oslo -HeaderOnly)
        $anonymous | Should -HaveCount $runs.Count
        $anonymous.SerialNumber | Where-Object { $_ -and $_ -in $runs.SerialNumber } | Should -BeNullOrEmpty
    }

    It 'writes nothing with -WhatIf' {
        Export-VteTestRun $path -Site Oslo -WhatIf | Should -BeNullOrEmpty
        $path | Should -Not -Exist
    }

    It 'replaces a file only with -Force' {
        $null = Export-VteTestRun $path -Site Oslo -First 1
        $failure = { Export-VteTestRun $path -Site Oslo -First 2 } | Should -Throw -ErrorId 'VteWats.FileExists*' -PassThru
        $failure.ErrorDetails.RecommendedAction | Should -Match '-Force'
        (Export-VteTestRun $path -Site Oslo -First 2 -Force).Runs | Should -Be 2
    }
}
