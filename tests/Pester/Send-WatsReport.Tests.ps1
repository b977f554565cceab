#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Send-WatsReport' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
        $reports = @(Get-VteTestRun -Site Oslo | ConvertTo-WatsReport -ErrorAction Ignore | Select-Object -First 20)
    }
    BeforeEach { Reset-Plant $plant }
    AfterAll { Exit-Plant $plant }

    It 'says with -WhatIf what it would send' {
        ($reports | Send-WatsReport -WhatIf).State | Should -Be (@('WouldUpload') * 20)
        (Send-WatsReport $reports -WhatIf).RunId | Should -Be $reports.Id
        (Get-SandboxCount $plant).posts | Should -Be 0
    }

    It 'sends reports, skips them the second time, and sends them again with -Force' {
        foreach ($round in @{ With = @{}; State = 'Uploaded' }, @{ With = @{}; State = 'Skipped' }, @{ With = @{ Force = $true }; State = 'Uploaded' }) {
            $with = $round.With
            $receipts = $reports | Send-WatsReport @with
            $receipts.State | Should -Be (@($round.State) * 20)
            $receipts.RunId | Should -Be $reports.Id
        }
        (Get-SandboxReport $plant).receiveCount | Should -Be (@(2) * 20)
    }

    It 'tells of a refused report, goes on, and keeps it as a dead letter' {
        $refused = $reports[3]
        Add-SandboxFault $plant @{ kind = 'Refuse'; serialNumber = $refused.Sn; finding = 'root: not today.' }
        $receipts = $reports | Send-WatsReport -ErrorVariable failed -ErrorAction SilentlyContinue
        ($receipts | Group-Object State -AsHashTable -AsString).Keys | Sort-Object | Should -Be 'Failed', 'Uploaded'
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'VteWats.WatsRejected,*'
        $failed[0].ToString() | Should -Match 'not today'
        (Get-VteDeadLetter -Stage Sending).RunId | Should -Contain $refused.Id
    }

    It 'stops at a wrong token and shows it nowhere' {
        $failure = { $reports | Send-WatsReport -Token (ConvertTo-SecureString 'wr0ng-t0ken' -AsPlainText) } | Should -Throw -ErrorId 'VteWats.WatsUnauthorized*' -PassThru
        $failure.ErrorDetails.RecommendedAction | Should -Match 'token'
        $failure | Format-List * -Force | Get-DefaultView | Should -Not -Match 'wr0ng-t0ken'
    }

    It 'leaves nothing running when the pipeline behind it has enough' {
        $reports | Send-WatsReport | Select-Object -First 1 | ForEach-Object State | Should -Be 'Uploaded'
        $posts = (Get-SandboxCount $plant).posts
        ($reports | Send-WatsReport | Where-Object State -EQ 'Skipped').Count | Should -Be $posts
    }

    It 'gives receipts for tables on the screen and in files' {
        $receipts = $reports | Send-WatsReport
        $receipts | Get-DefaultView | Should -Match 'State\s+Result\s+Serial number\s+Part number\s+Run\s+Attempts\s+Reason'
        $csv = Join-Path $TestDrive 'receipts.csv'
        $receipts | Export-Csv $csv
        (Import-Csv $csv).State | Should -Be (@('Uploaded') * 20)
    }
}
