#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Get-VteWatsConfiguration' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive
    }

    AfterAll { Exit-Plant $plant }

    It 'is read with its sites' {
        (Get-VteWatsConfiguration).Sites.Keys | Should -Contain 'Oslo'
    }

    It 'gives one site' {
        (Get-VteWatsConfiguration -Site Oslo).TimeZone | Should -Be 'Europe/Oslo'
    }

    It 'is refused with all findings when it holds unknown keys' {
        $broken = Join-Path $TestDrive 'broken.json'
        (Get-Content $plant.Configuration -Raw | ConvertFrom-Json -AsHashtable) + @{ colour = 'red'; sync = @{ speed = 1 } } | ConvertTo-Json -Depth 6 | Set-Content $broken
        $failure = { Get-VteWatsConfiguration -ConfigurationPath $broken } | Should -Throw -ErrorId 'VteWats.ConfigurationInvalid*' -PassThru
        $failure.ToString() | Should -Match 'colour'
        $failure.ToString() | Should -Match 'speed'
    }
}
