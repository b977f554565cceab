#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Compare-VteMapping' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
        function New-Other([scriptblock] $Change) { New-ChangedConfiguration $plant $Change }
    }
    AfterAll { Exit-Plant $plant }

    It 'finds nothing where the other file says the same' {
        $result = Compare-VteMapping -Site Oslo -Against $plant.Configuration
        $result | Should -HaveCount 1
        $result.IsEqual | Should -BeTrue
        $result.Runs | Should -Be $plant.Runs
        $result.Mapping | Should -Be $result.OtherMapping
    }

    It 'tells each kind with its examples and what it means, and posts nothing' {
        $other = New-Other { $_.sites.Oslo.mapping.defaultProcessCode = 50; $_.sites.Oslo.mapping.sequences = @{ pattern = '/^([A-Z])/' } }
        $all = Compare-VteMapping -Site Oslo -Since 2000-01-01 -Against $other
        $operation = $all | Where-Object Kind -EQ Operation
        $operation.Examples[0].Before, $operation.Examples[0].After | Should -Be '100', '50'
        $operation.Reports | Should -Be ($all[-1].Runs - $all[-1].Unmappable)
        $all[-1].IsEqual | Should -BeFalse
        (Get-SandboxCount $plant).posts | Should -Be 0
    }

    It 'reads at most as many runs as are asked for' {
        (Compare-VteMapping -Site Oslo -First 7 -Against $plant.Configuration).Runs | Should -Be 7
    }

    It 'says what is wrong with the other file' {
        { Compare-VteMapping -Site Oslo -Against (Join-Path $plant.Folder 'none.json') } | Should -Throw -ErrorId 'VteWats.PathNotFound,*'
        $wrong = New-Other { $_.sites.Oslo.timeZone = 'Europe/Nowhere' }
        { Compare-VteMapping -Site Oslo -Against $wrong } | Should -Throw -ErrorId 'VteWats.ConfigurationInvalid,*'
    }

    It 'shows tables' {
        $other = New-Other { $_.sites.Oslo.mapping.defaultProcessCode = 50 }
        $all = Compare-VteMapping -Site Oslo -Against $other
        $all | Where-Object Kind | Get-DefaultView | Should -Match 'Kind\s+Reports\s+Count\s+Before\s+After\s+Meaning'
        $all[-1] | Get-DefaultView | Should -Match 'Site\s+Equal\s+Runs\s+Different\s+Unmappable'
        ($all | Where-Object Kind).Examples | Get-DefaultView | Should -Match 'Place\s+Before\s+After'
    }
}
