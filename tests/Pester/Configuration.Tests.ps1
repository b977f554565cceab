#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Configuration' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $path = New-SampleSite $TestDrive
    }

    It 'is read with its sites' {
        (Get-VteWatsConfiguration -ConfigurationPath $path).Sites.Keys | Should -Contain 'Oslo'
    }

    It 'is refused with all findings when it holds unknown keys' {
        $broken = Join-Path $TestDrive 'broken.json'
        (Get-Content $path -Raw | ConvertFrom-Json -AsHashtable) + @{ colour = 'red'; sync = @{ speed = 1 } } | ConvertTo-Json -Depth 6 | Set-Content $broken
        { Get-VteWatsConfiguration -ConfigurationPath $broken } | Should -Throw -ErrorId 'VteWats.ConfigurationInvalid*' -PassThru |
            ForEach-Object { $_.ToString() } | Should -Match 'colour[\s\S]*speed|speed[\s\S]*colour'
    }
}
