#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Send-WatsReport' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive -Sandbox
    }

    AfterAll { Exit-Plant $plant }

    It 'says with -WhatIf what it would send' {
        Get-VteTestRun -Site Oslo -Result Passed -First 5 | ConvertTo-WatsReport | Send-WatsReport -WhatIf | ForEach-Object { "$($_.State)" } | Should -Be (@('WouldUpload') * 5)
    }

    It 'sends reports, skips them the second time, and sends them again with -Force' {
        $reports = @(Get-VteTestRun -Site Oslo -Result Passed -First 20 | ConvertTo-WatsReport)
        ($reports | Send-WatsReport).State | ForEach-Object ToString | Select-Object -Unique | Should -Be 'Uploaded'
        ($reports | Send-WatsReport).State | ForEach-Object ToString | Select-Object -Unique | Should -Be 'Skipped'
        ($reports | Send-WatsReport -Force).State | ForEach-Object ToString | Select-Object -Unique | Should -Be 'Uploaded'
    }

    It 'gives receipts in the order of the reports' {
        $reports = @(Get-VteTestRun -Site Oslo -Result Passed -First 20 | ConvertTo-WatsReport)
        ($reports | Send-WatsReport).RunId | Should -Be $reports.Id
    }

    It 'stops at a wrong token and shows it nowhere' {
        $token = ConvertTo-SecureString 'wr0ng-t0ken' -AsPlainText -Force
        $failure = { Get-VteTestRun -Site Oslo -Result Passed -First 1 | ConvertTo-WatsReport | Send-WatsReport -BaseUrl $plant.Sandbox.BaseUrl -Token $token } |
            Should -Throw -ErrorId 'VteWats.WatsUnauthorized*' -PassThru
        $failure.ErrorDetails.RecommendedAction | Should -Match 'token'
        ($failure | Format-List * -Force | Out-String) | Should -Not -Match 'wr0ng-t0ken'
    }

    It 'can be written as a table' {
        Get-VteTestRun -Site Oslo -Result Passed -First 2 | ConvertTo-WatsReport | Send-WatsReport -Force | Export-Csv (Join-Path $TestDrive 'receipts.csv')
        Import-Csv (Join-Path $TestDrive 'receipts.csv') | ForEach-Object State | Should -Be 'Uploaded', 'Uploaded'
    }
}
