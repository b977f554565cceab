#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Get-VteWatermark' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
    }
    BeforeEach { Reset-Plant $plant }
    AfterAll { Exit-Plant $plant }

    It 'refuses to begin without a start, and says how to give one' {
        $failure = { Get-VteWatermark -Site Oslo } | Should -Throw -ErrorId 'VteWats.WatermarkMissing*' -PassThru
        $failure.ErrorDetails.RecommendedAction | Should -Match '-InitialSince'
    }

    It 'begins a line that goes on from there the next time' {
        Get-VteWatermark -Site Oslo -InitialSince 2000-01-01 | Get-VteTestRun | ConvertTo-WatsReport -ErrorAction Ignore | Send-WatsReport | Set-VteWatermark
        Get-VteWatermark -Site Oslo | Get-VteTestRun | Should -BeNullOrEmpty
        (Get-SandboxCount $plant).reports + @(Get-VteDeadLetter).Count | Should -Be $plant.Runs
    }

    It 'takes sites by name from objects, and all with a wildcard' {
        $null = Sync-Plant
        (Get-VteWatsConfiguration).Sites.Values | Select-Object @{ Name = 'Site'; Expression = 'Name' } | Get-VteWatermark | ForEach-Object Site | Should -Be 'Oslo'
        (Get-VteWatermark -Site *).RunId | Should -Be (Get-VteWatermark -Site Oslo).RunId
    }

    It 'shows tables of the place and of its changes' {
        $null = Sync-Plant
        Get-VteWatermark -Site Oslo | Get-DefaultView | Should -Match 'Site\s+Site time\s+Reads from\s+Known\s+Last change'
        Get-VteWatermark -Site Oslo -History | Get-DefaultView | Should -Match 'When\s+Who\s+From\s+To\s+Why'
    }

    It 'stops at a damaged file and names it' {
        $null = Sync-Plant
        $file = (Get-VteWatermark -Site Oslo).Path
        Set-Content $file '{ "half'
        $failure = { Get-VteWatermark -Site Oslo } | Should -Throw -ErrorId 'VteWats.StateUnreadable*' -PassThru
        $failure.ToString() | Should -Match ([regex]::Escape((Split-Path $file -Leaf)))
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        Get-Content $file | Should -Be '{ "half'
    }
}
