#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Export-VteTestRun' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive
    }

    AfterAll { Exit-Plant $plant }

    It 'copies chosen runs into a file that is a source itself' {
        $path = Join-Path $TestDrive 'some.db'
        (Export-VteTestRun -Site Oslo -First 5 -Path $path).Runs | Should -Be 5
        (Get-VteTestRun -DatabasePath $path -TimeZone Europe/Oslo).ContentHash | Should -Be (Get-VteTestRun -Site Oslo -First 5).ContentHash
    }

    It 'takes ids from the pipeline' {
        $path = Join-Path $TestDrive 'chosen.db'
        $runs = @(Get-VteTestRun -Site Oslo -Result Failed -First 2 -HeaderOnly)
        $runs | Export-VteTestRun -Path $path | Out-Null
        (Get-VteTestRun -DatabasePath $path -TimeZone Europe/Oslo -HeaderOnly).Id | Should -Be $runs.Id
    }

    It 'replaces serial numbers with -Anonymize' {
        $path = Join-Path $TestDrive 'anonymous.db'
        Export-VteTestRun -Site Oslo -First 10 -Path $path -Anonymize | Out-Null
        $serials = (Get-VteTestRun -DatabasePath $path -TimeZone Europe/Oslo -HeaderOnly).SerialNumber | Where-Object { $_ }
        $serials | Where-Object { $_ -in (Get-VteTestRun -Site Oslo -HeaderOnly).SerialNumber } | Should -BeNullOrEmpty
    }

    It 'writes no file with -WhatIf, and none over another' {
        $path = Join-Path $TestDrive 'none.db'
        Export-VteTestRun -Site Oslo -First 5 -Path $path -WhatIf
        $path | Should -Not -Exist
        Set-Content $path 'mine'
        { Export-VteTestRun -Site Oslo -First 5 -Path $path } | Should -Throw -ErrorId 'VteWats.FileUnusable*'
    }
}
