#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'New-VteWatsConfiguration' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive
        $given = @{ Site = 'Bergen'; TimeZone = 'Europe/Oslo'; ConnectionString = 'Server=vte;Database=VTE9_3;Encrypt=True'; BaseUrl = 'https://plant.wats.example'; DefaultProcessCode = 10 }
    }

    AfterAll { Exit-Plant $plant }

    It 'writes a file that the other cmdlets read' {
        $path = Join-Path $TestDrive 'new.json'
        (New-VteWatsConfiguration -Path $path @given).FullName | Should -Be (Resolve-Path $path).Path
        (Get-VteWatsConfiguration -ConfigurationPath $path -Site Bergen).Mapping.DefaultProcessCode | Should -Be 10
    }

    It 'refuses a secret in the connection string' {
        $path = Join-Path $TestDrive 'secret.json'
        $secret = $given.Clone()
        $secret.ConnectionString += ';Password=hunter2x'
        $failure = { New-VteWatsConfiguration -Path $path @secret } | Should -Throw -ErrorId 'VteWats.*' -PassThru
        ($failure | Format-List * -Force | Out-String) | Should -Not -Match 'hunter2x'
        $path | Should -Not -Exist
    }

    It 'writes over no file without -Force, and nothing with -WhatIf' {
        $path = Join-Path $TestDrive 'mine.json'
        New-VteWatsConfiguration -Path $path @given -WhatIf
        $path | Should -Not -Exist
        Set-Content $path 'mine'
        { New-VteWatsConfiguration -Path $path @given } | Should -Throw -ErrorId 'VteWats.FileExists*'
        Get-Content $path | Should -Be 'mine'
    }
}
