#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'ConvertTo-WatsReport' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive
    }

    AfterAll { Exit-Plant $plant }

    It 'makes reports of runs and tells which it cannot' {
        $runs = @(Get-VteTestRun -Site Oslo)
        $reports = @($runs | ConvertTo-WatsReport -ErrorVariable unmappable -ErrorAction SilentlyContinue)
        $reports.Count + @($unmappable).Count | Should -Be 100
        $unmappable | ForEach-Object { $_.FullyQualifiedErrorId } | Should -BeLike 'VteWats.RunUnmappable*'
        $unmappable[0].TargetObject | Should -BeIn $runs.Id
    }

    It 'stops at the first one with -ErrorAction Stop' {
        { Get-VteTestRun -Site Oslo | ConvertTo-WatsReport -ErrorAction Stop } | Should -Throw -ErrorId 'VteWats.RunUnmappable*'
    }

    It 'keeps the id of the run' {
        $run = Get-VteTestRun -Site Oslo -Result Passed -First 1
        ($run | ConvertTo-WatsReport).Id | Should -Be $run.Id
    }

    It 'takes the operation from its parameter' {
        (Get-VteTestRun -Site Oslo -Result Passed -First 1 | ConvertTo-WatsReport -ProcessCode 50).ProcessCode | Should -Be 50
    }
}
