#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Test-VteWatsAlert' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive
    }
    AfterAll { Exit-Plant $plant }

    It 'says that nobody is told of anything' {
        { Test-VteWatsAlert -ErrorAction Stop } | Should -Throw -ErrorId 'VteWats.ConfigurationInvalid*'
    }

    It 'says for each channel what is wrong and what to do, and no secret' {
        Set-Content (Join-Path $plant.Folder 'hook') 'http://127.0.0.1:9/secret-of-the-plant'
        $other = New-ChangedConfiguration $plant {
            $_.alerts = @{
                mail     = @{ server = '127.0.0.1'; port = 9; from = 'a@example.com'; to = @('b@example.com') }
                webhooks = @{ ops = @{ url = 'file:hook' }; gone = @{ url = 'env:VTEWATS_PESTER_NO_SUCH' } }
            }
        }
        $trials = @(Test-VteWatsAlert -ConfigurationPath $other)
        $trials.Channel | Sort-Object | Should -Be 'mail', 'webhook gone', 'webhook ops'
        $trials.Succeeded | Should -Not -Contain $true
        $trials.Advice | Should -Not -Contain ''
        $trials | Out-String -Width 250 | Should -Match 'Channel\s+Succeeded\s+Message'
        $trials | ConvertTo-Json | Should -Not -Match 'secret-of'
    }
}
