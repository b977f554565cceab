#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'ConvertTo-WatsReport' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive
        $runs = @(Get-VteTestRun -Site Oslo)
    }
    AfterAll { Exit-Plant $plant }

    It 'makes a report of each run, and a non-terminating error with the run as target of those it cannot' {
        $reports = @($runs | ConvertTo-WatsReport -ErrorAction SilentlyContinue -ErrorVariable unmappable)
        $reports[0].PSObject.TypeNames[0] | Should -Be ((Get-Command ConvertTo-WatsReport).OutputType.Name)
        $unmappable.Count | Should -BeGreaterThan 0
        $reports.Count + $unmappable.Count | Should -Be $runs.Count
        $unmappable | ForEach-Object FullyQualifiedErrorId | Should -BeLike 'VteWats.RunUnmappable,*'
        $unmappable.TargetObject | Should -BeIn $runs.Id
        $unmappable[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'stops at the first run it cannot make a report of with -ErrorAction Stop' {
        { $runs | ConvertTo-WatsReport -ErrorAction Stop } | Should -Throw -ErrorId 'VteWats.RunUnmappable*'
    }

    It 'refuses a run that was serialised on the way, and says why' {
        $path = Join-Path $TestDrive 'run.xml'
        $runs[0] | Export-Clixml $path
        Import-Clixml $path | ConvertTo-WatsReport -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
        $refused[0].ToString() | Should -Match "$($runs[0].Id) was serialised"
        $refused[0].ErrorDetails.RecommendedAction | Should -Match 'Get-VteTestRun -Id'
    }

    It 'lets its parameters win over the configuration' {
        $report = $runs[0] | ConvertTo-WatsReport -ProcessCode 50 -PartNumber '{Product.Type}' -Purpose Trial
        $report.ProcessCode, $report.Pn, $report.Purpose | Should -Be 50, $runs[0].Product.Type, 'Trial'
    }

    It 'shows a table' {
        $runs[0] | ConvertTo-WatsReport | Get-DefaultView | Should -Match 'Site time\s+Result\s+Serial number\s+Part number\s+Operation\s+Steps\s+Notes\s+Id'
    }
}
