#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Get-VteDeadLetter' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
        $null = Sync-Plant
        $letters = @(Get-VteDeadLetter)
    }
    AfterAll { Exit-Plant $plant }

    It 'shows the runs that could not be mapped, of all sites' {
        $letters.Count + (Get-SandboxCount $plant).reports | Should -Be $plant.Runs
        ($letters | Group-Object Site, Stage).Name | Should -Be 'Oslo, Mapping'
    }

    It 'counts them by finding' {
        $counts = Get-VteDeadLetter -Count
        ($counts | Measure-Object -Property Count -Sum).Sum | Should -Be $letters.Count
        $counts.Count | Should -Be 2 -Because 'the sample has two reasons why a run cannot be mapped'
        $counts | Get-DefaultView | Should -Match 'Count\s+Site\s+Stage\s+Newest\s+Finding'
    }

    It 'filters by wildcards, and by ids that went through JSON' {
        (Get-VteDeadLetter -Finding '*Result 7*').RunId | Should -Be ($letters | Where-Object { "$($_.Findings)" -match 'Result 7' }).RunId
        ($letters | Select-Object -First 2 -Property RunId, Site | ConvertTo-Json | ConvertFrom-Json | Get-VteDeadLetter).RunId | Should -Be $letters[0, 1].RunId
    }

    It 'hands the runs on to Get-VteTestRun' {
        ($letters | Get-VteTestRun -HeaderOnly).Id | Should -Be ($letters | Sort-Object Timestamp).RunId
    }

    It 'shows a table' {
        $letters | Get-DefaultView | Should -Match 'Site\s+Site time\s+Serial number\s+Stage\s+Tried\s+Findings'
    }

    It 'warns of a damaged letter, leaves it where it is and shows the others' {
        # As a bad sector would: the id of one run is another one wherever its letter names it.
        $file = Join-Path $plant.State 'state.db'
        $id = "$($letters[0].RunId)"
        $text = [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes($file))
        $text.Contains($id) | Should -BeTrue
        [IO.File]::WriteAllBytes($file, [Text.Encoding]::Latin1.GetBytes($text.Replace($id, 'x' + $id.Substring(1))))
        Get-VteDeadLetter -WarningVariable warned -WarningAction SilentlyContinue | Should -HaveCount ($letters.Count - 1)
        "$warned" | Should -Match $id
        @(Get-VteDeadLetter -WarningVariable again -WarningAction SilentlyContinue).Count + $again.Count | Should -Be $letters.Count
    }
}
