#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Test-VteWatsSetup' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
    }
    BeforeEach { Reset-Plant $plant }
    AfterAll { Exit-Plant $plant }

    It 'walks the whole chain, and changes nothing' {
        $steps = @(Test-VteWatsSetup)
        $steps | Where-Object State -notin Passed, Warning | Should -BeNullOrEmpty
        $steps.Step | Select-Object -Unique | Should -Be 'Account', 'Configuration', 'Secret', 'Connection', 'Schema', 'Rights', 'Clock', 'WATS', 'Token', 'Operations', 'State', 'Lock', 'Disk', 'Log', 'Versions'
        @(Get-SandboxReport $plant).Count | Should -Be 0
        $plant.State | Should -Not -Exist
        $steps | Get-DefaultView | Should -Match 'Step\s+Site\s+State\s+Message'
    }

    It 'says what to do at each link that is broken' {
        $broken = New-ChangedConfiguration $plant {
            $_.sites.Oslo.connection.path = 'no-such.db'
            $_.wats.token = 'env:VTEWATS_PESTER_NO_SUCH'
        }
        $steps = @(Test-VteWatsSetup -ConfigurationPath $broken)
        ($steps | Where-Object State -eq Failed).Step | Should -Be 'Secret', 'Connection'
        ($steps | Where-Object State -eq Skipped).Step | Should -Contain 'Schema'
        ($steps | Where-Object State -eq Skipped).Step | Should -Contain 'WATS'
        $steps | Where-Object { $_.State -eq 'Failed' -and -not $_.Advice } | Should -BeNullOrEmpty
    }

    It 'ends with what is wrong with the configuration, and with a server that is not there' {
        $wrong = New-ChangedConfiguration $plant { $_.sites.Oslo.timeZone = 'Nowhere' }
        (Test-VteWatsSetup -ConfigurationPath $wrong)[-1].Step | Should -Be 'Configuration'
        $dead = New-ChangedConfiguration $plant { $_.wats.baseUrl = 'http://127.0.0.1:9' }
        (Test-VteWatsSetup -ConfigurationPath $dead | Where-Object State -eq Failed).Step | Should -Be 'WATS'
        { Test-VteWatsSetup -Site Bergen } | Should -Throw -ErrorId 'VteWats.ConfigurationInvalid*'
    }

    It 'warns of an operation that is not active, and fails where none is' {
        $some = New-ChangedConfiguration $plant { $_.sites.Oslo.mapping = @{ defaultProcessCode = 100; operations = @(@{ product = 'X*'; processCode = 120 }) } }
        (Test-VteWatsSetup -ConfigurationPath $some | Where-Object Step -eq Operations).State | Should -Be 'Warning'
        $none = New-ChangedConfiguration $plant { $_.sites.Oslo.mapping.defaultProcessCode = 120 }
        (Test-VteWatsSetup -ConfigurationPath $none | Where-Object Step -eq Operations).State | Should -Be 'Failed'
    }
}
